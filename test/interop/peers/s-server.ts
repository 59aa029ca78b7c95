import { type LabServer, startOpensslServer } from "../../lab/openssl.ts";
import {
  type CertificateType,
  type ClientAuthMode,
  type Observation,
  type Peer,
  VERSION_NAMES,
} from "../cell.ts";
import { commonName, hearing, refusalOf } from "../hearing.ts";
import type { Identities } from "../identities.ts";
import { ALL_SUITES, type OpensslFacts, SUITES_13 } from "../openssl-facts.ts";
import { readSession } from "../ssl-session.ts";

const REFUSED: Observation = {
  outcome: "refused",
  version: null,
  suite: null,
  group: null,
  client: null,
  refusal: "other",
  words: "",
};

function parse(words: string): Observation | null {
  const session = /BEGIN SSL SESSION PARAMETERS-----\n([^-]+)-----END/.exec(words)?.[1];
  if (session === undefined || !/^CIPHER is \S+$/m.test(words))
    return /^ERROR$[^]*error:.*\n/m.test(words) ? { ...REFUSED, refusal: refusalOf(words) } : null;
  return {
    outcome: "accepted",
    ...readSession(Buffer.from(session, "base64")),
    client: commonName(/^subject=.*$/m.exec(words)?.[0]),
    refusal: null,
    words,
  };
}

const ASKING = { none: [], optional: ["-verify", "1"], required: ["-Verify", "1"] } as const;

/** `openssl s_server`, one process for each set-up. */
export function opensslPeer(identities: Identities, facts: OpensslFacts): Peer {
  const running = new Map<string, Promise<LabServer>>();
  const logs = new Map<string, () => string>();
  const keyOf = (certificate: CertificateType, mode: ClientAuthMode) => `${certificate} ${mode}`;
  const start = async (certificate: CertificateType, mode: ClientAuthMode): Promise<LabServer> => {
    const identity = identities.servers.get(certificate);
    if (identity === undefined) throw new Error(`There is no ${certificate} certificate`);
    const server = await startOpensslServer(identities.openssl, identity, [
      ...(identity.issuers === null ? [] : ["-cert_chain", identity.issuers]),
      "-cipher",
      ALL_SUITES,
      "-ciphersuites",
      SUITES_13,
      "-groups",
      facts.groups,
      "-min_protocol",
      "TLSv1",
      ...ASKING[mode],
      ...(mode === "none" ? [] : ["-CAfile", identities.authority, "-verify_return_error"]),
    ]);
    logs.set(keyOf(certificate, mode), server.process.output);
    return server;
  };
  return {
    name: `OpenSSL s_server ${facts.release}`,
    capabilities: facts.capabilities,
    tellsGroup: VERSION_NAMES,
    judgesLater: [],
    port: async (certificate, mode) => {
      const key = keyOf(certificate, mode);
      const server = running.get(key) ?? start(certificate, mode);
      running.set(key, server);
      return (await server).port;
    },
    listen: (certificate, mode) => hearing(logs.get(keyOf(certificate, mode)) ?? (() => ""), parse),
    stop: async () => {
      for (const server of running.values()) await (await server).process.stop();
    },
  };
}
