import type { FailureCode, Handshake } from "../../probe/handshake.ts";
import type { HandshakeDiagnosis } from "../handshake-diagnosis.ts";
import { hostPort } from "../words.ts";

/** Ways in which a proxy on the way fails. */
export type ProxyFailure = Extract<FailureCode, `proxy-${string}` | "timeout-proxy">;

/** The proxy on the way refuses, wants to know who asks, or is none (D6). `said` is its answer. */
export function proxyFailure(
  { endpoint }: Handshake,
  code: ProxyFailure,
  said: string,
): HandshakeDiagnosis {
  return {
    code: "topology.proxy",
    summary: `No connection to ${hostPort(endpoint)} through the proxy: ${said}`,
    remedy: stepsFor(code),
  };
}

function stepsFor(code: ProxyFailure): readonly string[] {
  switch (code) {
    case "proxy-authentication":
      return [
        "Name the user in the URL of the proxy and its password with --proxy-password SPEC",
        "Ask the owner of the proxy which way of authentication it takes: Basic and SOCKS5 user names are known here",
      ];
    case "proxy-refused":
      return [
        "Ask the owner of the proxy to permit connections to this host and port",
        "Check that the proxy can resolve and reach the server",
      ];
    case "proxy-unreachable":
    case "proxy-malformed":
    case "timeout-proxy":
      return ["Check the address and kind of the proxy: http, https, socks5 or socks5h"];
  }
}
