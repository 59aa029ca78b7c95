import type { Assessment } from "../../diagnosis/assessment.ts";
import { dateText, printable } from "../../diagnosis/words.ts";
import type { RequestRecord } from "../../probe/follow-up/request-record.ts";
import { revocationText } from "../revocation-record.ts";

/** One line of facts about a conversation. */
export interface Fact {
  readonly label: string;
  readonly text: string;
}

/** What was negotiated and found out beside the verdict, for people. */
export function factsOf({ handshake, verdict, breaksAt }: Assessment): readonly Fact[] {
  const { version, cipherSuite, group, signatureScheme, phases } = handshake;
  const negotiated = [
    version,
    cipherSuite,
    group,
    signatureScheme,
    clientAuthText(handshake),
    phases.complete === null ? null : `${Math.round(phases.complete)} ms`,
  ].filter((fact) => fact !== null);
  const revocation = revocationText(verdict?.revocation ?? []);
  return [
    ...(negotiated.length === 0 ? [] : [{ label: "handshake", text: negotiated.join(" · ") }]),
    ...(handshake.request === null
      ? []
      : [{ label: "request", text: requestText(handshake.request) }]),
    ...(revocation === null ? [] : [{ label: "revocation", text: revocation }]),
    ...(breaksAt === null ? [] : [{ label: "works until", text: dateText(breaksAt) }]),
  ];
}

/** Null when the server asks for no client certificate. */
function clientAuthText({
  clientCertificateRequested,
  clientCertificateAnswer,
  clientAuth,
}: Assessment["handshake"]): string | null {
  if (!clientCertificateRequested) return null;
  const sent = clientCertificateAnswer?.kind === "sent" ? ", one was sent" : "";
  switch (clientAuth) {
    case "required":
      return `requires a client certificate${sent}`;
    case "optional":
      return `asks for a client certificate, optional${sent}`;
    case "none":
    case null:
      return `asks for a client certificate${sent}`;
  }
}

function requestText({ method, path, status, reason, failure, ...rest }: RequestRecord): string {
  const answer = status === null ? (failure ?? "no answer") : `${status} ${reason ?? ""}`.trim();
  return [
    `${method} ${printable(path)}`,
    printable(answer),
    rest.location === null ? null : `to ${printable(rest.location)}`,
    rest.strictTransportSecurity === null ? null : "HSTS",
    `${Math.round(rest.timeMs)} ms`,
  ]
    .filter((part) => part !== null)
    .join(" · ");
}
