import { fail, ok, type Result } from "./result.ts";

/** One block of a PEM file (RFC 7468). */
export interface PemBlock {
  /** Text between `BEGIN` and the dashes, e.g. `CERTIFICATE`. */
  readonly label: string;
  readonly der: Uint8Array;
  /** Line of the BEGIN marker, counted from 1. */
  readonly line: number;
}

/** What is wrong with a PEM text. */
export interface PemError {
  readonly code:
    | "no-block"
    | "unterminated"
    | "label-mismatch"
    | "base64-invalid"
    | "too-many-blocks";
  /** Line of the BEGIN marker that the error is about, counted from 1; 0 when there is none. */
  readonly line: number;
  readonly message: string;
}

const MAX_BLOCKS = 20_000;
const BEGIN = "-----BEGIN ";
const END = "-----END ";
const DASHES = "-----";

/**
 * Reads every block of a PEM text in order; text between blocks, headers inside them, indentation, one-line bodies
 * and any line ending are accepted.
 */
export function readPemBlocks(text: string): Result<readonly PemBlock[], PemError> {
  const blocks: PemBlock[] = [];
  let line = 1;
  let counted = 0;
  let at = 0;
  for (;;) {
    const begin = text.indexOf(BEGIN, at);
    if (begin < 0) break;
    for (; counted < begin; counted++) {
      const code = text.charCodeAt(counted);
      if (code === 10 || (code === 13 && text.charCodeAt(counted + 1) !== 10)) line++;
    }
    if (blocks.length >= MAX_BLOCKS)
      return failure("too-many-blocks", line, `More than ${MAX_BLOCKS} PEM blocks`);
    const labelEnd = text.indexOf(DASHES, begin + BEGIN.length);
    const label = labelEnd < 0 ? "" : text.slice(begin + BEGIN.length, labelEnd);
    if (labelEnd < 0 || label.length > 64 || /[\r\n]/.test(label))
      return failure(
        "unterminated",
        line,
        `The BEGIN marker in line ${line} has no closing dashes`,
      );
    const end = text.indexOf(END, labelEnd);
    if (end < 0)
      return failure("unterminated", line, `The ${label} block of line ${line} has no END marker`);
    const closing = `${END}${label}${DASHES}`;
    if (!text.startsWith(closing, end))
      return failure(
        "label-mismatch",
        line,
        `The ${label} block of line ${line} ends with another label`,
      );
    const der = decodeBody(text.slice(labelEnd + DASHES.length, end));
    if (der === null)
      return failure(
        "base64-invalid",
        line,
        `The ${label} block of line ${line} is not valid base64`,
      );
    blocks.push({ label, der, line });
    at = end + closing.length;
  }
  if (blocks.length === 0)
    return failure("no-block", 0, "No PEM block found (expected -----BEGIN CERTIFICATE-----)");
  return ok(blocks);
}

function failure(code: PemError["code"], line: number, message: string): Result<never, PemError> {
  return fail({ code, line, message });
}

function decodeBody(body: string): Uint8Array | null {
  const headerEnd = /^\s*(?:[A-Za-z0-9-]+:[^\r\n]*(?:\r\n?|\n))+(?:[ \t]*(?:\r\n?|\n))/.exec(body);
  const base64 = body.slice(headerEnd?.[0].length ?? 0).replaceAll(/\s+/g, "");
  if (base64.length === 0 || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64))
    return null;
  const bytes = Buffer.from(base64, "base64");
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Writes one PEM block with 64-column lines and a final newline. */
export function writePem(label: string, der: Uint8Array): string {
  const base64 = Buffer.from(der.buffer, der.byteOffset, der.byteLength).toString("base64");
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `${BEGIN}${label}${DASHES}\n${lines.join("\n")}\n${END}${label}${DASHES}\n`;
}
