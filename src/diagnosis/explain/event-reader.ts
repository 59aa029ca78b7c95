import { withoutEscapes } from "./escapes.ts";
import { readJsonLine } from "./json-line.ts";
import { timeOf } from "./timestamps.ts";

/** What was logged or printed at one moment: a line with the lines that belong to it, such as a stack trace. */
export interface LogEvent {
  readonly text: string;
  /** Number of its first line, from 1. */
  readonly line: number;
  /** When it was logged, as written; null where the text does not say. */
  readonly time: string | null;
}

/** Longest event in characters; what goes beyond begins another. */
const MAX_EVENT = 262_144;
/** Frames of stacks that are kept of one event. */
const MAX_FRAMES = 64;

/** A kind of output that spans lines without a mark at the beginning of each. */
interface Block {
  readonly begins: RegExp;
  readonly goesOn: RegExp;
}

const BLOCKS: readonly Block[] = [
  // openssl s_client and verify
  { begins: /^CONNECTED\(/, goesOn: /^/ },
  {
    begins: /^(?:depth=\d|verify (?:error|depth|return))/,
    goesOn: /^(?:depth=\d|verify (?:error|return)|notAfter|notBefore|DONE|Verif)/,
  },
  {
    begins: /^(?:C|CN|DC|O|OU|ST|L|emailAddress) ?= ?.{1,200}$/,
    goesOn: /^error (?:\d|.{1,200}: verification failed)/,
  },
  // curl -v
  { begins: /^(?:\* |< |> |\{ |\} )/, goesOn: /^(?:\* |< |> |\{ |\} |curl: |More details|\s*$)/ },
  // gnutls-cli
  {
    begins: /^(?:Processed \d|- Certificate|- Status)/,
    goesOn: /^(?:- |\*\*\* |\||Resolv|Connect|\s|$)/,
  },
  // Python
  {
    begins: /^Traceback \(most recent call last\)/,
    goesOn:
      /^(?:\s|$|Traceback|During handling|The above exception|[\w.]{1,120}(?:Error|Exception|Timeout|Warning)\b)/,
  },
  // WebSphere's question whether to trust a signer
  { begins: /^\*{3} SSL SIGNER EXCHANGE PROMPT/, goesOn: /^/ },
  // an entry of the Windows event log
  { begins: /^Log Name:/, goesOn: /^(?!Log Name:)/ },
  // wget
  {
    begins: /^(?:ERROR: cannot verify|ERROR: certificate common name)/,
    goesOn: /^(?: |To connect to )/,
  },
  // gpg-like and keytool pairs of lines
  { begins: /^keytool error:/, goesOn: /^(?:\s|Caused by:|java)/ },
];

const CONTINUED =
  /^(?:[ \t]|Caused by:|Suppressed:|Wrapped by:|---> |\}|\)$|\.\.\. \d|Nested exception|Linked exception|\[CIRCULAR)/;

/** Beginnings of records that carry no time, in a log that several programs write. */
const RECORD =
  /^(?:\[|\d{1,3}\.\d|(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL)\s|curl: |npm |HTTP\/|Verify return|\* |- |depth=|CONNECTED\(|Log Name:)/;

/** Lines of a stack that name code only: they tell who speaks, and deep stacks would use up the bound. */
const FRAME = /^\s{0,40}(?:at [\w$.<>/@ -]{1,400}\(|\.\.\. \d{1,6} (?:more|common))/;

/** Puts lines together to events, in bounded memory. */
export class EventReader {
  #parts: string[] = [];
  #size = 0;
  #first = 0;
  #time: string | null = null;
  #block: Block | null = null;
  #line = 0;
  #frames = 0;

  /** Takes the next line, without its end; the event that it completes, or null. */
  push(raw: string): LogEvent | null {
    this.#line++;
    const clean = withoutEscapes(raw);
    const json = readJsonLine(clean);
    const line = json?.text ?? clean;
    const time = json === null ? timeOf(line) : json.time;
    const isOwn = json !== null || time !== null || !this.#continues(line);
    const ended = isOwn || this.#size > MAX_EVENT ? this.end() : null;
    if (this.#parts.length === 0) {
      this.#first = this.#line;
      this.#time = time;
      this.#frames = 0;
      this.#block = BLOCKS.find(({ begins }) => begins.test(line)) ?? null;
    }
    const isFrame = FRAME.test(line);
    if (isFrame) this.#frames++;
    if (!isFrame || this.#frames <= MAX_FRAMES) {
      this.#parts.push(line);
      this.#size += line.length + 1;
    }
    return ended;
  }

  /** The event that is still open; null when there is none. */
  end(): LogEvent | null {
    if (this.#parts.length === 0) return null;
    const event = { text: this.#parts.join("\n"), line: this.#first, time: this.#time };
    this.#parts = [];
    this.#size = 0;
    this.#block = null;
    return event;
  }

  /** Lines that were taken so far. */
  get lines(): number {
    return this.#line;
  }

  #continues(line: string): boolean {
    if (this.#parts.length === 0) return false;
    // where lines begin with their time, the others belong to the one before, unless they are records themselves
    if (this.#time !== null) return !RECORD.test(line);
    if (this.#block !== null) return this.#block.goesOn.test(line);
    return CONTINUED.test(line);
  }
}
