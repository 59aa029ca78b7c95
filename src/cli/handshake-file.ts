import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { handshakeFromJson, handshakeToJson } from "../probe/handshake-json.ts";
import type { Handshake } from "../probe/handshake.ts";
import { InputError } from "./input-error.ts";
import { readLines } from "./lines.ts";
import { UsageError } from "./usage-error.ts";

/** A file that takes handshakes, one line of JSON each. */
export interface HandshakeFile {
  readonly add: (handshakes: readonly Handshake[]) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Longest line, in bytes: many times the largest handshake that the probe records. */
const LINE_LIMIT = 32 * 1024 * 1024;

/** Creates, or empties, the file of `check --save`. Every step throws a UsageError where it cannot be written. */
export async function createHandshakeFile(path: string): Promise<HandshakeFile> {
  const file = await open(path, "w").catch((error: unknown) => refuse(path, error));
  return {
    add: async (handshakes) => {
      for (const handshake of handshakes)
        await file
          .write(`${JSON.stringify(handshakeToJson(handshake))}\n`)
          .catch((error: unknown) => refuse(path, error));
    },
    close: () => file.close(),
  };
}

function refuse(path: string, error: unknown): never {
  throw new UsageError(`--save: ${path} cannot be written (${reasonOf(error)})`);
}

/**
 * The handshakes that `check --save` wrote, in constant memory.
 * @param option how messages call the option that named the file
 * @throws {InputError} that names the file and line
 */
export async function* readHandshakeFile(
  path: string,
  option = "--handshake",
): AsyncGenerator<Handshake, void, undefined> {
  let count = 0;
  try {
    for await (const line of readLines(createReadStream(path), LINE_LIMIT)) {
      const place = `${path}:${line.number}`;
      if (line.kind === "too-long")
        throw new InputError(`${option}: ${place} is longer than ${LINE_LIMIT / 2 ** 20} MiB`);
      if (line.text.trim() === "") continue;
      count++;
      yield readLine(line.text, place, option);
    }
  } catch (error) {
    if (error instanceof InputError || !(error instanceof Error) || !("code" in error)) throw error;
    throw new InputError(`${option}: ${path} cannot be read (${reasonOf(error)})`);
  }
  if (count === 0) throw new InputError(`${option}: ${path} holds no handshake`);
}

function readLine(line: string, place: string, option: string): Handshake {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw new InputError(
      `${option}: ${place} is not JSON; expected a line that check --save wrote`,
    );
  }
  const read = handshakeFromJson(json);
  if (!read.ok) throw new InputError(`${option}: ${place}: ${read.error.message}`);
  return read.value;
}

function reasonOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
}
