import { readListLines } from "./line-list.ts";
import { readGreeting, readReply } from "./replies.ts";
import { type Dialog, OtherProtocol, refused, refusedAtFirst, sendLine } from "./talk.ts";

/** NNTP with STARTTLS (RFC 4642). A server that does not know CAPABILITIES (RFC 977) is asked all the same. */
export function* nntp(): Dialog {
  const greeting = yield* readGreeting();
  if (greeting.code === 400 || greeting.code === 502)
    throw refusedAtFirst("Server offers no service", greeting.words);
  if (greeting.code !== 200 && greeting.code !== 201) throw new OtherProtocol();
  yield* sendLine("CAPABILITIES");
  const offer = yield* readReply();
  if (offer.code === 101) {
    const capabilities = yield* readListLines();
    if (!capabilities.some((line) => /^STARTTLS\b/i.test(line)))
      throw refused("Server does not offer STARTTLS", `it offers ${capabilities.join(", ")}`);
  }
  yield* sendLine("STARTTLS");
  const answer = yield* readReply();
  if (answer.code !== 382) throw refusedAtFirst("Server refused STARTTLS", answer.words);
  return null;
}
