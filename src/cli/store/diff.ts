import type { ResultCode } from "../../report/exit-code.ts";
import { changeSummary, diffDocument, diffRecord } from "../../report/store/diff-record.ts";
import { diffText, heldTitle } from "../../report/store/diff-text.ts";
import { storeErrorRecord } from "../../report/store/record.ts";
import { storeJunit, storeMarkdown, storeNagios } from "../../report/store/result-formats.ts";
import type { StoreResult } from "../../report/store/result.ts";
import { compareStores, type StoreChange } from "../../truststore/compare-stores.ts";
import type { StoreError, StoreFile } from "../../truststore/truststore.ts";
import type { ResultFormat } from "../common-options.ts";
import { paintFor, write } from "../output.ts";
import { complainAboutStore, passwordOf, readLocation } from "./open-store.ts";
import type { DiffOptions } from "./options.ts";

/**
 * Compares two stores and prints what differs; resolves to the exit code: 0 without difference, 1 with, 3 when one
 * cannot be read or its integrity is wrong.
 * @throws {UsageError} when a password cannot be had
 */
export async function diffStores(
  before: string,
  after: string,
  { format = "text", password: spec, otherPassword }: DiffOptions,
): Promise<ResultCode> {
  const password = await passwordOf(spec);
  const other =
    otherPassword === undefined ? password : await passwordOf(otherPassword, "--other-password");
  const [first, second] = await Promise.all([
    readLocation(before, password, false),
    readLocation(after, other, false),
  ]);
  const title = `${before} -> ${after}`;
  if (!first.ok || !second.ok) {
    for (const read of [first, second]) if (!read.ok) await failure(read.error, title, format);
    return 3;
  }
  const wrong = [first.value, second.value].some(({ integrity }) => integrity === "wrong");
  const { changes } = compareStores(first.value, second.value);
  const code: ResultCode = wrong ? 3 : changes.length > 0 ? 1 : 0;
  await write(process.stdout, textOf(first.value, second.value, { title, code, format }));
  return code;
}

interface Report {
  readonly title: string;
  readonly code: ResultCode;
  readonly format: ResultFormat;
}

function textOf(before: StoreFile, after: StoreFile, { title, code, format }: Report): string {
  const comparison = compareStores(before, after);
  switch (format) {
    case "text":
      return diffText(before, after, comparison, paintFor(process.stdout));
    case "json":
      return `${JSON.stringify(diffDocument(before, after, comparison, code), null, 2)}\n`;
    case "ndjson":
      return comparison.changes.map((change) => `${JSON.stringify(diffRecord(change))}\n`).join("");
    default:
      return rendered({ title, code, items: comparison.changes.map(itemOf) }, format);
  }
}

function rendered(result: StoreResult, format: "junit" | "nagios" | "markdown"): string {
  const about = { command: "store diff", service: "STORE", unit: "store", at: Date.now() };
  switch (format) {
    case "junit":
      return storeJunit([result], about);
    case "nagios":
      return storeNagios([result], about);
    case "markdown":
      return storeMarkdown([result], about);
  }
}

function itemOf(change: StoreChange): StoreResult["items"][number] {
  const held = change.kind === "removed" ? change.before : change.after;
  return {
    code: change.kind,
    severity: "warning",
    summary: `${heldTitle(held)}: ${changeSummary(change)}`,
    remedy: [],
  };
}

async function failure(error: StoreError, title: string, format: ResultFormat): Promise<void> {
  switch (format) {
    case "text":
      complainAboutStore(error);
      return;
    case "json":
    case "ndjson":
      await write(process.stdout, `${JSON.stringify(storeErrorRecord(error))}\n`);
      return;
    default:
      await write(
        process.stdout,
        rendered(
          {
            title,
            code: 3,
            items: [
              {
                code: "truststore.unreadable",
                severity: "critical",
                summary: error.message,
                remedy: error.remedy,
              },
            ],
          },
          format,
        ),
      );
  }
}
