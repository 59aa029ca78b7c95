import type { Certificate, Severity } from "./types.ts";

/** One way from the server's certificate upwards. */
export interface TriedPath {
  readonly isAccepted: boolean;
  /** What is missing above the last certificate; null where that is the anchor. */
  readonly end: string | null;
  readonly steps: readonly {
    readonly sha256: string;
    readonly faults: readonly string[];
    readonly edgeFaults: readonly string[];
  }[];
}

/** What a client of one profile makes of the handshake. */
export interface ProfileVerdict {
  readonly profile: string;
  readonly isOwn: boolean;
  readonly ok: boolean;
  readonly trusted: boolean | null;
  readonly nameMatch: boolean | null;
  readonly code: string | null;
  readonly severity: Severity | null;
  readonly headline: string | null;
  readonly clientMessage: string | null;
  readonly breaksAt: string | null;
}

/** How a verdict came about, as `/api/v1/links/CLIENT/ENDPOINT/judgement` tells it. */
export interface Judgement {
  readonly judgedAt: string;
  readonly address: string | null;
  readonly sent: readonly {
    readonly position: number;
    readonly sha256: string | null;
    readonly role: "leaf" | "issuer" | "repeated" | "stray" | "unreadable";
    readonly note: string | null;
  }[];
  readonly stores: { readonly names: readonly string[]; readonly anchors: number } | null;
  readonly held: readonly {
    readonly sha256: string;
    readonly store: string;
    readonly path: string | null;
    readonly alias: string | null;
  }[];
  readonly certificates: readonly Certificate[];
  readonly paths: readonly TriedPath[];
  readonly pathCount: number;
  readonly profiles: readonly ProfileVerdict[];
}
