import type { ImportBuilder } from "../import-builder.ts";
import type { ImportIssue } from "../model.ts";
import type { Place } from "../origin.ts";
import type { SourceReader } from "../source-reader.ts";
import type { XmlElement } from "./element.ts";
import { parseXml } from "./parse-xml.ts";

/** What becomes of a file that is not what it should be. */
export interface UnreadableXml {
  /** @default "warning" */
  readonly severity?: ImportIssue["severity"];
  /** Where the file is named. @default nowhere */
  readonly place?: Place | null;
  /** @default the line is to be corrected */
  readonly remedy?: string;
}

/** Reads an XML file of an import; null, with an issue that says why, where that cannot be done. */
export async function readXml(
  file: string,
  { reader, builder }: { readonly reader: SourceReader; readonly builder: ImportBuilder },
  { severity = "warning", place = null, remedy }: UnreadableXml = {},
): Promise<XmlElement | null> {
  const source = await reader.read(file);
  if (!source.ok) {
    builder.unreadable(source.error, place);
    return null;
  }
  const root = parseXml(source.value);
  if (root.ok) return root.value;
  builder.issue({
    code: "estate.file-unreadable",
    severity,
    summary: `${file} is passed over: ${root.error.message}`,
    place: root.error.place,
    remedy: [remedy ?? `Correct line ${root.error.place.line} of ${file}`],
  });
  return null;
}
