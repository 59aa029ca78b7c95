import type { CertificateAnswerRecord } from "../../probe/client-auth-record.ts";
import type { Handshake } from "../../probe/handshake.ts";
import { wouldAnswer } from "../../probe/same-answer.ts";
import type { Keyring } from "../../probe/tls/client-options.ts";
import { internCertificate } from "../../x509/certificate-cache.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { extendedKeyUsage, valueOf } from "../../x509/extensions.ts";
import type { LoadedClient } from "../loaded-client.ts";
import type { Observation } from "../observation.ts";

/** What a client would see; `unknown`: what others saw does not tell, and why, behind the name of the endpoint. */
export type Shown =
  | {
      readonly kind: "seen";
      readonly observation: Observation;
      /** Behind the name of the endpoint; null when nothing had to be assumed. */
      readonly assumption: string | null;
    }
  | { readonly kind: "unknown"; readonly why: string };

/** What else is known. */
export interface ShownContext {
  /** Every client before the plan: with their certificates the conversations were made. */
  readonly others: Iterable<LoadedClient>;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * What a client would see with its own certificate, where no conversation was made with it: the same as others who would
 * have answered the server alike, who show as little, or whose certificate is of the same issuer.
 */
export function asShownTo(
  { identity, party }: LoadedClient,
  seen: Observation,
  context: ShownContext,
): Shown {
  if (identity !== null && !identity.ok)
    return { kind: "seen", observation: seen, assumption: null };
  const id = identity?.value.id ?? null;
  if (seen.handshakes.some((each) => each.identity === id))
    return { kind: "seen", observation: seen, assumption: null };
  const keyring = identity?.value.keyring ?? null;
  const byAddress = Map.groupBy(seen.handshakes, ({ handshake }) => handshake.address);
  const handshakes: Handshake[] = [];
  let assumption: string | null = null;
  for (const shown of byAddress.values()) {
    const answer = answerTo(
      shown.map(({ handshake }) => handshake),
      keyring,
      context,
    );
    if (answer.kind === "unknown") return answer;
    handshakes.push(answer.handshake);
    assumption ??= answer.assumption;
  }
  return {
    kind: "seen",
    observation: {
      ...seen,
      handshakes: handshakes.map((handshake) => ({ identity: id, handshake })),
      own: (seen.own ?? []).filter(({ client }) => client === party.name),
    },
    assumption,
  };
}

type Answer =
  | {
      readonly kind: "answer";
      readonly handshake: Handshake;
      readonly assumption: string | null;
    }
  | { readonly kind: "unknown"; readonly why: string };

const exactly = (handshake: Handshake): Answer => ({
  kind: "answer",
  handshake,
  assumption: null,
});

/** How one address would answer a client with a keyring, from its conversations with others. */
function answerTo(
  shown: readonly Handshake[],
  keyring: Keyring | null,
  context: ShownContext,
): Answer {
  const answers = shown.map((handshake) => ({
    handshake,
    own: wouldAnswer(handshake, keyring),
  }));
  const alike = answers.find(
    ({ handshake, own }) =>
      isDecidedBefore(handshake) ||
      handshake.certificateRequest === null ||
      JSON.stringify(own) === JSON.stringify(handshake.clientCertificateAnswer),
  );
  if (alike !== undefined) return exactly(alike.handshake);
  const [first] = answers;
  if (first?.own === null || first === undefined)
    return { kind: "unknown", why: "answers in a way that tells nothing" };
  return first.own.kind === "empty"
    ? withoutCertificate(shown, first.own)
    : withCertificate(shown, first.own, keyring, context);
}

/** A conversation that failed before any certificate of a client could matter. */
const isDecidedBefore = ({
  outcome,
  certificates,
  clientCertificateRequested,
}: Handshake): boolean =>
  outcome === "failed" && certificates.length === 0 && !clientCertificateRequested;

/** A server does not learn why it gets no certificate. */
function withoutCertificate(shown: readonly Handshake[], answer: CertificateAnswerRecord): Answer {
  const silent = shown.find(
    ({ clientCertificateAnswer }) => clientCertificateAnswer?.kind === "empty",
  );
  if (silent !== undefined) return exactly({ ...silent, clientCertificateAnswer: answer });
  const settled = shown.find(({ clientAuth }) => clientAuth !== null);
  switch (settled?.clientAuth) {
    case "required":
      return exactly({
        ...settled,
        clientCertificateAnswer: answer,
        outcome: "failed",
        stage: "certificate",
        failure: {
          code: "client-certificate-required",
          message: "The server does not go on without a client certificate",
        },
      });
    case "optional":
      return exactly({ ...settled, clientCertificateAnswer: answer });
    case "none":
    case null:
    case undefined:
      return {
        kind: "unknown",
        why: "asks for a certificate, and whether it goes on without one is not known",
      };
  }
}

function withCertificate(
  shown: readonly Handshake[],
  answer: CertificateAnswerRecord & { readonly kind: "sent" },
  keyring: Keyring | null,
  { others, at }: ShownContext,
): Answer {
  const mine = leafOf(chainWith(answer.sha256, keyring));
  if (mine === null)
    return {
      kind: "unknown",
      why: "asks for a certificate, and the new one of the client cannot be read",
    };
  const fault = clientFault(mine, at);
  if (fault !== null) return { kind: "unknown", why: `asks for a certificate, and ${fault}` };
  const known = [...others];
  for (const handshake of shown) {
    const { clientCertificateAnswer: theirs, outcome } = handshake;
    if (theirs?.kind !== "sent" || outcome !== "complete") continue;
    const accepted = known
      .map(({ identity }) =>
        leafOf(chainWith(theirs.sha256, identity?.ok === true ? identity.value.keyring : null)),
      )
      .find((leaf) => leaf !== null);
    if (
      accepted?.issuer.text === mine.issuer.text &&
      accepted.publicKey.type === mine.publicKey.type
    )
      return {
        kind: "answer",
        handshake: { ...handshake, clientCertificateAnswer: answer },
        assumption: `is assumed to accept the new certificate of ${mine.subject.text}, for it accepts one of the same issuer`,
      };
  }
  const isListed = shown.some(({ certificateRequest }) =>
    certificateRequest?.authorities.some((name) => Buffer.from(name).equals(mine.issuer.der)),
  );
  return {
    kind: "unknown",
    why: `asks for a certificate, and what it makes of one that ${mine.issuer.text} issued is not known${
      isListed ? "; it names that issuer among those that it accepts" : ""
    }`,
  };
}

const chainWith = (sha256: string, keyring: Keyring | null): readonly Uint8Array[] =>
  keyring?.certificates.find(({ chain: [own] }) => own !== undefined && sha256Of(own) === sha256)
    ?.chain ?? [];

function sha256Of(der: Uint8Array): string | null {
  const read = internCertificate(der);
  return read.ok ? read.value.sha256 : null;
}

function leafOf([own]: readonly Uint8Array[]): Certificate | null {
  const read = own === undefined ? null : internCertificate(own);
  return read?.ok === true ? read.value : null;
}

/** clientAuth, anyExtendedKeyUsage. */
const CLIENT_PURPOSES: ReadonlySet<string> = new Set(["1.3.6.1.5.5.7.3.2", "2.5.29.37.0"]);

/** Why no server would accept a client's certificate; null where it might. */
function clientFault(certificate: Certificate, at: number): string | null {
  const { notAfter, notBefore, subject } = certificate;
  if (at > notAfter) return `the new one of ${subject.text} is expired`;
  if (at < notBefore) return `the new one of ${subject.text} is not valid yet`;
  const purposes = valueOf(extendedKeyUsage(certificate));
  return purposes === undefined || purposes.some((oid) => CLIENT_PURPOSES.has(oid))
    ? null
    : `the new one of ${subject.text} is not meant for clients`;
}
