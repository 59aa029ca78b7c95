import { printable } from "../words.ts";
import { type DecidingCheck, decidingCheck } from "./check-command.ts";
import { EventReader, type LogEvent } from "./event-reader.ts";
import type { Facts } from "./facts.ts";
import type { Pattern } from "./pattern.ts";
import { type EventInterpreter, eventInterpreter, type Reading, type Side } from "./read-event.ts";
import type { CaseId } from "../catalogue.ts";

/** Where in a log something was, and when where lines have times. */
export interface LogPlace {
  /** From 1. */
  readonly line: number;
  /** As written in the log. */
  readonly time: string | null;
}

/** One problem that a text tells of, however often. */
export interface ExplainedProblem {
  readonly pattern: Pattern;
  /** Title of the kind of client. */
  readonly family: string;
  readonly side: Side;
  /** Most likely first. */
  readonly cases: readonly CaseId[];
  readonly why: string;
  readonly notes: readonly string[];
  readonly facts: Facts;
  readonly check: DecidingCheck;
  readonly count: number;
  readonly first: LogPlace;
  readonly last: LogPlace;
  /** The line with the wording, shortened, without characters that move a cursor. */
  readonly excerpt: string;
}

/** What a text or a log comes to. */
export interface Explanation {
  /** Lines that were read. */
  readonly lines: number;
  /** Lines that were longer than 64 Ki characters, of which the rest was left out. */
  readonly cutLines: number;
  /** Most frequent first. */
  readonly problems: readonly ExplainedProblem[];
  /** Recognised events whose problem is not listed because there were too many different ones. */
  readonly unlisted: number;
}

/** Longest line in characters; of longer ones the rest is left out. */
const MAX_LINE = 65_536;
/** Most different problems that are kept apart. */
const MAX_PROBLEMS = 1000;

interface Counted {
  readonly reading: Reading;
  readonly first: LogPlace;
  readonly excerpt: string;
  last: LogPlace;
  count: number;
}

/** Explains a text piece by piece, in bounded memory; time is linear in the size of the text. */
export class Explainer {
  readonly #interpreter: EventInterpreter;
  readonly #events = new EventReader();
  readonly #problems = new Map<string, Counted>();
  #line = "";
  #isCut = false;
  #cutLines = 0;
  #unlisted = 0;

  constructor(interpreter: EventInterpreter = eventInterpreter()) {
    this.#interpreter = interpreter;
  }

  /** Takes the next piece of the text; it may end anywhere. */
  push(text: string): void {
    let from = 0;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", from)) {
      this.#extend(text, from, at);
      this.#endLine();
      from = at + 1;
    }
    this.#extend(text, from, text.length);
  }

  /** What was found; nothing may be pushed afterwards. */
  end(): Explanation {
    if (this.#line !== "") this.#endLine();
    const last = this.#events.end();
    if (last !== null) this.#take(last);
    const problems = [...this.#problems.values()]
      .toSorted((a, b) => b.count - a.count || a.first.line - b.first.line)
      .map(problemOf);
    return {
      lines: this.#events.lines,
      cutLines: this.#cutLines,
      problems: withoutEchoes(problems),
      unlisted: this.#unlisted,
    };
  }

  #extend(text: string, from: number, to: number): void {
    if (from === to) return;
    const room = MAX_LINE - this.#line.length;
    if (to - from > room) this.#isCut = true;
    if (room > 0) this.#line += text.slice(from, Math.min(to, from + room));
  }

  #endLine(): void {
    if (this.#isCut) this.#cutLines++;
    const line = this.#line.endsWith("\r") ? this.#line.slice(0, -1) : this.#line;
    this.#line = "";
    this.#isCut = false;
    const event = this.#events.push(line);
    if (event !== null) this.#take(event);
  }

  #take(event: LogEvent): void {
    for (const reading of this.#interpreter.read(event.text)) {
      const { facts, pattern, side } = reading;
      const key = JSON.stringify([
        pattern.id,
        side,
        facts.host,
        facts.port,
        facts.subject,
        facts.issuer,
        facts.truststore,
      ]);
      const place = { line: event.line, time: event.time };
      const known = this.#problems.get(key);
      if (known !== undefined) {
        known.count++;
        known.last = place;
      } else if (this.#problems.size >= MAX_PROBLEMS) this.#unlisted++;
      else {
        const excerpt = excerptOf(event.text, reading.at);
        this.#problems.set(key, { reading, first: place, last: place, excerpt, count: 1 });
      }
    }
  }
}

/** Explains a text that is there as a whole. */
export function explainText(text: string): Explanation {
  const explainer = new Explainer();
  explainer.push(text);
  return explainer.end();
}

/** The line around an offset, at most 200 characters; of a longer one the part around the offset. */
function excerptOf(text: string, at: number): string {
  const begin = text.lastIndexOf("\n", at) + 1;
  const newline = text.indexOf("\n", at);
  const end = newline < 0 ? text.length : newline;
  const from = end - begin <= 200 || at - begin < 100 ? begin : at - 90;
  const shown = text.slice(from, Math.min(end, from + 400)).trim();
  return printable(from === begin ? shown : `…${shown}`);
}

function problemOf({ reading, first, last, count, excerpt }: Counted): ExplainedProblem {
  const { pattern, family, side, cases, why, notes, facts } = reading;
  const check = decidingCheck(facts, family.profile);
  return {
    pattern,
    family: family.title,
    side,
    cases,
    why,
    notes,
    facts,
    check,
    count,
    first,
    last,
    excerpt,
  };
}

/** Lines within which two texts without times are taken to come from one run of a program. */
const ONE_RUN = 60;

/** Leaves out what is told better next to it: frames without their reason, and the same fault in vaguer words. */
function withoutEchoes(problems: readonly ExplainedProblem[]): readonly ExplainedProblem[] {
  return problems.filter((problem) => !problems.some((other) => tellsMore(other, problem)));
}

function tellsMore(other: ExplainedProblem, problem: ExplainedProblem): boolean {
  const [better, level] = [other.pattern.level, problem.pattern.level];
  if (better <= level || better < 3) return false;
  const near = (lines: number): boolean =>
    other.first.line <= problem.last.line + lines && other.last.line >= problem.first.line - lines;
  if (level < 3) return near(5);
  const isOneRun = other.first.time === null && problem.first.time === null && near(ONE_RUN);
  const isSameHost = problem.facts.host === null || problem.facts.host === other.facts.host;
  return (
    isOneRun &&
    isSameHost &&
    other.family === problem.family &&
    other.count >= problem.count &&
    other.pattern.topic === problem.pattern.topic &&
    other.cases.some((id) => problem.cases.includes(id))
  );
}
