import { readListLines } from "./line-list.ts";
import {
  type Dialog,
  malformed,
  OtherProtocol,
  readLine,
  refused,
  refusedAtFirst,
  sendLine,
} from "./talk.ts";

/** POP3 with STLS (RFC 2595 section 4). A server that does not know CAPA is asked all the same. */
export function* pop3(): Dialog {
  const greeting = yield* readLine();
  if (!isAnswer(greeting)) throw new OtherProtocol();
  if (!accepts(greeting)) throw refusedAtFirst("Server offers no service", greeting);
  yield* sendLine("CAPA");
  const offer = yield* readLine();
  if (accepts(offer)) {
    const capabilities = yield* readListLines();
    if (!capabilities.some((line) => /^STLS\b/i.test(line)))
      throw refused("Server does not offer STLS", `it offers ${capabilities.join(", ")}`);
  } else if (!isAnswer(offer)) throw malformed("Server answers CAPA with neither +OK nor -ERR");
  yield* sendLine("STLS");
  const answer = yield* readLine();
  if (accepts(answer)) return null;
  if (isAnswer(answer)) throw refused("Server refused STLS", answer);
  throw malformed("Server answers STLS with neither +OK nor -ERR");
}

function accepts(line: string): boolean {
  return /^\+OK\b/i.test(line);
}

function isAnswer(line: string): boolean {
  return /^(?:\+OK|-ERR)(?:\s|$)/i.test(line);
}
