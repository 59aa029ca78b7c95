import type { DialogLine, FailureCode } from "../handshake.ts";
import type { Framing } from "../prelude.ts";
import { DIALOG_LIMITS } from "./limits.ts";
import { printable } from "./printable.ts";

/** What is known of both sides when a dialog begins. */
export interface DialogFacts {
  /** Name under which the server is addressed: the server name, else the host. */
  readonly serverName: string;
  /** How the client introduces itself: its address as a literal of RFC 5321 section 4.1.3, `[192.0.2.1]`. */
  readonly clientName: string;
}

/** What a dialog wants of whoever carries it. */
export type Want =
  | { readonly kind: "send"; readonly bytes: Uint8Array }
  /** Adds a line to the transcript. */
  | { readonly kind: "note"; readonly line: DialogLine }
  /** Resumes the dialog with the next piece of what arrives. */
  | { readonly kind: "take"; readonly size: Sizer };

/**
 * Says how many bytes of what has arrived the next piece has; null when that is not known yet. Called again
 * with more of the same bytes. Throws like a dialog.
 */
export type Sizer = (arrived: Uint8Array) => number | null;

/**
 * One protocol's dialog. It returns when TLS may begin, with what TLS is wrapped in where it is wrapped, and
 * throws `DialogEnd` or `OtherProtocol` when it may not.
 */
export type Dialog = Generator<Want, Framing | null, Uint8Array>;

/** A part of a dialog that has a result of its own. */
export type Talk<T> = Generator<Want, T, Uint8Array>;

/** Ends a dialog without TLS; never leaves the folder. */
export class DialogEnd extends Error {
  readonly code: FailureCode;
  /** Whether a server of another protocol, whose greeting looks the same, might have answered like this. */
  readonly isDoubtful: boolean;

  constructor(code: FailureCode, message: string, isDoubtful = false) {
    super(message);
    this.name = "DialogEnd";
    this.code = code;
    this.isDoubtful = isDoubtful;
  }
}

/** What the peer has said first cannot belong to the protocol. */
export class OtherProtocol extends Error {}

/** The server's no, in its own words. */
export function refused(what: string, words: string): DialogEnd {
  return new DialogEnd("upgrade-refused", `${what}: ${printable(words)}`);
}

/** As `refused`, by a server that has yet to prove that it speaks the protocol. */
export function refusedAtFirst(what: string, words: string): DialogEnd {
  return new DialogEnd("upgrade-refused", `${what}: ${printable(words)}`, true);
}

/** An answer that the protocol does not allow. */
export function malformed(message: string): DialogEnd {
  return new DialogEnd("malformed-message", message);
}

/** Sends a line of text. */
export function* sendLine(text: string): Talk<void> {
  yield { kind: "send", bytes: Buffer.from(`${text}\r\n`, "latin1") };
  yield { kind: "note", line: { direction: "sent", text: printable(text) } };
}

/** Sends bytes, and puts a name for them into the transcript. */
export function* sendMessage(bytes: Uint8Array, name: string): Talk<void> {
  yield { kind: "send", bytes };
  yield { kind: "note", line: { direction: "sent", text: printable(name) } };
}

/** Puts what a message said into the transcript. */
export function* heard(words: string): Talk<void> {
  yield { kind: "note", line: { direction: "received", text: printable(words) } };
}

/** Takes the next `length` bytes. Where `first` is given, any other first byte is one of another protocol. */
export function* take(length: number, first: readonly number[] | null = null): Talk<Uint8Array> {
  return yield {
    kind: "take",
    size: (arrived) => {
      const [byte] = arrived;
      if (byte !== undefined && first?.includes(byte) === false) throw new OtherProtocol();
      return arrived.length < length ? null : length;
    },
  };
}

/** Bytes that no line of text holds; 0xff is Telnet's, which FTP allows. */
const NOT_TEXT = /[\0-\x06\x0e-\x1a\x1c-\x1f]/;

/** The next line, its end (CR LF, or LF alone) removed, one character for each byte. */
export function* readLine(): Talk<string> {
  const bytes = yield { kind: "take", size: lineSize };
  const line = text(bytes).replace(/\r?\n$/, "");
  yield* heard(line);
  return line;
}

function lineSize(arrived: Uint8Array): number | null {
  const end = arrived.indexOf(0x0a);
  const line = end < 0 ? arrived : arrived.subarray(0, end + 1);
  if (line.length > DIALOG_LIMITS.pieceLength)
    throw new DialogEnd(
      "message-too-large",
      `Server sent a line of more than ${DIALOG_LIMITS.pieceLength} bytes`,
    );
  if (NOT_TEXT.test(text(line))) throw new OtherProtocol();
  return end < 0 ? null : end + 1;
}

/** Bytes as Latin-1. */
export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}
