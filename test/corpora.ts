import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import type { Test } from "tap";

const SHARED = new URL("../../shared/", import.meta.url);

/** One validation case of the corpora (x509-limbo's schema, the fields that tests use). */
export interface CorpusCase {
  readonly id: string;
  /** The opinion of the suite, not of any client. */
  readonly expected_result: "SUCCESS" | "FAILURE";
  readonly validation_kind: "SERVER" | "CLIENT";
  readonly validation_time: string | null;
  readonly trusted_certs: readonly string[];
  readonly untrusted_intermediates: readonly string[];
  readonly peer_certificate: string;
  readonly peer_certificate_key: string | null;
  readonly expected_peer_name: { readonly kind: string; readonly value: string } | null;
  readonly max_chain_depth: number | null;
  /** Revocation lists, PEM. */
  readonly crls?: readonly string[] | null;
}

/** The recorded answer of a real validator. */
export interface GoldenAnswer {
  readonly actual: "SUCCESS" | "FAILURE";
  readonly message: string;
}

/** Moment at which the scenarios were judged; their certificates end soon after. */
export const SCENARIO_TIME = Date.parse("2026-11-21T03:35:00Z");

/** Path of a file beside the checkout; undefined where it is not. */
export function findShared(path: string): string | undefined {
  const file = fileURLToPath(new URL(path, SHARED));
  return existsSync(file) ? file : undefined;
}

/** Path of a file beside the checkout; the test is skipped with a visible reason where it is not. */
export function requireShared(t: Test, path: string): string | undefined {
  const file = findShared(path);
  if (file !== undefined) return file;
  t.plan(0, `../shared/${path} is not beside this checkout`);
  return undefined;
}

/** The cases of a corpus file, packed or not. */
export function readCases(file: string): readonly CorpusCase[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return (JSON.parse(text) as { testcases: readonly CorpusCase[] }).testcases;
}

/** Recorded answers by case id; cases that were not judged are left out. */
export function readGolden(file: string): ReadonlyMap<string, GoldenAnswer> {
  const lines = gunzipSync(readFileSync(file)).toString("utf8").trimEnd().split("\n");
  return new Map(
    lines.flatMap((line): readonly (readonly [string, GoldenAnswer])[] => {
      const fields = line.split("\t");
      const short = fields[2] !== "SUCCESS" && fields[2] !== "FAILURE" && fields[2] !== "SKIPPED";
      const [actual, message] = short ? [fields[1], fields[2]] : [fields[2], fields[3]];
      const id = fields[0] ?? "";
      return actual === "SUCCESS" || actual === "FAILURE"
        ? [[id, { actual, message: message ?? "" }]]
        : [];
    }),
  );
}
