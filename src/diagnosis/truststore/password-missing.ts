import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { nothingTrustedWords } from "./nothing-trusted-words.ts";
import { type ClosedStore, passwordSteps } from "../remedies/password-steps.ts";
import { unreadableParts } from "./unreadable.ts";

/** The certificates are encrypted and the client gives no password: Java opens the store and sees nothing in it (A8). */
export function passwordMissingFinding(closed: ClosedStore): Finding {
  const { name, error, profile } = closed;
  const parts = unreadableParts(name, error, profile);
  const seesNothing = profile.storeFamily === "java" && error.format === "pkcs12";
  return makeFinding("truststore.password-missing", {
    ...parts,
    summary: seesNothing
      ? `${parts.summary.replace(/; Java opens it[^;]*$/, "")}; ${profile.title} opens it all the same and finds 0 certificates in it`
      : parts.summary,
    remedy: [...error.remedy, ...passwordSteps(closed)],
    clientMessage: seesNothing ? nothingTrustedWords(profile) : (parts.clientMessage ?? null),
  });
}
