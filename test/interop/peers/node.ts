import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server, type TLSSocket } from "node:tls";
import {
  type CertificateType,
  type ClientAuthMode,
  type Observation,
  type Peer,
  VERSION_NAMES,
} from "../cell.ts";
import { NOTHING_SAID, refusalOf } from "../hearing.ts";
import type { Identities } from "../identities.ts";
import { ALL_SUITES, describeOpenssl, type OpensslFacts, SUITES_13 } from "../openssl-facts.ts";
import { readSession } from "../ssl-session.ts";

/** All that Node says when it drops a client whose certificate it does not accept. */
const DROPPED = "socket hang up";

/** Suites of OpenSSL that Node is built without: ARIA, and Camellia of TLS 1.2. */
const ABSENT = /^ARIA|-ARIA/;

function describeSocket(socket: TLSSocket): Observation {
  const session = socket.getSession();
  const { subject } = socket.getPeerCertificate();
  const { authorizationError, authorized } = socket;
  const words = String(authorizationError ?? "");
  const missing = subject === undefined;
  const name = String(subject?.CN ?? "");
  return {
    outcome: "accepted",
    ...readSession(session ?? Buffer.alloc(0)),
    client: authorized && !missing ? name : null,
    refusal: authorized || missing ? null : "wrong",
    words,
  };
}

/** Node's own server, in this process: what it says comes by its events. */
export function nodePeer({ servers, authority }: Identities, facts: OpensslFacts): Peer {
  const running = new Map<string, Promise<Server>>();
  let said: Observation[] = [];
  let wake = (): void => undefined;
  const say = (observation: Observation): void => {
    said.push(observation);
    wake();
  };
  const suites = new Map([...facts.suites].filter(([name]) => !ABSENT.test(name)));
  const own = describeOpenssl(process.versions.openssl, suites);
  const start = async (certificate: CertificateType, mode: ClientAuthMode): Promise<Server> => {
    const identity = servers.get(certificate);
    if (identity === undefined) throw new Error(`There is no ${certificate} certificate`);
    const server = createServer({
      cert: readFileSync(identity.chain),
      key: readFileSync(identity.key),
      ca: readFileSync(authority),
      ciphers: `${SUITES_13}:${ALL_SUITES}`,
      ecdhCurve: own.groups,
      dhparam: "auto",
      minVersion: "TLSv1",
      maxVersion: "TLSv1.3",
      honorCipherOrder: false,
      requestCert: mode !== "none",
      rejectUnauthorized: mode === "required",
    });
    server.on("secureConnection", (socket) => {
      socket.on("error", () => undefined);
      say(describeSocket(socket));
    });
    server.on("tlsClientError", ({ message }) => {
      const refusal = message === DROPPED && mode === "required" ? "wrong" : refusalOf(message);
      say({ ...NOTHING_SAID, refusal, words: message });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return server;
  };
  return {
    name: `Node ${process.versions.node.split(".")[0]}, OpenSSL ${own.release}`,
    capabilities: own.capabilities,
    tellsGroup: VERSION_NAMES,
    judgesLater: ["optional"],
    port: async (certificate, mode) => {
      const key = `${certificate} ${mode}`;
      const server = running.get(key) ?? start(certificate, mode);
      running.set(key, server);
      const address = (await server).address();
      return typeof address === "object" ? (address?.port ?? 0) : 0;
    },
    listen: () => {
      said = [];
      return async () => {
        if (said.length === 0)
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        return said[0] ?? NOTHING_SAID;
      };
    },
    stop: async () => {
      for (const server of running.values()) (await server).close();
    },
  };
}
