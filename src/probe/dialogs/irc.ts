import { type Dialog, OtherProtocol, readLine, refused, sendLine, type Talk } from "./talk.ts";

/** Answers to CAP that show that a server does not know it, or not yet. */
const WITHOUT_CAPABILITIES: ReadonlySet<string> = new Set(["410", "421", "451", "461"]);

/**
 * IRC with STARTTLS (IRCv3 `tls` capability): CAP LS 302, STARTTLS, 670. A server that does not name the
 * capability is asked all the same, for older ones have the command without it.
 */
export function* irc(): Dialog {
  yield* sendLine("CAP LS 302");
  yield* readCapabilities();
  yield* sendLine("STARTTLS");
  for (;;) {
    const { command, words } = yield* readMessage(false);
    if (command === "670") return null;
    if (/^[45]\d\d$/.test(command) || command === "691" || command === "ERROR")
      throw refused("Server refused STARTTLS", words);
  }
}

function* readCapabilities(): Talk<void> {
  for (let first = true; ; first = false) {
    const { command, parameters, words } = yield* readMessage(first);
    if (command === "ERROR") throw refused("Server offers no service", words);
    if (WITHOUT_CAPABILITIES.has(command)) return;
    // a star before the list says that more lines follow (IRCv3 capability negotiation, version 302)
    if (command === "CAP" && parameters[1]?.toUpperCase() === "LS" && parameters[2] !== "*") return;
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
