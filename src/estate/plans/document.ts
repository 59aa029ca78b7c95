import type { ProfileName } from "../../trust/profile-names.ts";
import type { NameCheck, PeerCheck } from "../../trust/verdict.ts";
import type { IdentityDocument, SecretDocument } from "../document.ts";

/** What an API Gateway may use a trusted certificate for, by the names of its properties. */
export const GATEWAY_FLAGS = [
  "trustedForSsl",
  "trustedForSigningServerCerts",
  "trustedForSigningClientCerts",
  "trustedAsSamlIssuer",
  "trustedAsSamlAttestingEntity",
  "trustAnchor",
  "verifyHostname",
  "revocationCheckingEnabled",
] as const;

/** One of GATEWAY_FLAGS. */
export type GatewayFlag = (typeof GATEWAY_FLAGS)[number];

/** One or several texts, as written. */
type OneOrMore = string | readonly string[];

/** One change as written: exactly one of `endpoint`, `truststore` and `client` is there. */
export interface ChangeDocument {
  readonly endpoint?: string | undefined;
  readonly serves?: OneOrMore | undefined;
  readonly key?: string | undefined;
  readonly keyPassword?: SecretDocument | undefined;
  readonly url?: string | undefined;
  readonly connect?: string | undefined;
  readonly serverName?: string | undefined;
  readonly truststore?: string | undefined;
  readonly add?: OneOrMore | undefined;
  readonly remove?: OneOrMore | undefined;
  readonly replace?: OneOrMore | undefined;
  readonly password?: SecretDocument | undefined;
  readonly certificate?: string | undefined;
  readonly flags?: readonly GatewayFlag[] | undefined;
  readonly client?: string | undefined;
  readonly profile?: ProfileName | undefined;
  readonly "java-security"?: string | undefined;
  readonly peerCheck?: PeerCheck | undefined;
  readonly nameCheck?: NameCheck | undefined;
  readonly trust?: OneOrMore | undefined;
  readonly identity?: IdentityDocument | "none" | undefined;
}

/** A change plan as written. */
export interface PlanDocument {
  readonly version?: 1 | undefined;
  readonly changes: readonly ChangeDocument[];
  readonly at?: string | undefined;
}
