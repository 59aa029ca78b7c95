import { open, readFile } from "node:fs/promises";
import { handshakeFromJson, handshakeToJson } from "../probe/handshake-json.ts";
import type { Handshake } from "../probe/handshake.ts";
import { UsageError } from "./usage-error.ts";

/** A file that takes handshakes, one line of JSON each. */
export interface HandshakeFile {
  readonly add: (handshakes: readonly Handshake[]) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Creates, or empties, the file of `check --save`. @throws {UsageError} */
export async function createHandshakeFile(path: string): Promise<HandshakeFile> {
  try {
    const file = await open(path, "w");
    return {
      add: async (handshakes) => {
        for (const handshake of handshakes)
          await file.write(`${JSON.stringify(handshakeToJson(handshake))}\n`);
      },
      close: () => file.close(),
    };
  } catch (error) {
    throw new UsageError(`--save: ${path} cannot be written (${reasonOf(error)})`);
  }
}

/** Reads the handshakes that `check --save` wrote. @throws {UsageError} that names the file and line */
export async function readHandshakeFile(path: string): Promise<readonly Handshake[]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new UsageError(`--handshake: ${path} cannot be read (${reasonOf(error)})`);
  }
  const handshakes: Handshake[] = [];
  for (const [index, line] of text.split("\n").entries())
    if (line.trim() !== "") handshakes.push(readLine(line, `${path}:${index + 1}`));
  if (handshakes.length === 0) throw new UsageError(`--handshake: ${path} holds no handshake`);
  return handshakes;
}

function readLine(line: string, place: string): Handshake {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw new UsageError(
      `--handshake: ${place} is not JSON; expected a line that check --save wrote`,
    );
  }
  const read = handshakeFromJson(json);
  if (!read.ok) throw new UsageError(`--handshake: ${place}: ${read.error.message}`);
  return read.value;
}

function reasonOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
}
