import type { FindingCode } from "./finding-codes.ts";

/** What a failed conversation comes down to. */
export interface HandshakeDiagnosis {
  readonly code: FindingCode;
  readonly summary: string;
  readonly remedy: readonly string[];
  /** What the client prints; null or absent where that is not known. */
  readonly clientMessage?: string | null;
}
