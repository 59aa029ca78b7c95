import { printable } from "../../diagnosis/words.ts";
import { SCREEN_WIDTH } from "../columns.ts";
import { isCommand } from "../commands.ts";
import { onScreen } from "../on-screen.ts";
import type { Paint } from "../paint.ts";
import { wrap } from "../wrap.ts";
import { pairs } from "./extension-text.ts";
import type { StoreWriteRecord, WrittenCertificate } from "./write-record.ts";

const DONE: Readonly<Record<StoreWriteRecord["command"], string>> = {
  add: "added",
  remove: "removed",
  convert: "written",
};

/** What a command that writes did, for people; 80 columns wide, commands aside. */
export function writeText(record: StoreWriteRecord, paint: Paint): string {
  const { written, backup, certificates, notes, refusals } = record;
  const lines = [
    ...certificates.flatMap((certificate) => certificateLines(certificate, record, paint)),
    ...notes.flatMap((note) => stepLines(note, "! ", paint)),
    ...refusals.flatMap(({ message, remedy }) => [
      ...wrap(onScreen(message), "✗ ", SCREEN_WIDTH).map((line) => paint("red", line)),
      ...remedy.flatMap((step) => stepLines(step, "  ", paint)),
    ]),
    ...(written === null
      ? [paint("dim", "Nothing was written")]
      : [`${paint("green", "✓")} ${printable(written)}`]),
    ...(backup === null ? [] : [`  the old file is ${printable(backup)}`]),
  ];
  return `${lines.join("\n")}\n`;
}

function stepLines(text: string, lead: string, paint: Paint): readonly string[] {
  const shown = onScreen(text);
  return isCommand(shown) ? [`${lead}${paint("cyan", shown)}`] : wrap(shown, lead, SCREEN_WIDTH);
}

function certificateLines(
  { alias, subject, sha256, notAfter }: WrittenCertificate,
  { command, written, refusals }: StoreWriteRecord,
  paint: Paint,
): readonly string[] {
  const fingerprint = pairs(sha256).match(/.{1,48}/g) ?? [];
  const name = alias === null ? "" : `${printable(alias)}  `;
  const done = `${refusals.length > 0 ? "not " : written === null ? "to be " : ""}${DONE[command]}`;
  const title = wrap(onScreen(`${done}  ${name}${subject ?? ""}`), "", SCREEN_WIDTH);
  if (command === "convert") return title;
  return [
    ...title.map((line) => paint("bold", line)),
    ...(notAfter === null ? [] : [`  valid until ${notAfter}`]),
    ...fingerprint.map((part, index) => `${index === 0 ? "  SHA-256 " : "          "}${part}`),
  ];
}
