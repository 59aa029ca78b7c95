import type { StoreError } from "../../truststore/truststore.ts";
import type { Profile } from "../../trust/profile.ts";
import type { Finding } from "../finding.ts";
import { type FindingParts, makeFinding } from "../make-finding.ts";

/** What all findings about a store that could not be read say. */
export function unreadableParts(
  name: string,
  error: StoreError,
  { storeFamily }: Profile,
): FindingParts {
  // the message begins with the file, which is the store's name where there is no estate
  const named = error.message.startsWith(name) ? "" : ` ${name}:`;
  return {
    severity: "critical",
    summary: `Cannot read the truststore${named} ${error.message}`,
    remedy:
      error.remedy.length === 0
        ? ["Check path, permissions, format and password of the file"]
        : error.remedy,
    truststore: name,
    clientMessage: storeFamily === "java" ? error.javaMessage : null,
  };
}

/** The file is there, and its format or content is at fault (A6). */
export function unreadableFinding(name: string, error: StoreError, profile: Profile): Finding {
  return makeFinding("truststore.unreadable", unreadableParts(name, error, profile));
}
