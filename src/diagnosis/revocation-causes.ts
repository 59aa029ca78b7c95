import type { UnknownCause } from "../trust/revocation/status.ts";

/** What keeps a list or a response from telling, as a clause. */
export const CAUSE_TEXTS: Record<UnknownCause, string> = {
  "not-offered": "the certificate names neither a list nor a responder",
  "not-given": "the client has neither a list nor a response",
  "not-covered": "what the client has is about other certificates",
  "reasons-open": "the lists answer for some reasons only",
  "responder-error": "the responder answers with an error",
  "responder-unaware": "the responder does not know it",
  malformed: "it is malformed",
  "critical-extension": "it has a critical extension that is not understood",
  "signer-unauthorised": "whoever signed it may not do so",
  "signature-invalid": "its signature fails",
  "not-yet-valid": "it is not valid yet",
  stale: "it is out of date",
};
