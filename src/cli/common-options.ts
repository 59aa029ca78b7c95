import { InvalidArgumentError } from "commander";
import { isProfileName, PROFILE_NAMES, type ProfileName } from "../trust/profile-names.ts";
import type { NameCheck } from "../trust/verdict.ts";

/** Output formats of this version. */
export const FORMATS = ["text", "json", "ndjson"] as const;

/** An output format. */
export type Format = (typeof FORMATS)[number];

/** Collects a repeatable option. */
export function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

/** Reads `--as`, which may be given several times. */
export function parseProfiles(
  value: string,
  previous: readonly ProfileName[] | undefined,
): readonly ProfileName[] {
  if (!isProfileName(value))
    throw new InvalidArgumentError(`Known profiles are ${PROFILE_NAMES.join(", ")}`);
  return [...(previous ?? []), value];
}

/** Reads `--format`. */
export function parseFormat(value: string): Format {
  const format = FORMATS.find((each) => each === value);
  if (format === undefined)
    throw new InvalidArgumentError(`This version writes ${FORMATS.join(", ")}`);
  return format;
}

/** Reads `--name-check`. */
export function parseNameCheck(value: string): NameCheck {
  if (value === "https" || value === "ldaps" || value === "none") return value;
  throw new InvalidArgumentError("Use https, ldaps or none");
}

/** Reads `--at` as milliseconds since 1970. */
export function parseTime(value: string): number {
  const time = /^\d{4}-\d{2}-\d{2}/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time))
    throw new InvalidArgumentError("Use an RFC 3339 time such as 2027-01-31T12:00:00Z");
  return time;
}

/** Reads `--timeout` in seconds as milliseconds. */
export function parseTimeout(value: string): number {
  const seconds = Number(value);
  if (!Number.isFinite(seconds) || seconds <= 0 || seconds > 3600)
    throw new InvalidArgumentError("Use a number of seconds above 0, at most 3600");
  return Math.round(seconds * 1000);
}

/** Reads `--concurrency`. */
export function parseConcurrency(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1 || count > 1024)
    throw new InvalidArgumentError("Use a whole number from 1 to 1024");
  return count;
}
