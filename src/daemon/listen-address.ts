import type { EstateHttp } from "../estate/http/http.ts";
import { exposureOf } from "../estate/http/exposure.ts";
import { parseHostPort } from "../estate/host-port.ts";
import { fail, ok, type Result } from "../x509/result.ts";

/** Where to listen. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads `HOST:PORT`; beyond this machine only where the estate protects what is opened. The error is one
 * sentence that says what would be right.
 */
export function parseListenAddress(
  text: string,
  { tls, unencrypted, tokens, clientAuth }: EstateHttp,
): Result<ListenAddress, string> {
  const parsed = parseHostPort(text);
  if (parsed === null || parsed.port === null)
    return fail(`Expected HOST:PORT such as 127.0.0.1:9643, found ${JSON.stringify(text)}`);
  const { host, port } = parsed;
  const exposure = exposureOf(host, text, {
    tls: tls !== null,
    unencrypted,
    tokens: tokens.length > 0,
    clientAuth: clientAuth !== null,
  });
  if (exposure !== null) return fail(`${exposure.message}. ${exposure.hint}`);
  return ok({ host, port });
}
