import { hash } from "node:crypto";
import { timeText } from "../../report/time-text.ts";
import type { ResultCode } from "../../report/exit-code.ts";
import type { StoreWriteRecord, WrittenCertificate } from "../../report/store/write-record.ts";
import { writeText } from "../../report/store/write-text.ts";
import { parseCertificate } from "../../x509/certificate.ts";
import type { Format } from "../common-options.ts";
import { paintFor, write } from "../output.ts";

/** Something that the operator should know. */
export interface Note {
  readonly message: string;
  /** Whether it makes the command end with 1. */
  readonly isWarning: boolean;
}

/** Why a store is not written, and what to do instead. */
export interface Refusal {
  readonly message: string;
  readonly remedy: readonly string[];
}

/** What a command did, before it is printed. */
export type WriteOutcome = Omit<StoreWriteRecord, "exitCode" | "notes"> & {
  readonly notes: readonly Note[];
};

/** Prints what a command did; resolves to its exit code: 2 when refused, 1 with warnings, else 0. */
export async function reportOutcome(
  { notes, ...outcome }: WriteOutcome,
  format: Format,
): Promise<ResultCode> {
  const exitCode =
    outcome.refusals.length > 0 ? 2 : notes.some(({ isWarning }) => isWarning) ? 1 : 0;
  const record: StoreWriteRecord = {
    ...outcome,
    notes: notes.map(({ message }) => message),
    exitCode,
  };
  switch (format) {
    case "text":
      await write(process.stdout, writeText(record, paintFor(process.stdout)));
      break;
    case "json":
      await write(process.stdout, `${JSON.stringify(record, null, 2)}\n`);
      break;
    case "ndjson":
      await write(process.stdout, `${JSON.stringify(record)}\n`);
      break;
  }
  return exitCode;
}

/** A certificate for the record. */
export function writtenCertificate(alias: string | null, der: Uint8Array): WrittenCertificate {
  const parsed = parseCertificate(der);
  return {
    alias,
    subject: parsed.ok ? parsed.value.subject.text : null,
    sha256: parsed.ok ? parsed.value.sha256 : hash("sha256", der, "hex"),
    notAfter: parsed.ok ? timeText(parsed.value.notAfter) : null,
  };
}
