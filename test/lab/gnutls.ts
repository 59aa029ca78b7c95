import type { IssuedCertificate, LabServer } from "./openssl.ts";
import { freePort, startProcess } from "./process.ts";

/** Starts `gnutls-serv` with further options and waits until it listens. */
export async function startGnutlsServer(
  program: string,
  { certificate, key }: IssuedCertificate,
  options: readonly string[],
): Promise<LabServer> {
  const port = await freePort();
  const process = startProcess(program, [
    "--port",
    String(port),
    "--x509certfile",
    certificate,
    "--x509keyfile",
    key,
    ...options,
  ]);
  await process.waitFor(/listening on IPv4 .*done/);
  return { port, process };
}
