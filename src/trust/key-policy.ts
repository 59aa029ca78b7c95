import type { KeyPolicy } from "../probe/tls/client-options.ts";
import type { ProfileName } from "./profile-names.ts";
import { profileOf } from "./profiles.ts";

/** A key manager of the JDK that an application can be configured with. */
export type KeyManager = "SunX509" | "NewSunX509";

/**
 * How a kind of client chooses among its certificates. Java uses SunX509 unless its
 * `ssl.KeyManagerFactory.algorithm`, or the application, says otherwise; for others `manager` means nothing.
 */
export function keyPolicyOf(profile: ProfileName, manager: KeyManager | null): KeyPolicy {
  switch (profileOf(profile).rules.kind) {
    case "java":
      return manager === "NewSunX509" ? "pkix" : "sunx509";
    case "go":
      return "go";
    case "openssl":
    case "strict":
      return "configured";
  }
}
