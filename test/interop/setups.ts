import { createServer } from "node:net";
import { join } from "node:path";
import type { CertificateType, ClientAuthMode } from "./cell.ts";
import type { Identities, ServerIdentity } from "./identities.ts";

/** One way in which a server is set up. */
export interface Setup {
  readonly name: string;
  readonly certificate: CertificateType;
  readonly identity: ServerIdentity;
  readonly mode: ClientAuthMode;
  readonly port: number;
  /** A file of its own for the server's configuration. */
  readonly file: string;
}

const MODES: readonly ClientAuthMode[] = ["none", "optional", "required"];

/** Ports below those that systems give to clients: nothing takes them between their choice and their use. */
const PORTS = { first: 12_000, last: 32_000 } as const;

let next = PORTS.first + (process.pid % 1000) * 20;

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** A port that nobody listens on and that is not given twice. */
export async function nextPort(): Promise<number> {
  for (;;) {
    const port = next++;
    if (next >= PORTS.last) next = PORTS.first;
    if (await isFree(port)) return port;
  }
}

/** Every set-up of a server with its port, for servers that have them all in one configuration. */
export async function allSetups(
  { servers, directory }: Identities,
  certificates: readonly CertificateType[],
): Promise<readonly Setup[]> {
  const setups: Setup[] = [];
  for (const [certificate, identity] of servers) {
    if (!certificates.includes(certificate)) continue;
    for (const mode of MODES) {
      const port = await nextPort();
      const name = `${certificate}-${mode}`;
      setups.push({ name, certificate, identity, mode, port, file: join(directory, name) });
    }
  }
  return setups;
}

/** The set-up for a certificate and a mode. */
export function setupFor(
  setups: readonly Setup[],
  certificate: CertificateType,
  mode: ClientAuthMode,
): Setup {
  const found = setups.find((each) => each.certificate === certificate && each.mode === mode);
  if (found === undefined) throw new Error(`There is no set-up ${certificate}, ${mode}`);
  return found;
}
