import type { Explanation } from "../../diagnosis/explain/explain.ts";
import { Explainer } from "../../diagnosis/explain/explain.ts";

/** Encodings that a beginning tells; UTF-8 is what everything else is read as. */
function encodingOf(head: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  const [first = 0, second = 0] = head;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  const sample = head.subarray(0, 512);
  let even = 0;
  let odd = 0;
  for (const [index, byte] of sample.entries()) {
    if (byte !== 0) continue;
    if (index % 2 === 0) even++;
    else odd++;
  }
  if (odd > sample.length / 4 && even === 0) return "utf-16le";
  return even > sample.length / 4 && odd === 0 ? "utf-16be" : "utf-8";
}

/** Explains what a stream holds, in bounded memory. Windows tools write UTF-16, everything else UTF-8. */
export async function explainStream(source: AsyncIterable<Uint8Array>): Promise<Explanation> {
  const explainer = new Explainer();
  let decoder: TextDecoder | null = null;
  for await (const chunk of source) {
    decoder ??= new TextDecoder(encodingOf(chunk));
    explainer.push(decoder.decode(chunk, { stream: true }));
  }
  if (decoder !== null) explainer.push(decoder.decode());
  return explainer.end();
}
