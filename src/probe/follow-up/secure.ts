import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { writePem } from "../../x509/pem.ts";
import type { Keyring } from "../tls/client-options.ts";

/** How TLS is begun for a follow-up. */
export interface SecureOptions {
  readonly serverName: string | null;
  readonly keyring: Keyring | null;
}

/**
 * Begins TLS with the runtime's own implementation, which, unlike the engine, carries application data. It
 * accepts whatever the runtime can speak and checks no certificate. Rejects when the handshake fails.
 */
export async function secure(
  socket: Socket,
  { serverName, keyring }: SecureOptions,
): Promise<TLSSocket> {
  const { connect } = await import("node:tls");
  const [own] = keyring?.certificates ?? [];
  return new Promise((resolve, reject) => {
    const secured = connect({
      socket,
      rejectUnauthorized: false,
      minVersion: "TLSv1",
      ciphers: "DEFAULT:@SECLEVEL=0",
      ALPNProtocols: ["http/1.1"],
      ...(serverName === null ? {} : { servername: serverName }),
      ...(own === undefined
        ? {}
        : {
            cert: own.chain.map((der) => writePem("CERTIFICATE", der)).join(""),
            key: own.key.export({ format: "pem", type: "pkcs8" }),
          }),
    });
    secured.once("secureConnect", () => resolve(secured));
    secured.once("error", reject);
    secured.once("close", () =>
      reject(new Error("The connection was closed before an answer came")),
    );
  });
}
