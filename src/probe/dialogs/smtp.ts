import { readGreeting, readReply } from "./replies.ts";
import {
  type Dialog,
  type DialogFacts,
  OtherProtocol,
  refused,
  refusedAtFirst,
  sendLine,
} from "./talk.ts";

/** SMTP with STARTTLS (RFC 3207): greeting, EHLO, STARTTLS. */
export function smtp(facts: DialogFacts): Dialog {
  return mail("EHLO", facts);
}

/** LMTP with STARTTLS (RFC 2033): SMTP with LHLO. */
export function lmtp(facts: DialogFacts): Dialog {
  return mail("LHLO", facts);
}

function* mail(hello: "EHLO" | "LHLO", { clientName }: DialogFacts): Dialog {
  const greeting = yield* readGreeting();
  if (greeting.code < 400 && greeting.code !== 220) throw new OtherProtocol();
  if (greeting.code !== 220) throw refusedAtFirst("Server offers no service", greeting.words);
  yield* sendLine(`${hello} ${clientName}`);
  const offer = yield* readReply();
  if (offer.code !== 250) throw refusedAtFirst(`Server refused ${hello}`, offer.words);
  const extensions = offer.lines.slice(1).map((line) => line.trim().split(/\s/)[0] ?? "");
  if (!extensions.some((name) => name.toUpperCase() === "STARTTLS"))
    throw refused(
      "Server does not offer STARTTLS",
      `it offers ${extensions.join(" ") || "nothing"}`,
    );
  yield* sendLine("STARTTLS");
  const answer = yield* readReply();
  if (answer.code !== 220) throw refused("Server refused STARTTLS", answer.words);
  return null;
}
