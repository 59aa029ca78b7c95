import type { Handshake } from "../../probe/handshake.ts";
import { clockAhead } from "../../probe/investigation/server-clock.ts";
import type { Certificate } from "../../x509/certificate.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import type { Situation } from "../situation.ts";
import { dateText, distanceText, shortName } from "../words.ts";

/** Clocks of servers are off by seconds; more than this is no accident of the network. */
const TOLERANCE = 5 * 60_000;

/** Another moment than the present was judged when it is further from the conversation than this. */
const PRESENT = 3_600_000;

const REMEDY = [
  "Compare both clocks with a third one: date -u on the client and on the server, chronyc tracking or timedatectl status",
  "Repair NTP where the clock is wrong; a JVM needs no restart for it",
] as const;

/**
 * The clock that judges and the clock of the server are apart (C3): its HTTP answer shows it (RFC 9110 section 6.6.1),
 * or its hellos of TLS 1.2 do. It is the cause where the certificate that is refused for its dates is valid by the server's clock.
 */
export function clientClockFinding(situation: Situation): Finding | null {
  const { handshake, at, verdict, sent } = situation;
  const skew = requestSkew(handshake) ?? helloSkew(situation);
  if (skew === null || Math.abs(skew) <= TOLERANCE) return null;
  const asked = Date.parse(handshake.startedAt) + (handshake.request?.timeMs ?? 0);
  if (Math.abs(at - asked) > PRESENT) return null;
  const clocks = `the clock here says ${dateText(at)}, that of the server ${dateText(at + skew)}`;
  const refused = refusedForDates(situation);
  if (refused !== null && isValid(refused, at + skew))
    return makeFinding("leaf.client-clock", {
      severity: "critical",
      summary: `The clock of this client is wrong, most likely: ${clocks}, by which ${shortName(refused.subject)} is valid (from ${dateText(refused.notBefore)} until ${dateText(refused.notAfter)})`,
      remedy: REMEDY,
      certificates: [refused],
      time: at < refused.notBefore ? refused.notBefore : refused.notAfter,
      clientMessage: verdict.clientMessage,
    });
  return makeFinding("leaf.client-clock", {
    severity: "info",
    summary: `The clocks of client and server are ${distanceText(0, skew)} apart: ${clocks}`,
    remedy: REMEDY,
    certificates: sent.slice(0, 1),
  });
}

/** Milliseconds by which the server's clock is ahead, by its answer to a request; null where there is none. */
function requestSkew({ request, startedAt }: Handshake): number | null {
  const date = request?.date ?? null;
  if (date === null) return null;
  const skew = Date.parse(date) - Date.parse(startedAt) - (request?.timeMs ?? 0);
  return Number.isNaN(skew) ? null : skew;
}

/** The same by the hellos of this conversation and of those that explain it. */
function helloSkew({ handshake, investigation = null }: Situation): number | null {
  const { experiments = [] } = investigation ?? {};
  return clockAhead([handshake, ...experiments.map((experiment) => experiment.handshake)]);
}

/** The certificate that the client refuses because of its dates; null where it refuses for another reason, or none. */
function refusedForDates({ verdict, sent, anchors, at }: Situation): Certificate | null {
  const { reason } = verdict;
  if (reason === null) return null;
  const named =
    sent.find(({ sha256 }) => sha256 === reason.certificate) ??
    anchors.find(({ certificate }) => certificate.sha256 === reason.certificate)?.certificate;
  if (reason.code === "expired" || reason.code === "not-yet-valid") return named ?? null;
  // some clients swallow the reason
  return reason.code === "issuer-unknown"
    ? (sent.find((certificate) => !isValid(certificate, at)) ?? null)
    : null;
}

function isValid({ notBefore, notAfter }: Certificate, at: number): boolean {
  return notBefore <= at && at <= notAfter;
}

/** Whether a finding is about dates that the clock explains. */
export function followsFromClock({ code }: Finding): boolean {
  return (
    code === "leaf.expired" ||
    code === "leaf.not-yet-valid" ||
    code.endsWith("-expired") ||
    code.endsWith("-not-yet-valid")
  );
}
