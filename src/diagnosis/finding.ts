import type { FindingCode } from "./finding-codes.ts";

/** `critical`: the link is broken; `warning`: it will break or breaks for other clients; `info`: worth knowing. */
export type Severity = "critical" | "warning" | "info";

/** What a finding rests on; every field is optional evidence, none is a secret. */
export interface Evidence {
  /** SHA-256 of the certificates concerned. */
  readonly certificates: readonly string[];
  /** Name or path of the truststore concerned. */
  readonly truststore: string | null;
  readonly alias: string | null;
  /** RFC 3339 time that matters, e.g. an expiry. */
  readonly time: string | null;
}

/** A file that a remedy names; `check --extract` writes it, others can offer it for download. */
export interface Attachment {
  /** `certificate`: one to import or compare; `chain`: what the server should send, leaf first. */
  readonly kind: "certificate" | "chain";
  /** Lower-case letters, digits and hyphens, ending in `.pem`. */
  readonly fileName: string;
  /** DER, in the order of the file. */
  readonly certificates: readonly Uint8Array[];
}

/** One diagnosed fact (design: finding). */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** One sentence without a trailing full stop. */
  readonly summary: string;
  readonly evidence: Evidence;
  /** Steps in order; commands stand alone in their step. */
  readonly remedy: readonly string[];
  /** What the client prints for this situation; null when it prints nothing. */
  readonly clientMessage: string | null;
  /** The files that the remedy names. @default none */
  readonly attachments?: readonly Attachment[];
}
