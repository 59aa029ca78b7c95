import type { Severity } from "../../diagnosis/finding.ts";
import { counted, dateText, shortName } from "../../diagnosis/words.ts";
import { internCertificate } from "../../x509/certificate-cache.ts";
import type { Certificate } from "../../x509/certificate.ts";
import {
  basicConstraints,
  extendedKeyUsage,
  subjectAltName,
  valueOf,
} from "../../x509/extensions.ts";
import { isSelfSigned, isSignedBy } from "../../x509/verify-signature.ts";

/** What can be wrong with a chain that a server shall send, whoever looks at it; closed list. */
export type ChainFaultCode =
  | "empty"
  | "unreadable"
  | "key-mismatch"
  | "expired"
  | "not-yet-valid"
  | "expires-soon"
  | "wrong-order"
  | "leaf-not-first"
  | "superfluous"
  | "root-sent"
  | "weak-key"
  | "weak-signature"
  | "no-name"
  | "wrong-purpose";

/** One fault of a new chain. */
export interface ChainFault {
  readonly endpoint: string;
  /** Index of the change in the plan. */
  readonly change: number;
  readonly code: ChainFaultCode;
  readonly severity: Severity;
  /** One sentence without a trailing full stop. */
  readonly summary: string;
}

/** A chain that an endpoint shall send. */
export interface NewChain {
  readonly endpoint: string;
  readonly change: number;
  /** DER, in the order of the files. */
  readonly certificates: readonly Uint8Array[];
  /** Whether the key that was given belongs to it; null when none was given. */
  readonly keyFits: boolean | null;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Remaining time from which an end of validity is reported, for a certificate with this lifetime; milliseconds. */
  readonly warning: (lifetime: number) => number;
}

type Fault = Pick<ChainFault, "code" | "severity" | "summary">;

/** What a careful administrator would say about a chain before it is installed, the gravest first. */
export function lintChain(chain: NewChain): readonly ChainFault[] {
  const { endpoint, change, certificates, keyFits } = chain;
  const read = certificates.map((der) => internCertificate(der));
  const sent = read.flatMap((each) => (each.ok ? [each.value] : []));
  const faults: readonly (Fault | null)[] = [
    certificates.length === 0
      ? { code: "empty", severity: "critical", summary: "The files hold no certificate" }
      : null,
    ...read.map((each, index) =>
      each.ok
        ? null
        : {
            code: "unreadable" as const,
            severity: "critical" as const,
            summary: `Certificate ${index + 1} cannot be read: ${each.error.message}`,
          },
    ),
    keyFits === false
      ? {
          code: "key-mismatch",
          severity: "critical",
          summary:
            "The private key does not belong to the first certificate, so no server starts with them",
        }
      : null,
    ...leafFaults(sent),
    ...sent.flatMap((certificate) => [
      dateFault(certificate, chain),
      keyFault(certificate),
      signatureFault(certificate),
    ]),
    ...orderFaults(sent),
  ];
  const order: readonly Severity[] = ["critical", "warning", "info"];
  return faults
    .filter((fault) => fault !== null)
    .map((fault) => ({ endpoint, change, ...fault }))
    .toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

function leafFaults([leaf, ...others]: readonly Certificate[]): readonly (Fault | null)[] {
  if (leaf === undefined) return [];
  const isCa = valueOf(basicConstraints(leaf))?.ca === true;
  const server = others.find((each) => valueOf(basicConstraints(each))?.ca !== true);
  if (isCa && server !== undefined)
    return [
      {
        code: "leaf-not-first",
        severity: "critical",
        summary: `The first certificate is that of a CA, ${shortName(leaf.subject)}; the server's own, ${shortName(server.subject)}, has to come first`,
      },
    ];
  const names = valueOf(subjectAltName(leaf)) ?? [];
  const purposes = valueOf(extendedKeyUsage(leaf));
  return [
    names.length === 0
      ? {
          code: "no-name",
          severity: "warning",
          summary: `${shortName(leaf.subject)} has no subject alternative name, which present clients ask for`,
        }
      : null,
    purposes !== undefined && !purposes.some((oid) => SERVER_PURPOSES.has(oid))
      ? {
          code: "wrong-purpose",
          severity: "critical",
          summary: `${shortName(leaf.subject)} is not meant for servers: its extended key usage lacks serverAuth`,
        }
      : null,
  ];
}

/** serverAuth, anyExtendedKeyUsage. */
const SERVER_PURPOSES: ReadonlySet<string> = new Set(["1.3.6.1.5.5.7.3.1", "2.5.29.37.0"]);

function dateFault(certificate: Certificate, { at, warning }: NewChain): Fault | null {
  const { notBefore, notAfter, subject } = certificate;
  const name = shortName(subject);
  if (at > notAfter)
    return {
      code: "expired",
      severity: "critical",
      summary: `${name} expired on ${dateText(notAfter)}`,
    };
  if (at < notBefore)
    return {
      code: "not-yet-valid",
      severity: "critical",
      summary: `${name} is not valid before ${dateText(notBefore)}`,
    };
  return notAfter - at <= warning(notAfter - notBefore)
    ? {
        code: "expires-soon",
        severity: "warning",
        summary: `${name} expires on ${dateText(notAfter)} already`,
      }
    : null;
}

function keyFault({ publicKey: { type, bits }, subject }: Certificate): Fault | null {
  const isRsa = type === "rsa" || type === "rsa-pss" || type === "dsa";
  const least = isRsa ? 2048 : type === "ec" ? 224 : 0;
  return bits === null || bits >= least
    ? null
    : {
        code: "weak-key",
        severity: bits < (isRsa ? 1024 : 160) ? "critical" : "warning",
        summary: `${shortName(subject)} has a key of ${bits} bits; ${least} are the least that present clients take`,
      };
}

function signatureFault(certificate: Certificate): Fault | null {
  const hash = certificate.signatureAlgorithm?.hash ?? "";
  // nobody verifies the signature of a root
  if (!["sha1", "md5", "md2"].includes(hash) || isSelfSigned(certificate)) return null;
  return {
    code: "weak-signature",
    severity: "warning",
    summary: `${shortName(certificate.subject)} is signed with ${hash.toUpperCase()}, which present clients refuse`,
  };
}

function orderFaults(sent: readonly Certificate[]): readonly (Fault | null)[] {
  const distinct = new Set(sent.map(({ sha256 }) => sha256));
  const roots = sent.slice(1).filter((each) => isSelfSigned(each));
  const chained = sent.filter((each, index) => index === 0 || !isSelfSigned(each));
  const broken = chained.find((each, index) => {
    const next = chained[index + 1];
    return next !== undefined && !isSignedBy(each, next);
  });
  const used = reachable(sent);
  const unused = [...distinct].filter((sha256) => !used.has(sha256)).length;
  return [
    broken !== undefined && distinct.size === sent.length && unused === 0
      ? {
          code: "wrong-order",
          severity: "warning",
          summary: `The certificates are out of order: behind ${shortName(broken.subject)} its issuer has to come`,
        }
      : null,
    unused > 0 || distinct.size < sent.length
      ? {
          code: "superfluous",
          severity: "warning",
          summary: `${counted(unused + sent.length - distinct.size, "certificate")} of the files ${unused + sent.length - distinct.size === 1 ? "has" : "have"} no part in the chain`,
        }
      : null,
    roots.length > 0
      ? {
          code: "root-sent",
          severity: "info",
          summary:
            "The root is among the certificates; it need not be sent, for a client trusts its own copy",
        }
      : null,
  ];
}

/** Certificates that are on some way up from the first. */
function reachable(sent: readonly Certificate[]): ReadonlySet<string> {
  const [leaf] = sent;
  const found = new Map(leaf === undefined ? [] : [[leaf.sha256, leaf]]);
  for (const each of found.values())
    for (const issuer of sent)
      if (!found.has(issuer.sha256) && isSignedBy(each, issuer)) found.set(issuer.sha256, issuer);
  return new Set(found.keys());
}
