import { type Dialog, OtherProtocol, readLine, refused, sendLine, type Talk } from "./talk.ts";

/**
 * IRC with STARTTLS (IRCv3 `tls` capability): CAP LS 302, STARTTLS, 670. Both commands go out at once, because
 * servers that do not know the one, or the other, may pass over it in silence.
 */
export function* irc(): Dialog {
  yield* sendLine("CAP LS 302");
  yield* sendLine("STARTTLS");
  const capabilities: string[] = [];
  let isListed = false;
  for (let first = true; ; first = false) {
    const { command, parameters, words } = yield* readMessage(first);
    if (command === "670") return null;
    if (command === "CAP" && parameters[1]?.toUpperCase() === "LS") {
      capabilities.push(...(parameters.at(-1) ?? "").split(" "));
      // a star before the list says that more lines follow (IRCv3 capability negotiation, version 302)
      isListed = parameters[2] !== "*" || parameters.length < 4;
      if (isListed && !capabilities.some((name) => /^tls(?:=|$)/i.test(name)))
        throw refused(
          "Server does not offer STARTTLS",
          `it offers ${capabilities.join(" ").trim()}`,
        );
    } else if (/^[45]\d\d$/.test(command)) {
      // what is refused first without being named is the first command
      const isAboutCapabilities = parameters[1] === "CAP" || parameters[1] !== "STARTTLS";
      if (isListed || !isAboutCapabilities) throw refused("Server refused STARTTLS", words);
      isListed = true;
    } else if (command === "691" || command === "ERROR")
      throw refused("Server refused STARTTLS", words);
  }
}

interface Message {
  readonly command: string;
  readonly parameters: readonly string[];
  /** Command and parameters as sent. */
  readonly words: string;
}

const MESSAGE = /^(?:@\S* +)?(:\S* +)?([A-Za-z]+|\d{3})(?: +(.*))?$/s;

/** The next message (RFC 2812 section 2.3.1); a PING is answered and not handed on. */
function* readMessage(first: boolean): Talk<Message> {
  for (;;) {
    const line = yield* readLine();
    if (line.trim() === "") continue;
    const [, source, command, rest = ""] = MESSAGE.exec(line) ?? [];
    if (command === undefined) throw new OtherProtocol();
    if (first && !isPlausible(command, source !== undefined)) throw new OtherProtocol();
    if (command.toUpperCase() === "PING") {
      yield* sendLine(`PONG ${rest}`);
      continue;
    }
    const [middle = "", ...trailing] = rest.split(/(?:^| ):/);
    const parameters = middle.split(" ").filter((word) => word !== "");
    if (trailing.length > 0) parameters.push(trailing.join(" :"));
    return { command: command.toUpperCase(), parameters, words: `${command} ${rest}` };
  }
}

/** What IRC servers say before they know the client; numbers always follow the server's name. */
function isPlausible(command: string, hasSource: boolean): boolean {
  if (/^\d/.test(command)) return hasSource;
  return /^(?:NOTICE|CAP|ERROR|PING|AUTHENTICATE|FAIL|NOTE|WARN)$/i.test(command);
}
