import { readGreeting, readReply, type Reply } from "./replies.ts";
import { type Dialog, OtherProtocol, refusedAtFirst, sendLine } from "./talk.ts";

/** FTP with AUTH TLS (RFC 4217), or AUTH SSL where the server knows only that older name. */
export function* ftp(): Dialog {
  let greeting = yield* readGreeting();
  // 120: ready in some minutes; the real greeting follows (RFC 959 section 5.4)
  while (greeting.code === 120) greeting = yield* readReply();
  if (greeting.code < 400 && greeting.code !== 220) throw new OtherProtocol();
  if (greeting.code !== 220) throw refusedAtFirst("Server offers no service", greeting.words);
  yield* sendLine("AUTH TLS");
  const answer = yield* readReply();
  if (accepts(answer)) return null;
  if (answer.code < 500) throw refusedAtFirst("Server refused AUTH TLS", answer.words);
  yield* sendLine("AUTH SSL");
  const older = yield* readReply();
  if (!accepts(older)) throw refusedAtFirst("Server refused AUTH TLS and AUTH SSL", answer.words);
  return null;
}

/** 334 is what servers of the drafts before RFC 4217 say. */
function accepts({ code }: Reply): boolean {
  return code === 234 || code === 334;
}
