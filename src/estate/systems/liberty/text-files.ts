import { LineIndex } from "../line-index.ts";
import type { Place } from "../origin.ts";
import type { SourceText } from "../source-reader.ts";

/** A setting of one line. */
export interface LineSetting {
  readonly name: string;
  readonly value: string;
  readonly place: Place;
}

/** Lines with their places, trimmed, without empty ones. */
function* placedLines({ file, text }: SourceText): Generator<{ line: string; place: Place }> {
  const lines = new LineIndex(text);
  for (const { 0: raw, index } of text.matchAll(/[^\r\n]+/g)) {
    const line = raw.trim();
    if (line === "") continue;
    yield { line, place: { file, ...lines.at(index + raw.indexOf(line)), at: "" } };
  }
}

/** A server.env: `NAME=value`, `#` comments; quotes around a value are taken off, as the start script does. */
export function parseServerEnv(source: SourceText): {
  readonly settings: readonly LineSetting[];
  /** Whether `# enable_variable_expansion` lets values use other variables. */
  readonly expands: boolean;
} {
  const settings: LineSetting[] = [];
  let expands = false;
  for (const { line, place } of placedLines(source)) {
    if (/^#\s*enable_variable_expansion\b/.test(line)) expands = true;
    const [, name, value = ""] = /^([A-Za-z_][\w.]*)=(.*)$/s.exec(line) ?? [];
    if (name === undefined) continue;
    const [, inner] = /^"(.*)"$/s.exec(value.trim()) ?? [];
    settings.push({ name, value: inner ?? value.trim(), place: { ...place, at: name } });
  }
  return { settings, expands };
}

/** The `-Dname=value` of a jvm.options: one option a line, `#` comments. */
export function parseJvmOptions(source: SourceText): readonly LineSetting[] {
  const settings: LineSetting[] = [];
  for (const { line, place } of placedLines(source)) {
    const [, name, value = ""] = /^["']?-D([^=\s]+)=(.*?)["']?$/s.exec(line) ?? [];
    if (name !== undefined) settings.push({ name, value, place: { ...place, at: `-D${name}` } });
  }
  return settings;
}
