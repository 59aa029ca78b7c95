import type { StoreError } from "../../truststore/truststore.ts";
import type { Profile } from "../../trust/profile.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { nothingTrustedWords } from "./nothing-trusted-words.ts";
import { unreadableParts } from "./unreadable.ts";

/** The certificates are encrypted and the client gives no password: Java opens the store and sees nothing in it (A8). */
export function passwordMissingFinding(name: string, error: StoreError, profile: Profile): Finding {
  const parts = unreadableParts(name, error, profile);
  const seesNothing = profile.storeFamily === "java" && error.format === "pkcs12";
  return makeFinding("truststore.password-missing", {
    ...parts,
    summary: seesNothing
      ? `${parts.summary}; ${profile.title} opens it all the same and finds 0 certificates in it`
      : parts.summary,
    remedy: [
      "Configure the client with the password of the store, for Java -Djavax.net.ssl.trustStorePassword or the password of the keyStore element",
      ...parts.remedy,
    ],
    clientMessage: seesNothing ? nothingTrustedWords(profile) : (parts.clientMessage ?? null),
  });
}
