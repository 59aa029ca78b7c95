import { isLoopbackHost } from "../host-port.ts";

/** What protects the page and the API. */
export interface Protection {
  readonly tls: boolean;
  readonly unencrypted: boolean;
  readonly tokens: boolean;
  readonly clientAuth: boolean;
}

/** Why an address must not be listened on, and what would be right. */
export interface Exposure {
  readonly message: string;
  readonly hint: string;
}

/** Why a host must not be listened on with this protection; null where nothing speaks against it. */
export function exposureOf(host: string, listen: string, protection: Protection): Exposure | null {
  const { tls, unencrypted, tokens, clientAuth } = protection;
  const opens = `Listening on ${listen} would open the page and the API to other machines`;
  if (isLoopbackHost(host)) return null;
  if (!tokens && !clientAuth)
    return {
      message: `${opens} without access control`,
      hint: "Use a loopback address such as 127.0.0.1:9643, or add http.tls and http.tokens",
    };
  if (!tls && !unencrypted)
    return {
      message: `${opens} without encryption`,
      hint: "Add http.tls, or http.unencrypted: true where something else encrypts the way",
    };
  return null;
}
