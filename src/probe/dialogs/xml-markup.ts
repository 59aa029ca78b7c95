import { DIALOG_LIMITS } from "./limits.ts";
import { DialogEnd, malformed, OtherProtocol, type Talk, text } from "./talk.ts";

/** A tag, or what stands between tags. */
export interface Markup {
  readonly kind: "start" | "end" | "empty" | "declaration" | "text";
  /** Local name of a tag, in lower case; empty for the others. */
  readonly name: string;
  readonly source: string;
}

const LESS = 0x3c;
const GREATER = 0x3e;
const QUOTES: ReadonlySet<number> = new Set([0x22, 0x27]);

const TAG = /^<(\/?)(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)(?=[\s/>])/;

/**
 * The next tag or text of an XML stream, without a parser behind it: entities are not looked at, and
 * comments, processing instructions and document types, which XMPP forbids (RFC 6120 section 11.1), end the
 * dialog.
 */
export function* readMarkup(): Talk<Markup> {
  const source = text(yield { kind: "take", size: markupSizer(false) });
  return markupOf(source);
}

/** As `readMarkup`, where a peer that speaks XML sends nothing but space before the next tag. */
export function* readTag(): Talk<Markup> {
  for (;;) {
    const source = text(yield { kind: "take", size: markupSizer(true) });
    if (source.startsWith("<")) return markupOf(source);
  }
}

function markupOf(source: string): Markup {
  if (!source.startsWith("<")) return { kind: "text", name: "", source };
  if (/^<\?xml[\s?]/.test(source)) return { kind: "declaration", name: "", source };
  const [, slash, name] = TAG.exec(source) ?? [];
  if (name === undefined) throw malformed("Server sent markup that XMPP does not allow");
  const kind = slash === "/" ? "end" : source.endsWith("/>") ? "empty" : "start";
  return { kind, name: name.toLowerCase(), source };
}

/** Remembers how far it has looked, so that a stream of single bytes costs no more than one chunk. */
function markupSizer(onlySpace: boolean): (arrived: Uint8Array) => number | null {
  let at = 0;
  let quote = 0;
  return (arrived) => {
    const isTag = arrived[0] === LESS;
    for (; at < arrived.length; at++) {
      const byte = arrived[at] ?? 0;
      if (at >= DIALOG_LIMITS.pieceLength)
        throw new DialogEnd(
          "message-too-large",
          `Server sent a tag or text of more than ${DIALOG_LIMITS.pieceLength} bytes`,
        );
      if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) throw new OtherProtocol();
      if (!isTag) {
        if (byte === LESS) return at;
        if (onlySpace && byte > 0x20) throw new OtherProtocol();
      } else if (quote !== 0) {
        if (byte === quote) quote = 0;
      } else if (QUOTES.has(byte)) quote = byte;
      else if (byte === GREATER) return at + 1;
    }
    return null;
  };
}
