import { styleText } from "node:util";
import { type DestinationStream, type Logger, pino } from "pino";
import { REDACTED, redacted, SECRET_FIELDS } from "./redaction.ts";

/** The log of the daemon: structured lines, in which no secret stands that the daemon has read. */
export type DaemonLog = Logger;

/** How a log is written. */
export interface LogOptions {
  /** `json` for machines, one object a line; `text` for people. */
  readonly format: "json" | "text";
  readonly level: "debug" | "info" | "warn" | "error" | "silent";
  /** Where lines go; standard error when it is not given. */
  readonly write?: (line: string) => void;
}

/** Opens a log. Lines are written at once, so that none is lost when the process ends. */
export function createLog({ format, level, write }: LogOptions): DaemonLog {
  const out = write ?? ((line: string) => void process.stderr.write(line));
  const destination: DestinationStream = {
    write:
      format === "json"
        ? (line) => out(jsonLine(redacted(line)))
        : (line) => out(textLine(redacted(line))),
  };
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: named },
      redact: { paths: [...SECRET_FIELDS], censor: REDACTED },
    },
    destination,
  );
}

/** JSON as pino writes it, without what a terminal acts upon: it lets all but the first controls stand. */
const jsonLine = (line: string): string =>
  line.replace(/(?!\n)[\p{C}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, at) => {
      return `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
    }).join(""),
  );

const named = (label: string): { readonly level: string } => ({ level: label });

const COLOURS = { warn: "yellow", error: "red", fatal: "red", debug: "dim" } as const;

/** What pino writes. */
interface Line {
  readonly time: string;
  readonly level: string;
  readonly msg?: string;
  readonly [field: string]: unknown;
}

/** `12:30:01 warn  Message  key=value`, on one line whatever the values hold. */
function textLine(json: string): string {
  const { time, level, msg, ...rest } = JSON.parse(json) as Line;
  const name = level;
  const colour = Object.entries(COLOURS).find(([key]) => key === name)?.[1] ?? "dim";
  const fields = Object.entries(rest).map(([key, value]) => `${key}=${shown(value)}`);
  const sign = styleText(colour, name.padEnd(5), { stream: process.stderr });
  const clock = styleText("dim", time.slice(11, 19), { stream: process.stderr });
  return `${[clock, sign, escaped(msg ?? ""), ...fields].join(" ")}\n`;
}

const shown = (value: unknown): string =>
  escaped(typeof value === "string" && /^[\w.:/@-]+$/.test(value) ? value : JSON.stringify(value));

const escaped = (text: string): string =>
  text.replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
