import { latin1 } from "../x509/der-values.ts";
import { type PemBlock, readPemBlocks } from "../x509/pem.ts";
import { readSignedData } from "./signed-data.ts";
import { EditFault, type StoreEdit } from "./store-edit.ts";
import { decodeText } from "./text-encoding.ts";
import { isOwnComment, pemEntry } from "./write-pem.ts";

const CERTIFICATE_LABELS: ReadonlySet<string> = new Set([
  "CERTIFICATE",
  "X509 CERTIFICATE",
  "TRUSTED CERTIFICATE",
]);
const SIGNED_DATA_LABELS: ReadonlySet<string> = new Set(["PKCS7", "CMS"]);

/** Where a block lies in the text. */
interface BlockSpan {
  readonly block: PemBlock;
  readonly start: number;
  /** Behind the line break that ends the block. */
  readonly end: number;
}

/**
 * A PEM file with certificates added at its end and left out. Everything else, comments and private keys included,
 * keeps its octets; with a certificate goes the comment that this program wrote above it.
 * @throws {EditFault}
 */
export function editPem(bytes: Uint8Array, { add, remove }: StoreEdit): Uint8Array {
  const { encoding } = decodeText(bytes);
  if (encoding.startsWith("UTF-16"))
    throw new EditFault(
      "format-fixed",
      `The file is ${encoding} text, which only few programs read as PEM`,
    );
  // One character an octet, so that nothing but the blocks concerned can change
  const text = latin1(bytes);
  let index = 0;
  let result = "";
  let at = 0;
  for (const { block, start, end } of spansOf(text)) {
    const count = certificatesIn(block);
    const concerned = Array.from({ length: count }, (_, i) => remove.has(index + i));
    index += count;
    if (!concerned.includes(true)) continue;
    if (concerned.includes(false))
      throw new EditFault(
        "part-of-another",
        `The ${block.label} block of line ${block.line} holds other certificates, too`,
      );
    result += withoutOwnComment(text.slice(at, start));
    at = end;
  }
  result += text.slice(at);
  const added = add.map((entry) => `\n${pemEntry(entry)}`).join("");
  const body = added !== "" && result !== "" && !/[\r\n]$/.test(result) ? `${result}\n` : result;
  return Buffer.concat([
    Buffer.from(body, "latin1"),
    Buffer.from(body === "" ? added.replace(/^\n/, "") : added, "utf8"),
  ]);
}

function spansOf(text: string): readonly BlockSpan[] {
  const blocks = readPemBlocks(text);
  if (!blocks.ok) return [];
  let at = 0;
  return blocks.value.map((block) => {
    const start = text.indexOf(`-----BEGIN ${block.label}-----`, at);
    const marker = `-----END ${block.label}-----`;
    const end = text.indexOf(marker, start) + marker.length;
    at = end;
    const lineBreak = /^[ \t]*(?:\r\n|\n|\r)/.exec(text.slice(end, end + 100));
    return { block, start, end: end + (lineBreak?.[0].length ?? 0) };
  });
}

function certificatesIn({ label, der }: PemBlock): number {
  if (CERTIFICATE_LABELS.has(label)) return 1;
  return SIGNED_DATA_LABELS.has(label) ? readSignedData(der).certificates.length : 0;
}

/** Drops the comment lines of `pemEntry` at the end of a text, and the empty line above them. */
function withoutOwnComment(text: string): string {
  const lines = text.split("\n");
  if (lines.at(-1) !== "") return text;
  let count = lines.length - 1;
  while (count > 0 && isOwnComment(lines[count - 1] ?? "")) count--;
  if (count === lines.length - 1) return text;
  if (count > 0 && lines[count - 1] === "") count--;
  return count === 0 ? "" : `${lines.slice(0, count).join("\n")}\n`;
}
