import { createReadStream } from "node:fs";
import type { Endpoint } from "../probe/handshake.ts";
import { parseTarget, type TargetError } from "../probe/target.ts";
import type { Result } from "../x509/result.ts";
import { readLines } from "./lines.ts";
import { UsageError } from "./usage-error.ts";

/** One target as written, and what it was read as. */
export interface Target {
  /** As written, without credentials. */
  readonly text: string;
  /** `file:line` for targets that come from a list. */
  readonly origin: string | null;
  readonly endpoint: Result<Endpoint, TargetError>;
}

/** Longest line of a list, in bytes. */
const LINE_LIMIT = 4096;

/** Reads the targets of the command line. @throws {UsageError} that names every one that is none */
export function readTargets(texts: readonly string[]): readonly Target[] {
  const targets = texts.map((text) => readTarget(text, null));
  const mistakes = targets.flatMap(({ text, endpoint }) =>
    endpoint.ok ? [] : [`Target ${JSON.stringify(text)}: ${endpoint.error.message}`],
  );
  if (mistakes.length > 0) throw new UsageError(mistakes.join("\n"));
  return targets;
}

/**
 * The targets of a list, one a line; empty lines and those that begin with # are left out. Lines that are no target
 * come as failures, so that none is lost.
 * @param file path, or - for standard input
 * @throws {UsageError} when it cannot be read
 */
export async function* listedTargets(file: string): AsyncGenerator<Target, void, undefined> {
  const source: AsyncIterable<Uint8Array> = file === "-" ? process.stdin : createReadStream(file);
  const name = file === "-" ? "standard input" : file;
  try {
    for await (const line of readLines(source, LINE_LIMIT)) {
      const origin = `${name}:${line.number}`;
      if (line.kind === "too-long") {
        yield tooLong(origin);
        continue;
      }
      const text = line.text.trim();
      if (text !== "" && !text.startsWith("#")) yield readTarget(text, origin);
    }
  } catch (error) {
    if (error instanceof Error && "code" in error)
      throw new UsageError(`--targets: ${name} cannot be read (${String(error.code)})`);
    throw error;
  }
}

function readTarget(text: string, origin: string | null): Target {
  return { text: withoutCredentials(text), origin, endpoint: parseTarget(text) };
}

function tooLong(origin: string): Target {
  const message = `Target is longer than ${LINE_LIMIT} bytes`;
  return {
    text: "(too long)",
    origin,
    endpoint: { ok: false, error: { code: "too-long", message } },
  };
}

/** What stands before the last @ of the authority may hold a password. */
function withoutCredentials(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^/?#]*@/i, "$1…@");
}
