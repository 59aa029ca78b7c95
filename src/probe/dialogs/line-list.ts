import { readLine, type Talk } from "./talk.ts";

/** The lines of a list that a dot on a line of its own ends (RFC 3977 section 3.1.1, RFC 1939 section 3). */
export function* readListLines(): Talk<readonly string[]> {
  const lines: string[] = [];
  for (;;) {
    const line = yield* readLine();
    if (line === ".") return lines;
    lines.push(line.trim());
  }
}
