import type { GatewayFlag } from "../../estate/plans/document.ts";
import { isOutboundAnchor } from "../../estate/systems/api-gateway/derive.ts";

/** What the flags of a gateway's trusted certificate mean for the servers that it dials. */
export function gatewayUse(on: readonly GatewayFlag[]): {
  readonly isAnchor: boolean;
  readonly verifiesHostname: boolean;
} {
  const flags = new Set(on);
  return {
    isAnchor: isOutboundAnchor({
      flags: {
        ssl: flags.has("trustedForSsl"),
        signingServer: flags.has("trustedForSigningServerCerts"),
        trustAnchor: flags.has("trustAnchor"),
      },
    }),
    verifiesHostname: flags.has("verifyHostname"),
  };
}
