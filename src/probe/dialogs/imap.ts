import {
  type Dialog,
  malformed,
  OtherProtocol,
  readLine,
  refused,
  sendLine,
  type Talk,
} from "./talk.ts";

const GREETING = /^\* (OK|PREAUTH|BYE)(?:\s|$)/i;

/** IMAP with STARTTLS (RFC 9051 section 6.2.1): greeting, CAPABILITY, STARTTLS. */
export function* imap(): Dialog {
  const greeting = yield* readLine();
  const status = GREETING.exec(greeting)?.[1]?.toUpperCase();
  if (status === undefined) throw new OtherProtocol();
  if (status === "BYE") throw refused("Server offers no service", greeting);
  if (status === "PREAUTH")
    throw refused(
      "Server has logged the client in already, where TLS can no longer begin",
      greeting,
    );
  const offer = yield* command("a1", "CAPABILITY");
  const capabilities = offer.untagged
    .filter((line) => /^CAPABILITY\s/i.test(line))
    .flatMap((line) => line.split(/\s+/).slice(1));
  if (offer.status === "OK" && !capabilities.some((name) => name.toUpperCase() === "STARTTLS"))
    throw refused("Server does not offer STARTTLS", `it offers ${capabilities.join(" ")}`);
  const answer = yield* command("a2", "STARTTLS");
  if (answer.status !== "OK") throw refused("Server refused STARTTLS", answer.words);
  return null;
}

interface Completion {
  readonly status: "OK" | "NO" | "BAD";
  /** Status and text of the tagged line. */
  readonly words: string;
  /** What stood behind the star in the lines before it. */
  readonly untagged: readonly string[];
}

function* command(tag: string, words: string): Talk<Completion> {
  yield* sendLine(`${tag} ${words}`);
  const untagged: string[] = [];
  for (;;) {
    const line = yield* readLine();
    const [, status] = new RegExp(`^${tag} (OK|NO|BAD)(?:\\s|$)`, "i").exec(line) ?? [];
    if (status !== undefined)
      return {
        status: status.toUpperCase() as Completion["status"],
        words: line.slice(tag.length + 1),
        untagged,
      };
    if (/^\* BYE\b/i.test(line)) throw refused(`Server ends the session at ${words}`, line);
    if (!line.startsWith("* ")) throw malformed(`Server's answer to ${words} has another tag`);
    untagged.push(line.slice(2));
  }
}
