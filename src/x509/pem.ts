import { fail, ok, type Result } from "./result.ts";

/** One block of a PEM file (RFC 7468). */
export interface PemBlock {
  /** Text between `BEGIN` and the dashes, e.g. `CERTIFICATE`. */
  readonly label: string;
  readonly der: Uint8Array;
  /** Line of the BEGIN marker, counted from 1. */
  readonly line: number;
  /** Offsets in the text of the BEGIN marker and behind the END marker. */
  readonly start: number;
  readonly end: number;
}

/** What is wrong with a PEM text. */
export interface PemError {
  readonly code:
    | "no-block"
    | "unterminated"
    | "label-mismatch"
    | "base64-invalid"
    | "too-many-blocks";
  /** Line that the error is about, counted from 1: of the BEGIN marker, or of what is not base64; 0 when there is none. */
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
    line += lineBreaks(text, counted, begin);
    counted = begin;
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
    const inside = labelEnd + DASHES.length;
    const body = inside + headerLength(text.slice(inside, end));
    const der = decodeBody(text.slice(body, end));
    if (der === null) {
      const stray = strayCharacter(text, body, end);
      const bad = stray === null ? line : line + lineBreaks(text, begin, stray);
      return failure(
        "base64-invalid",
        bad,
        stray === null
          ? `The ${label} block of line ${line} is not valid base64: it is empty or cut short`
          : `The ${label} block of line ${line} is not valid base64: line ${bad} has a character that is none`,
      );
    }
    at = end + closing.length;
    blocks.push({ label, der, line, start: begin, end: at });
  }
  if (blocks.length === 0)
    return failure("no-block", 0, "No PEM block found (expected -----BEGIN CERTIFICATE-----)");
  return ok(blocks);
}

/** Line feeds, carriage returns, and pairs of both between two offsets. */
function lineBreaks(text: string, start: number, end: number): number {
  let breaks = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) breaks++;
  }
  return breaks;
}

/** Offset of the first character that base64 does not have, or that follows its padding; null where all are fine. */
function strayCharacter(text: string, start: number, end: number): number | null {
  const stray = /[^A-Za-z0-9+/=\s]|=(?=\s*[A-Za-z0-9+/])/.exec(text.slice(start, end));
  return stray === null ? null : start + stray.index;
}

function failure(code: PemError["code"], line: number, message: string): Result<never, PemError> {
  return fail({ code, line, message });
}

/** Characters of the headers of RFC 1421 with the empty line behind them; 0 where there are none. */
function headerLength(body: string): number {
  const headers = /^\s*(?:[A-Za-z0-9-]+:[^\r\n]*(?:\r\n?|\n))+(?:[ \t]*(?:\r\n?|\n))/.exec(body);
  return headers?.[0].length ?? 0;
}

function decodeBody(body: string): Uint8Array | null {
  const base64 = body.replaceAll(/\s+/g, "");
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
