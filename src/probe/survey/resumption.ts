import type { Handshake } from "../handshake.ts";
import { ExtensionType } from "../tls/extensions.ts";
import { buildHello, MOST_SUITES } from "../tls/hello-builder.ts";
import type { HelloShape } from "../tls/hello-shape.ts";
import { type SessionKind, Sessions } from "../tls/sessions.ts";
import { completableSuites, singleHello } from "../tls/single-hello.ts";
import { Version } from "../tls/versions.ts";
import type { Interview } from "./interview.ts";
import type { Resumption } from "./survey-record.ts";

/** How sessions are resumed before TLS 1.3. */
export interface ResumptionSurvey {
  /** A complete handshake with everything that is usual. */
  readonly handshake: Handshake;
  readonly identifiers: Resumption | null;
  readonly tickets: Resumption | null;
}

/**
 * Completes one handshake with the wish for a ticket and one without, and offers back what they gave: a server
 * that resumes repeats the identifier of our hello (RFC 5246 section 7.4.1.3, RFC 5077 section 3.4).
 * @param cipherSuites those that the server takes up in the version
 */
export async function surveyResumption(
  interview: Interview,
  version: number,
  cipherSuites: readonly number[],
): Promise<ResumptionSurvey> {
  const completable = new Set(completableSuites(version));
  const usable = cipherSuites.filter((code) => completable.has(code));
  const offer = (usable.length === 0 ? cipherSuites : usable).slice(0, MOST_SUITES);
  const shape = singleHello({ version, cipherSuites: offer });
  const ticketless = singleHello({
    version,
    cipherSuites: offer,
    without: [ExtensionType.sessionTicket],
  });
  const attempt = async (asked: HelloShape, again: HelloShape, kind: SessionKind) => {
    const sessions = new Sessions();
    const handshake = await interview.ask({ shape: asked, sessions, leads: true });
    if (handshake.outcome !== "complete") return { handshake, result: null };
    const resumed = await resume(interview, again, sessions, kind);
    return { handshake, result: resumed === null ? "none" : resumed.echoed };
  };
  const [tickets, identifiers] = await Promise.all([
    version < Version.tls10
      ? { handshake: await interview.ask({ shape }), result: null }
      : attempt(shape, { ...shape, sessionIdLength: 32 }, "ticket"),
    attempt(ticketless, ticketless, "identifier"),
  ]);
  return {
    handshake: tickets.handshake,
    identifiers: identifiers.result,
    tickets: tickets.result,
  };
}

/** How sessions are resumed in TLS 1.3. */
export interface ResumptionSurvey13 {
  /** A complete handshake with everything that is usual, and the tickets that came after it. */
  readonly handshake: Handshake;
  readonly tickets: Resumption | null;
}

/**
 * Completes a handshake, waits for tickets, and offers one of them: a server that resumes answers
 * `pre_shared_key` in its ServerHello (RFC 8446 section 4.2.11).
 */
export async function surveyResumption13(
  interview: Interview,
  shareGroup: number | undefined,
): Promise<ResumptionSurvey13> {
  const sessions = new Sessions();
  const shapeWith = (additional: readonly number[]): HelloShape =>
    buildHello({
      versions: [Version.tls13],
      additional,
      ...(shareGroup === undefined ? {} : { keyShares: [shareGroup] }),
    });
  const { pskKeyExchangeModes, preSharedKey } = ExtensionType;
  const handshake = await interview.ask({
    shape: shapeWith([pskKeyExchangeModes]),
    readsOn: true,
    sessions,
    leads: true,
  });
  if (handshake.outcome !== "complete") return { handshake, tickets: null };
  const again = shapeWith([pskKeyExchangeModes, preSharedKey]);
  const resumed = await resume(interview, again, sessions, "pre-shared-key");
  return { handshake, tickets: resumed === null ? "none" : resumed.selected };
}

/** Offers a session back; null where there is none. */
async function resume(
  interview: Interview,
  shape: HelloShape,
  sessions: Sessions,
  kind: SessionKind,
): Promise<{
  readonly echoed: Resumption | null;
  readonly selected: Resumption | null;
} | null> {
  const session = sessions.of(kind);
  if (session === null) return null;
  const { serverHello, extensions } = await interview.ask({
    shape,
    resume: session,
    until: ["server-hello"],
  });
  const said = (yes: boolean): Resumption | null =>
    serverHello === null ? null : yes ? "resumed" : "not-resumed";
  return {
    echoed: said(serverHello?.sessionIdEchoed === true),
    selected: said(
      extensions.some(
        ({ code, message }) => code === ExtensionType.preSharedKey && message === "ServerHello",
      ),
    ),
  };
}
