/** One line of a stream, or the fact that it was longer than allowed. */
export type Line =
  | { readonly kind: "line"; readonly number: number; readonly text: string }
  | { readonly kind: "too-long"; readonly number: number };

/**
 * Splits a byte stream into lines in constant memory; `\r\n` and a missing final newline are accepted.
 * @param limit longest line in bytes; a longer one is reported and skipped
 */
export async function* readLines(
  source: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<Line, void, undefined> {
  const decoder = new TextDecoder("utf-8");
  let pieces: Uint8Array[] = [];
  let size = 0;
  let number = 0;
  const finish = (): Line => {
    number++;
    const line: Line =
      size > limit
        ? { kind: "too-long", number }
        : { kind: "line", number, text: decoder.decode(Buffer.concat(pieces)).replace(/\r$/, "") };
    pieces = [];
    size = 0;
    return line;
  };
  for await (const chunk of source) {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      if (size + at - from <= limit) pieces.push(chunk.subarray(from, at));
      size += at - from;
      from = at + 1;
      yield finish();
    }
    const rest = chunk.subarray(from);
    size += rest.length;
    if (size <= limit) pieces.push(rest);
    else pieces = [];
  }
  if (size > 0) yield finish();
}
