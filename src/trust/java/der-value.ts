import { latin1 } from "../../x509/der-values.ts";

/** An exception of the JDK's own DER reader, caught where the JDK catches it. */
export class JavaParseError extends Error {
  /** The exception and its causes, as `Throwable.toString` prints them. */
  readonly exceptions: readonly string[];

  constructor(
    text: string,
    options: { readonly type?: string; readonly causes?: readonly string[] } = {},
  ) {
    super(text);
    this.name = "JavaParseError";
    this.exceptions = [
      `${options.type ?? "java.io.IOException"}: ${text}`,
      ...(options.causes ?? []),
    ];
  }
}

/** One value as sun.security.util.DerValue reads it. */
export interface DerValue {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** new DerValue(bytes): exactly one value. @throws {JavaParseError} */
export function onlyValue(bytes: Uint8Array): DerValue {
  const { value, end } = readValue(bytes, 0);
  if (end < bytes.length) throw new JavaParseError("extra data at the end");
  return value;
}

/** DerInputStream.getDerValue until nothing is available. @throws {JavaParseError} */
export function valuesIn(bytes: Uint8Array): readonly DerValue[] {
  const values: DerValue[] = [];
  for (let at = 0; at < bytes.length;) {
    const { value, end } = readValue(bytes, at);
    values.push(value);
    at = end;
  }
  return values;
}

function readValue(
  bytes: Uint8Array,
  at: number,
): { readonly value: DerValue; readonly end: number } {
  if (bytes.length - at < 2) throw new JavaParseError("Too short");
  const tag = bytes[at] ?? 0;
  if ((tag & 0x1f) === 0x1f)
    throw new JavaParseError(`Tag number over 30 at ${at} is not supported`);
  const { length, content } = readLength(bytes, at + 1);
  if (length > bytes.length - content)
    throw new JavaParseError("not enough content", { type: "java.io.EOFException" });
  return {
    value: { tag, content: bytes.subarray(content, content + length) },
    end: content + length,
  };
}

/** DerInputStream.getDefiniteLength. */
function readLength(
  bytes: Uint8Array,
  at: number,
): { readonly length: number; readonly content: number } {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return { length: first, content: at + 1 };
  if (first === 0x80) throw new JavaParseError("Indefinite length encoding not supported with DER");
  const count = first & 0x7f;
  const what = "DerInputStream.getLength(): ";
  if (count > 4) throw new JavaParseError(`${what}lengthTag=${count}, too big.`);
  let length = 0;
  for (let i = 1; i <= count; i++) length = (length << 8) | (bytes[at + i] ?? 0);
  if (bytes[at + 1] === 0) throw new JavaParseError(`${what}Redundant length bytes found`);
  if (length < 0) throw new JavaParseError(`${what}Invalid length bytes`);
  if (length <= 127) throw new JavaParseError(`${what}Should use short form for length`);
  return { length, content: at + 1 + count };
}

/** DerValue.getIA5String: octets beyond ASCII become U+FFFD. */
export function ia5Text({ content }: DerValue): string {
  return latin1(content).replaceAll(/[\u0080-\u00ff]/g, "\ufffd");
}

/** Whether a value is `[number]` of the context class. */
export function isContext({ tag }: DerValue, number: number): boolean {
  return (tag & 0xc0) === 0x80 && (tag & 0x1f) === number;
}

/** Whether a value is constructed. */
export function isConstructed({ tag }: DerValue): boolean {
  return (tag & 0x20) !== 0;
}
