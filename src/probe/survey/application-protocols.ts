import { buildHello, type HelloOffer } from "../tls/hello-builder.ts";
import type { Interview } from "./interview.ts";
import { shrink } from "./shrink.ts";
import type { AlpnSurvey } from "./survey-record.ts";

/** Protocols that servers are asked for (IANA TLS Application-Layer Protocol Negotiation Protocol IDs). */
const PROTOCOLS: readonly string[] = [
  "h2",
  "http/1.1",
  "http/1.0",
  "grpc-exp",
  "imap",
  "pop3",
  "managesieve",
  "smtp",
  "lmtp",
  "xmpp-client",
  "xmpp-server",
  "mqtt",
  "amqp",
  "dot",
  "ftp",
  "nntp",
  "irc",
  "postgresql",
  "tds/8.0",
  "ldap",
  "sip/2",
  "acme-tls/1",
];

/** Finds the application protocols that a server agrees to; `usual` is a hello that it is known to answer. */
export async function surveyApplicationProtocols(
  interview: Interview,
  usual: HelloOffer,
): Promise<AlpnSurvey> {
  const { chosen, end } = await shrink(PROTOCOLS, {
    ask: (alpn) =>
      interview.ask({ shape: buildHello(usual), alpn, until: ["alpn", "certificates"] }),
    choice: ({ alpn }) => alpn ?? undefined,
  });
  return {
    protocols: chosen.map(({ item }) => item),
    insists:
      end !== null &&
      end.kind === "refused" &&
      end.failure.message.includes("no_application_protocol"),
  };
}
