import {
  type Dialog,
  type DialogFacts,
  heard,
  malformed,
  OtherProtocol,
  refused,
  sendMessage,
  type Talk,
} from "./talk.ts";
import { printable } from "./printable.ts";
import { type Markup, readMarkup, readTag } from "./xml-markup.ts";

/** XMPP from client to server with STARTTLS (RFC 6120 section 5). */
export function xmpp(facts: DialogFacts): Dialog {
  return stream("jabber:client", facts);
}

/** XMPP between servers. */
export function xmppServer(facts: DialogFacts): Dialog {
  return stream("jabber:server", facts);
}

const TLS = "urn:ietf:params:xml:ns:xmpp-tls";

function* stream(namespace: string, { serverName }: DialogFacts): Dialog {
  const to = serverName.replaceAll(/[^A-Za-z0-9._:[\]-]/g, "");
  const open = `<?xml version='1.0'?><stream:stream xmlns='${namespace}' xmlns:stream='http://etherx.jabber.org/streams' to='${to}' version='1.0'>`;
  yield* sendMessage(Buffer.from(open, "latin1"), `<stream to='${to}'>`);
  yield* openStream();
  const features = yield* readElement();
  if (features.name !== "features")
    throw malformed(`Server's stream begins with <${printable(features.name)}>, not with features`);
  if (!features.children.includes("starttls"))
    throw refused("Server does not offer STARTTLS", `it offers ${features.children.join(" ")}`);
  yield* sendMessage(Buffer.from(`<starttls xmlns='${TLS}'/>`, "latin1"), "<starttls>");
  const answer = yield* readElement();
  if (answer.name === "proceed") return null;
  if (answer.name === "failure") throw refused("Server refused STARTTLS", "failure");
  throw malformed(`Server answers starttls with <${printable(answer.name)}>`);
}

/** Reads up to the start of the server's stream. */
function* openStream(): Talk<void> {
  for (;;) {
    const markup = yield* readTag();
    if (markup.kind === "declaration") continue;
    if (markup.kind !== "start" || markup.name !== "stream") throw new OtherProtocol();
    yield* heard(markup.source);
    // servers from before RFC 3920 have neither the version nor features
    if (!/\sversion\s*=/.test(markup.source))
      throw refused("Server does not offer STARTTLS", "its stream has no version");
    return;
  }
}

interface Element {
  readonly name: string;
  /** Names of the elements directly within. */
  readonly children: readonly string[];
}

/** Reads one whole element of the stream; an error of the stream is the server's refusal. */
function* readElement(): Talk<Element> {
  let name: string | null = null;
  const children: string[] = [];
  let source = "";
  for (let depth = 0; name === null || depth > 0;) {
    const markup: Markup = name === null ? yield* readTag() : yield* readMarkup();
    source += markup.source;
    if (name === null && markup.kind !== "start" && markup.kind !== "empty") throw closed(markup);
    if (markup.kind === "start" || markup.kind === "empty") {
      if (name === null) name = markup.name;
      else if (depth === 1) children.push(markup.name);
    }
    depth += markup.kind === "start" ? 1 : markup.kind === "end" ? -1 : 0;
  }
  yield* heard(source);
  if (name === "error")
    throw refused("Server ends the stream", children.filter((child) => child !== "text").join(" "));
  return { name, children };
}

function closed(markup: Markup): Error {
  return markup.kind === "end"
    ? refused("Server ends the stream", markup.source)
    : malformed("Server sent an XML declaration within the stream");
}
