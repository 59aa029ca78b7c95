import type { AnomalyCode } from "./anomaly.ts";
import type { DerReader } from "./der.ts";

/** Notes one anomaly at the offset of its element. */
export type Note = (code: AnomalyCode, offset: number) => void;

/** Notes octets that nobody reads at the end of a structure. */
export function checkEnd(reader: DerReader, note: Note): void {
  if (!reader.done) note("trailing-bytes", reader.offset);
}
