import type { Assessment } from "../diagnosis/assessment.ts";
import type { Finding, Severity } from "../diagnosis/finding.ts";
import type { FindingCode } from "../diagnosis/finding-codes.ts";
import { targetInvalidFinding } from "../diagnosis/topology/target-invalid.ts";
import { internCertificate } from "../x509/certificate-cache.ts";
import type { RequestRecord } from "../probe/follow-up/request-record.ts";
import type { ProxyRecord } from "../probe/routes/proxy-record.ts";
import { type ClientAuthReport, clientAuthReport, NO_CLIENT_AUTH } from "./client-auth-record.ts";
import { type HelloSent, NO_PHASES, type PhaseTimings } from "../probe/handshake.ts";
import { type RevocationRecord, revocationRecords } from "./revocation-record.ts";
import { timeText } from "./time-text.ts";
import { hash } from "node:crypto";

/** One finding as it leaves the program. */
export interface FindingRecord {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly summary: string;
  readonly remedy: readonly string[];
}

/** One certificate as sent. Names and dates are null when it cannot be parsed. */
export interface CertificateRecord {
  readonly sha256: string;
  readonly subject: string | null;
  readonly issuer: string | null;
  readonly notBefore: string | null;
  readonly notAfter: string | null;
  /** Base64. */
  readonly der: string;
}

/** One line of `check --format ndjson`: one target, address and profile. */
export interface CheckRecord {
  readonly target: string;
  readonly address: string | null;
  readonly profile: string;
  readonly truststores: readonly string[];
  readonly trusted: boolean | null;
  readonly nameMatch: boolean | null;
  readonly findings: readonly FindingRecord[];
  /** SHA-256 of the accepted path, leaf first; empty without one. */
  readonly path: readonly string[];
  readonly chain: readonly CertificateRecord[];
  readonly clientMessage: string | null;
  readonly handshake: {
    readonly outcome: "complete" | "failed";
    readonly version: string | null;
    readonly cipherSuite: string | null;
    readonly group: string | null;
    readonly signatureScheme: string | null;
    readonly alpn: string | null;
    readonly clientCertificateRequested: boolean;
    /** Name of the alert received or sent, e.g. `handshake_failure`. */
    readonly alert: string | null;
    /** One reason from the closed list of failures. */
    readonly failure: string | null;
    /** Whose hello was sent; `wide` offers everything that Anchorwatch knows. */
    readonly hello: HelloSent;
    /** Milliseconds. */
    readonly phases: PhaseTimings;
    /** The proxy on the way; null without one. */
    readonly proxy: ProxyRecord | null;
    /** What came of a request after the handshake; null when none was made. */
    readonly request: RequestRecord | null;
  } & ClientAuthReport;
  /** What is known about the certificates of the path; empty without lists and responses. */
  readonly revocation: readonly RevocationRecord[];
  readonly breaksAt: string | null;
}

/** The machine-readable form of one result. */
export function checkRecord(target: string, assessment: Assessment): CheckRecord {
  const { client, handshake, verdict, findings, breaksAt } = assessment;
  return {
    target,
    address: handshake.address,
    profile: client.profile,
    truststores: client.truststores.map(({ name }) => name),
    trusted: verdict?.trusted ?? null,
    nameMatch: verdict?.nameMatch ?? null,
    findings: findings.map(findingRecord),
    path: verdict?.trusted === true ? verdict.path.map(({ sha256 }) => sha256) : [],
    chain: handshake.certificates.map(certificateRecord),
    clientMessage: findings[0]?.clientMessage ?? verdict?.clientMessage ?? null,
    handshake: {
      outcome: handshake.outcome,
      version: handshake.version,
      cipherSuite: handshake.cipherSuite,
      group: handshake.group,
      signatureScheme: handshake.signatureScheme,
      alpn: handshake.alpn,
      clientCertificateRequested: handshake.clientCertificateRequested,
      alert: handshake.alert?.description ?? null,
      failure: handshake.failure?.code ?? null,
      hello: handshake.hello,
      phases: handshake.phases,
      proxy: handshake.proxy,
      request: handshake.request,
      ...clientAuthReport(handshake),
    },
    revocation: revocationRecords(verdict?.revocation ?? []),
    breaksAt: breaksAt === null ? null : timeText(breaksAt),
  };
}

const NO_HANDSHAKE: CheckRecord["handshake"] = {
  outcome: "failed",
  version: null,
  cipherSuite: null,
  group: null,
  signatureScheme: null,
  alpn: null,
  clientCertificateRequested: false,
  alert: null,
  failure: null,
  hello: "wide",
  phases: NO_PHASES,
  proxy: null,
  request: null,
  ...NO_CLIENT_AUTH,
};

/** The record of a line that is no target, so that a list loses no line. */
export function invalidTargetRecord(target: string, message: string): CheckRecord {
  const finding = targetInvalidFinding(message);
  return {
    target,
    address: null,
    profile: "",
    truststores: [],
    trusted: null,
    nameMatch: null,
    findings: [findingRecord(finding)],
    path: [],
    chain: [],
    clientMessage: null,
    handshake: NO_HANDSHAKE,
    revocation: [],
    breaksAt: null,
  };
}

/** The machine-readable form of a finding. */
export function findingRecord({ code, severity, summary, remedy }: Finding): FindingRecord {
  return { code, severity, summary, remedy };
}

/** The machine-readable form of a certificate as sent, readable or not. */
export function certificateRecord(der: Uint8Array): CertificateRecord {
  const base64 = Buffer.from(der.buffer, der.byteOffset, der.byteLength).toString("base64");
  const parsed = internCertificate(der);
  if (!parsed.ok)
    return {
      sha256: hash("sha256", der, "hex"),
      subject: null,
      issuer: null,
      notBefore: null,
      notAfter: null,
      der: base64,
    };
  const { sha256, subject, issuer, notBefore, notAfter } = parsed.value;
  return {
    sha256,
    subject: subject.text,
    issuer: issuer.text,
    notBefore: timeText(notBefore),
    notAfter: timeText(notAfter),
    der: base64,
  };
}
