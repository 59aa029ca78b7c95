import { makeFinding } from "../../diagnosis/make-finding.ts";
import { lintStore } from "../../diagnosis/lint/lint-store.ts";
import type { Thresholds } from "../../diagnosis/assessment.ts";
import type { FindingCode } from "../../diagnosis/finding-codes.ts";
import type { Finding } from "../../diagnosis/finding.ts";
import { thresholdMilliseconds } from "../../estate/duration.ts";
import { exitCodeOfFindings, type ResultCode } from "../../report/exit-code.ts";
import { lintRecord } from "../../report/store/lint-record.ts";
import { lintText } from "../../report/store/lint-text.ts";
import { storeJunit, storeMarkdown, storeNagios } from "../../report/store/result-formats.ts";
import { type StoreResult, worstCode } from "../../report/store/result.ts";
import { isKnownPassword, openWithKnownPassword } from "../../truststore/known-passwords.ts";
import { readBytes } from "../../truststore/load.ts";
import type { StoreError, StoreFile } from "../../truststore/truststore.ts";
import type { Result } from "../../x509/result.ts";
import { paintFor, write } from "../output.ts";
import { DEFAULT_THRESHOLDS } from "../thresholds.ts";
import { passwordOf, readLocation } from "./open-store.ts";
import type { LintOptions } from "./options.ts";

/**
 * Looks stores over for what an administrator should change, and prints it; resolves to the exit code: 1 with
 * warnings, 2 with problems, 3 where a store cannot be read.
 * @throws {UsageError} when the password cannot be had
 */
export async function lintStores(
  paths: readonly string[],
  options: LintOptions,
): Promise<ResultCode> {
  const { format = "text", at = Date.now() } = options;
  const password = await passwordOf(options.password);
  const results: StoreResult[] = [];
  for (const path of paths) {
    const result = await lintFile(path, password, options, at);
    results.push(result);
    if (format === "text") {
      const separator = results.length > 1 ? "\n" : "";
      await write(process.stdout, separator + lintText(result, paintFor(process.stdout)));
    }
    if (format === "ndjson") await write(process.stdout, `${JSON.stringify(lintRecord(result))}\n`);
  }
  const exitCode = worstCode(results);
  const about = { command: "store lint", service: "STORE", unit: "store", at };
  switch (format) {
    case "text":
    case "ndjson":
      break;
    case "json": {
      const document = { results: results.map(lintRecord), exitCode };
      await write(process.stdout, `${JSON.stringify(document, null, 2)}\n`);
      break;
    }
    case "junit":
      await write(process.stdout, storeJunit(results, about));
      break;
    case "nagios":
      await write(process.stdout, storeNagios(results, about));
      break;
    case "markdown":
      await write(process.stdout, storeMarkdown(results, about));
      break;
  }
  return exitCode;
}

/** What there is to say about one file. A password that everybody knows is tried where none was given. */
async function lintFile(
  path: string,
  password: string | null,
  options: LintOptions,
  at: number,
): Promise<StoreResult> {
  const loaded = await readLocation(path, password);
  const opened = password === null ? await tryKnownPasswords(loaded) : null;
  const file = opened ?? (loaded.ok ? loaded.value : null);
  if (file === null)
    return { title: path, code: 3, items: loaded.ok ? [] : [unreadable(path, loaded.error)] };
  const findings = lintStore({
    file,
    at,
    thresholds: (lifetime) => thresholdsOf(options, lifetime),
    opensWithKnownPassword:
      opened !== null ||
      (password !== null && isKnownPassword(password) && file.integrity === "ok"),
  });
  const code = file.integrity === "wrong" ? 3 : exitCodeOfFindings(findings);
  return { title: path, code, items: findings };
}

/** The store as a password that everybody knows opens it; null where none does, or there is nothing to open. */
async function tryKnownPasswords(loaded: Result<StoreFile, StoreError>): Promise<StoreFile | null> {
  const isLocked = loaded.ok
    ? loaded.value.integrity === "unchecked" && loaded.value.flavour.mac !== null
    : loaded.error.code === "password-required";
  const path = loaded.ok ? loaded.value.path : loaded.error.path;
  if (!isLocked || path === null) return null;
  const bytes = await readBytes(path);
  const opened = bytes.ok ? await openWithKnownPassword(bytes.value) : null;
  return opened === null ? null : { ...opened, path };
}

function thresholdsOf({ warning, critical }: LintOptions, lifetime: number): Thresholds {
  return {
    warning:
      warning === undefined ? DEFAULT_THRESHOLDS.warning : thresholdMilliseconds(warning, lifetime),
    critical:
      critical === undefined
        ? DEFAULT_THRESHOLDS.critical
        : thresholdMilliseconds(critical, lifetime),
  };
}

const CODES: Partial<Record<StoreError["code"], FindingCode>> = {
  "not-found": "truststore.not-found",
  "wrong-password": "truststore.wrong-password",
  "password-required": "truststore.wrong-password",
};

function unreadable(path: string, error: StoreError): Finding {
  return makeFinding(CODES[error.code] ?? "truststore.unreadable", {
    severity: "critical",
    summary: error.message,
    remedy: error.remedy,
    truststore: path,
    clientMessage: error.javaMessage,
  });
}
