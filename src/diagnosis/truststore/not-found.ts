import type { StoreError } from "../../truststore/truststore.ts";
import type { Profile } from "../../trust/profile.ts";
import type { Finding } from "../finding.ts";
import { unreadableParts } from "./unreadable.ts";
import { makeFinding } from "../make-finding.ts";

/**
 * The file is not there (A4). From release 9 on, and in the current updates of 8, OpenJDK then uses its own `cacerts`
 * without a word (sun.security.ssl.TrustStoreManager); IBM's JSSE2 refuses to start.
 */
export function notFoundFinding(name: string, error: StoreError, profile: Profile): Finding {
  const parts = unreadableParts(name, error, profile);
  const fallsBack = profile.rules.kind === "java" && profile.words === undefined;
  return makeFinding("truststore.not-found", {
    ...parts,
    summary: fallsBack
      ? `${parts.summary.replace(/; Java clients fall back[^;]*$/, "")}; ${profile.title} does not complain about that and trusts the CAs in its own cacerts instead`
      : parts.summary,
    remedy: [
      ...parts.remedy,
      ...(fallsBack
        ? [
            "To see it from inside, start the JVM with -Djavax.net.debug=trustmanager: it prints 'Inaccessible trust store' and the path",
          ]
        : []),
    ],
  });
}
