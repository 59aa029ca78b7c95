const ESCAPE = 0x1b;
const BELL = 0x07;

/** A text without what would colour it or move the cursor (ECMA-48 control sequences, one pass); NUL bytes go as well. */
export function withoutEscapes(text: string): string {
  if (!text.includes("\u001b") && !text.includes("\u0000")) return text;
  let kept = "";
  let from = 0;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code !== ESCAPE && code !== 0) {
      at++;
      continue;
    }
    kept += text.slice(from, at);
    at = code === 0 ? at + 1 : endOfSequence(text, at + 1);
    from = at;
  }
  return kept + text.slice(from);
}

/** Offset behind a sequence whose ESC stands before `at`. An unfinished one is only its ESC. */
function endOfSequence(text: string, at: number): number {
  const kind = text[at];
  if (kind === "[") {
    let end = at + 1;
    while (end < text.length && end - at < 64 && isParameter(text.charCodeAt(end))) end++;
    return end < text.length && text.charCodeAt(end) >= 0x40 ? end + 1 : end;
  }
  if (kind === "]") {
    for (let end = at + 1; end < text.length && end - at < 256; end++) {
      const code = text.charCodeAt(end);
      if (code === BELL) return end + 1;
      if (code === ESCAPE) return end + (text[end + 1] === "\\" ? 2 : 0);
    }
    return at;
  }
  return kind === "(" || kind === ")" ? Math.min(at + 2, text.length) : at;
}

const isParameter = (code: number): boolean => code >= 0x20 && code <= 0x3f;
