import { isIP, type Socket } from "node:net";
import { fail, ok, type Result } from "../../x509/result.ts";
import { CANCELLED } from "../failures.ts";
import type { HandshakeFailure } from "../handshake.ts";
import type { Leash } from "../leash.ts";
import { type Proxy, proxyName } from "./route.ts";

/**
 * Begins TLS with an `https` proxy. Its certificate is checked, because it gets the credentials: against the
 * given anchors, or those of the runtime. On failure the socket is closed. Never rejects.
 */
export async function secureProxy(
  socket: Socket,
  proxy: Proxy,
  leash: Leash,
): Promise<Result<Socket, HandshakeFailure>> {
  const { connect } = await import("node:tls");
  return new Promise((resolve) => {
    let failure: HandshakeFailure | null = null;
    const secured = connect({
      socket,
      ALPNProtocols: ["http/1.1"],
      ...(isIP(proxy.host) === 0 ? { servername: proxy.host } : {}),
      // without a name Node compares the certificate with the host
      host: proxy.host,
      ...(proxy.anchors === null ? {} : { ca: [...proxy.anchors] }),
    });
    const broken = (error: Error): void => {
      failure ??= {
        code: "proxy-unreachable",
        message: `TLS with the proxy ${proxyName(proxy)} failed (${reasonOf(error)})`,
      };
      // Node leaves the connection below open when the certificate is refused
      socket.destroy();
    };
    const closed = (): void => {
      broken(new Error("closed"));
      resolve(fail(failure ?? CANCELLED));
    };
    secured.on("error", broken).on("close", closed);
    secured.once("secureConnect", () => {
      secured.off("error", broken).off("close", closed);
      resolve(ok(secured));
    });
    leash.hold((end) => {
      failure ??=
        end.kind === "cancelled"
          ? CANCELLED
          : {
              code: "timeout-proxy",
              message: `Proxy ${proxyName(proxy)} did not complete its TLS handshake within ${Math.round(end.afterMs)} ms`,
            };
      secured.destroy();
      socket.destroy();
    });
  });
}

/** The runtime's code, which names the reason: `CERT_HAS_EXPIRED`, `ECONNRESET`. */
function reasonOf(error: Error): string {
  return "code" in error ? String(error.code) : "the connection was closed";
}
