import type { Certificate } from "./types.ts";

/** A certificate as `/api/v1/certificates/SHA256` tells it. */
export interface CertificateDetail extends Certificate {
  readonly serial: string | null;
  /** Null where it cannot be read. */
  readonly details?: {
    readonly version: number;
    readonly key: string;
    readonly signatureAlgorithm: string | null;
    readonly extensions: readonly {
      readonly name: string;
      readonly critical: boolean;
      readonly value: string;
    }[];
  } | null;
  readonly pem: string;
  readonly seen: readonly {
    readonly endpoint: string;
    readonly address: string;
    readonly firstSeen: string | null;
    readonly lastSeen: string | null;
  }[];
}
