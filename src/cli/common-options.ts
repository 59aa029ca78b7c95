import { InvalidArgumentError } from "commander";
import { suggest } from "../estate/suggest.ts";
import { parseTarget } from "../probe/target.ts";
import { PROFILE_NAMES } from "../trust/profile-names.ts";
import type { NameCheck } from "../trust/verdict.ts";
import { parseInstant } from "./instant.ts";
import { type ProfileChoice, readProfileChoice } from "./profile-choice.ts";

/** Formats of every command that reports. */
export const FORMATS = ["text", "json", "ndjson"] as const;

/** An output format of every command that reports. */
export type Format = (typeof FORMATS)[number];

/** Formats of results for other programs, too. */
export const RESULT_FORMATS = [...FORMATS, "junit", "nagios", "markdown"] as const;

/** An output format for results. */
export type ResultFormat = (typeof RESULT_FORMATS)[number];

/** Formats of the results of handshakes. */
export const CHECK_FORMATS = [...RESULT_FORMATS, "html", "prometheus"] as const;

/** An output format for the results of handshakes. */
export type CheckFormat = (typeof CHECK_FORMATS)[number];

/** Where a password is kept, as options take it. */
export const PASSWORD_SPEC = "env:NAME, file:PATH, stash:PATH or prompt";

/** Reads the name of a file: an empty one comes from a variable that is not set. */
export function parseFile(value: string): string {
  if (value === "") throw new InvalidArgumentError("Name a file");
  return value;
}

/** Reads `--truststore`, which may be given several times. */
export function parseTruststores(
  value: string,
  previous: readonly string[] | undefined,
): readonly string[] {
  if (value.split(",").every((path) => path === ""))
    throw new InvalidArgumentError("Name a file, or several joined by commas");
  return [...(previous ?? []), value];
}

/** Reads `--as`, which may be given several times. */
export function parseProfiles(
  value: string,
  previous: readonly ProfileChoice[] | undefined,
): readonly ProfileChoice[] {
  const choice = readProfileChoice(value);
  if (choice === null)
    throw new InvalidArgumentError(
      `${unknown(value, PROFILE_NAMES)}, and PROFILE+java-security:FILE for a JVM's own settings`,
    );
  return [...(previous ?? []), choice];
}

/** Reads `--format` of commands that know the three basic ones. */
export function parseFormat(value: string): Format {
  const format = FORMATS.find((each) => each === value);
  if (format === undefined) throw new InvalidArgumentError(unknown(value, FORMATS));
  return format;
}

/** Reads `--format` of commands that report on stores. */
export function parseResultFormat(value: string): ResultFormat {
  const format = RESULT_FORMATS.find((each) => each === value);
  if (format === undefined) throw new InvalidArgumentError(unknown(value, RESULT_FORMATS));
  return format;
}

/** Reads `--format` of commands that report on handshakes. */
export function parseCheckFormat(value: string): CheckFormat {
  const format = CHECK_FORMATS.find((each) => each === value);
  if (format === undefined) throw new InvalidArgumentError(unknown(value, CHECK_FORMATS));
  return format;
}

/** Reads `--name-check`. */
export function parseNameCheck(value: string): NameCheck {
  if (value === "https" || value === "ldaps" || value === "none") return value;
  throw new InvalidArgumentError(unknown(value, ["https", "ldaps", "none"]));
}

function unknown(value: string, known: readonly string[]): string {
  const close = suggest(value, known);
  const hint = close === null ? "" : ` (did you mean ${close}?)`;
  return `This version knows ${known.join(", ")}${hint}`;
}

/** Reads `--at` as milliseconds since 1970. */
export function parseTime(value: string): number {
  const time = parseInstant(value);
  if (time === null)
    throw new InvalidArgumentError("Use an RFC 3339 time such as 2027-01-31T12:00:00Z");
  return time;
}

/** Reads `--timeout` in seconds as milliseconds. */
export function parseTimeout(value: string): number {
  const seconds = value.trim() === "" ? Number.NaN : Number(value);
  if (!Number.isFinite(seconds) || seconds < 0.001 || seconds > 3600)
    throw new InvalidArgumentError("Use a number of seconds from 0.001 to 3600");
  return Math.round(seconds * 1000);
}

/** Reads `--concurrency`. */
export function parseConcurrency(value: string): number {
  const count = /^\d+$/.test(value) ? Number(value) : 0;
  if (count < 1 || count > 1024)
    throw new InvalidArgumentError("Use a whole number from 1 to 1024");
  return count;
}

/** Reads `--servername`: a host name, as A-labels, or an address, which is checked but not sent. */
export function parseServerName(value: string): string {
  const read = /[:/]/.test(value) ? null : parseTarget(value);
  const address = read === null ? parseTarget(`[${value}]`) : read;
  if (!address.ok) throw new InvalidArgumentError("Use a host name or an IP address");
  return address.value.host;
}
