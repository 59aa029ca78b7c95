import { isLoopbackHost, parseHostPort } from "../estate/host-port.ts";
import { beyondLoopback } from "../estate/references.ts";
import { fail, ok, type Result } from "../x509/result.ts";

/** Where to listen. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Reads `HOST:PORT` of this machine alone; the error is one sentence that says what would be right. */
export function parseListenAddress(text: string): Result<ListenAddress, string> {
  const parsed = parseHostPort(text);
  if (parsed === null || parsed.port === null)
    return fail(`Expected HOST:PORT such as 127.0.0.1:9643, found ${JSON.stringify(text)}`);
  const { host, port } = parsed;
  if (isLoopbackHost(host)) return ok({ host, port });
  const { message, hint } = beyondLoopback(text);
  return fail(`${message}. ${hint}`);
}
