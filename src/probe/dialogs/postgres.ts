import {
  type Dialog,
  heard,
  OtherProtocol,
  refused,
  sendMessage,
  take,
  type Talk,
  text,
} from "./talk.ts";

/** Length 8, and the code 80877103 in place of a protocol version. */
const SSL_REQUEST = Uint8Array.of(0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f);

const MAX_ERROR = 8 * 1024;

/** PostgreSQL's SSLRequest (frontend/backend protocol, section SSL Session Encryption). */
export function* postgres(): Dialog {
  yield* sendMessage(SSL_REQUEST, "SSLRequest");
  const [answer] = yield* take(1);
  switch (answer) {
    case 0x53:
      yield* heard("S");
      return null;
    case 0x4e:
      yield* heard("N");
      throw refused("Server refused the SSLRequest", "N (TLS is switched off on this server)");
    case 0x45: {
      const words = yield* readError();
      yield* heard(`error: ${words}`);
      throw refused("Server answered the SSLRequest with an error", words);
    }
    default:
      throw new OtherProtocol();
  }
}

/** The text of an ErrorResponse; servers before version 7.4 send it without a length and fields. */
function* readError(): Talk<string> {
  const head = yield* take(4);
  const length = Buffer.from(head).readUInt32BE();
  if (length < 5 || length > MAX_ERROR) {
    if (!head.every((byte) => byte >= 0x20 && byte < 0x7f)) throw new OtherProtocol();
    return text(head) + (yield* readOldError());
  }
  const fields = text(yield* take(length - 4)).split("\0");
  const field = (type: string): string =>
    fields.find((each) => each.startsWith(type))?.slice(1) ?? "";
  return `${field("S")} ${field("C")}: ${field("M")}`.trim();
}

function* readOldError(): Talk<string> {
  const bytes = yield {
    kind: "take",
    size: (arrived) => {
      const end = arrived.indexOf(0);
      if (end < 0 && arrived.length > MAX_ERROR) throw new OtherProtocol();
      return end < 0 ? null : end + 1;
    },
  };
  return text(bytes).replace(/[\r\n]*\0$/, "");
}
