/** A log line that was one JSON object: its texts, one a line, and its time where a usual key holds one. */
export interface JsonLine {
  readonly text: string;
  readonly time: string | null;
}

/** Deepest object that is looked into. */
const MAX_DEPTH = 6;
/** Most texts that are taken from one line. */
const MAX_TEXTS = 200;

const TIME_KEYS = ["@timestamp", "timestamp", "time", "ts", "datetime", "asctime", "ibm_datetime"];

/** Reads a line of structured logging; null when it is none. */
export function readJsonLine(line: string): JsonLine | null {
  if (!line.startsWith("{") || !line.trimEnd().endsWith("}")) return null;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const texts: string[] = [];
  collect(value, texts, 0);
  const time = TIME_KEYS.map((key): unknown =>
    Object.hasOwn(value, key) ? Reflect.get(value, key) : null,
  ).find((each) => typeof each === "string" || typeof each === "number");
  return {
    text: texts.join("\n"),
    time: typeof time === "string" || typeof time === "number" ? String(time).slice(0, 40) : null,
  };
}

function collect(value: unknown, texts: string[], depth: number): void {
  if (texts.length >= MAX_TEXTS || depth > MAX_DEPTH) return;
  if (typeof value === "string") texts.push(value);
  else if (typeof value === "object" && value !== null)
    for (const inner of Object.values(value)) collect(inner, texts, depth + 1);
}
