import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { type ClosedStore, passwordSteps } from "../remedies/password-steps.ts";
import { unreadableParts } from "./unreadable.ts";

/** The file is in order and the password given does not open it (A5). */
export function wrongPasswordFinding(closed: ClosedStore): Finding {
  const { name, error, profile } = closed;
  return makeFinding("truststore.wrong-password", {
    ...unreadableParts(name, error, profile),
    remedy: [...error.remedy, ...passwordSteps(closed)],
  });
}
