import { latin1 } from "../der-values.ts";
import { Tag } from "../der.ts";
import { JavaException } from "./java-exception.ts";
import type { JavaValue } from "./java-values.ts";

const UTC = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})/;
const GENERALIZED = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})/;

/** getUTCTime() and getGeneralizedTime(). @throws {JavaException} */
export function checkJavaTime(value: JavaValue): void {
  const isUtc = value.tag === Tag.utcTime;
  const { length } = value;
  if (isUtc && (length < 11 || length > 17)) throw new JavaException("DER UTC Time length error");
  if (!isUtc && length < 13) throw new JavaException("DER Generalized Time length error");
  const type = isUtc ? "UTC" : "Generalized";
  const invalid = (what: string): JavaException => new JavaException(`Parse ${type} time, ${what}`);
  // reading beyond the value meets whatever stands behind it
  const text = latin1(value.buffer, value.start, Math.min(value.buffer.length, value.end + 8));
  const match = (isUtc ? UTC : GENERALIZED).exec(text);
  if (match === null) throw invalid("invalid format");
  const numbers = match.slice(isUtc ? 2 : 3).map(Number);
  const [month = 0, day = 0, hour = 0, minute = 0] = numbers;
  let at = match[0].length;
  let left = length - at;
  let second = 0;
  if (left > 2) {
    const digits = /^\d{2}/.exec(text.slice(at));
    if (digits === null) throw invalid("invalid format");
    second = Number(digits[0]);
    at += 2;
    left -= 2;
    if (!isUtc && /^[.,]/.test(text.slice(at))) {
      const skipped = fractionLength(text.slice(at + 1), left - 1, invalid);
      at += 1 + skipped;
      left -= 1 + skipped;
    }
  }
  if (month === 0 || day === 0 || month > 12 || day > 31 || hour > 23 || minute > 59 || second > 59)
    throw invalid("invalid format");
  if (left !== 1 && left !== 5) throw invalid("invalid offset");
  const zone = text.charAt(at);
  if (zone === "Z") {
    if (left !== 1) throw invalid("invalid format");
  } else if (zone === "+" || zone === "-") checkOffset(text.slice(at, at + 5), left, invalid);
  else throw invalid("garbage offset");
}

function fractionLength(
  text: string,
  room: number,
  invalid: (what: string) => JavaException,
): number {
  if (room === 0) throw invalid("empty fractional part");
  let digits = 0;
  while (!/^[Z+-]/.test(text.charAt(digits))) {
    if (!/^\d/.test(text.charAt(digits))) throw invalid("invalid format");
    if (++digits === room) throw invalid("invalid fractional part");
  }
  if (digits === 0) throw invalid("empty fractional part");
  return digits;
}

function checkOffset(text: string, left: number, invalid: (what: string) => JavaException): void {
  if (left !== 5) throw invalid("invalid offset");
  const match = /^.(\d{2})(\d{2})/.exec(text);
  if (match === null) throw invalid("invalid format");
  if (Number(match[1]) > 23 || Number(match[2]) > 59) throw invalid(`${text.charAt(0)}hhmm`);
}
