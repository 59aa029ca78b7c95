import { hash } from "node:crypto";
import { fail, ok, type Result } from "../x509/result.ts";
import { foldAlias } from "./aliases.ts";
import type { StoreEntry } from "./truststore.ts";

/** Why a selector names no entry, or too many. */
export interface SelectError {
  readonly code: "no-entry" | "several-certificates";
  readonly message: string;
}

/** Fewest hexadecimal digits of a fingerprint that stand for a whole one. */
const MIN_FINGERPRINT = 8;

/**
 * The entries that a user means: by `#N` (counted from 1), by alias as written, by alias whatever its case, by the
 * SHA-256 or SHA-1 fingerprint or the first eight or more digits of one, with or without colons, or by `N`.
 * Several entries are one answer when they hold the same certificate or are the chain of one key.
 */
export function selectEntries(
  entries: readonly StoreEntry[],
  selector: string,
): Result<readonly StoreEntry[], SelectError> {
  const numbered = /^#([1-9]\d{0,8})$/.exec(selector)?.[1];
  const found =
    numbered === undefined ? byName(entries, selector) : byNumber(entries, Number(numbered));
  if (found.length === 0)
    return fail({
      code: "no-entry",
      message: `No entry is called '${shown(selector)}'; give an alias, a fingerprint, or the number of the list as #N`,
    });
  const certificates = new Set(found.map(({ sha256 }) => sha256));
  const isChain = found.every(
    ({ kind, alias }) => kind.kind === "key" && alias === found[0]?.alias,
  );
  if (certificates.size > 1 && !isChain)
    return fail({
      code: "several-certificates",
      message: `'${shown(selector)}' stands for ${certificates.size} different certificates: ${found
        .slice(0, 10)
        .map(({ index }) => `#${index + 1}`)
        .join(", ")}`,
    });
  return ok(found);
}

function byName(entries: readonly StoreEntry[], selector: string): readonly StoreEntry[] {
  const exact = entries.filter(({ alias }) => alias === selector);
  if (exact.length > 0) return exact;
  const folded = foldAlias(selector);
  const same = entries.filter(({ alias }) => alias !== null && foldAlias(alias) === folded);
  if (same.length > 0) return same;
  const digits = selector.replaceAll(":", "").toLowerCase();
  if (/^[0-9a-f]+$/.test(digits) && digits.length >= MIN_FINGERPRINT) {
    const fitting = entries.filter(
      ({ sha256, der }) => sha256.startsWith(digits) || hash("sha1", der, "hex").startsWith(digits),
    );
    if (fitting.length > 0) return fitting;
  }
  return /^[1-9]\d{0,8}$/.test(selector) ? byNumber(entries, Number(selector)) : [];
}

function byNumber(entries: readonly StoreEntry[], number: number): readonly StoreEntry[] {
  return entries.filter(({ index }) => index === number - 1);
}

function shown(selector: string): string {
  return selector.length > 100 ? `${selector.slice(0, 100)}…` : selector;
}
