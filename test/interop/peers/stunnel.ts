import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { GROUPS } from "../../../src/probe/tls/groups.ts";
import { findTool } from "../../tools.ts";
import { startScriptedServer } from "../../lab/tcp.ts";
import type { Observation, Peer } from "../cell.ts";
import { startConfiguredPeer } from "../configured-peer.ts";
import { commonName, NOTHING_SAID, refusalOf, versionOf } from "../hearing.ts";
import type { Identities } from "../identities.ts";
import { ALL_SUITES, type OpensslFacts, SUITES_13 } from "../openssl-facts.ts";
import { allSetups } from "../setups.ts";

const run = promisify(execFile);

/** Groups by how OpenSSL describes the key of the other side. */
function groupOf(words: string, version: string | undefined): number | null {
  const [, name = ""] = /Peer temporary key: (?:ECDH, )?([\w-]+)/.exec(words) ?? [];
  const bits = /Peer temporary key: .* (\d+) bits/.exec(words)?.[1];
  // A finite field before TLS 1.3 has no code.
  if (name === "DH") return version === "TLSv1.3" ? codeOf(`ffdhe${bits}`) : null;
  return codeOf(NIST[name] ?? name.toLowerCase());
}

const NIST: Readonly<Record<string, string>> = {
  "P-224": "secp224r1",
  "P-256": "secp256r1",
  "P-384": "secp384r1",
  "P-521": "secp521r1",
};

function codeOf(name: string): number | null {
  return GROUPS.find((group) => group.name === name)?.code ?? null;
}

function parse(suites: OpensslFacts["suites"]) {
  return (words: string): Observation | null => {
    if (/SSL_accept: .*error.*\n/.test(words))
      return { ...NOTHING_SAID, refusal: refusalOf(words) };
    const agreed = /(TLSv[\d.]+) ciphersuite: (\S+)/.exec(words);
    if (agreed === null) return null;
    return {
      outcome: "accepted",
      version: versionOf(agreed[1]),
      suite: suites.get(agreed[2] ?? "") ?? null,
      group: groupOf(words, agreed[1]),
      client: commonName(/Certificate accepted at depth=0: (.*)$/m.exec(words)?.[1]),
      refusal: null,
      words,
    };
  };
}

/** stunnel, one service for each set-up. */
export async function stunnelPeer(
  identities: Identities,
  facts: OpensslFacts,
): Promise<Peer | undefined> {
  const stunnel = findTool("stunnel");
  if (stunnel === undefined) return undefined;
  const { stderr } = await run(stunnel, ["-version"]);
  const release = /stunnel (\d+)\./.exec(stderr)?.[1] ?? "";
  const folder = join(identities.directory, "stunnel");
  mkdirSync(folder);
  const setups = await allSetups(identities, facts.capabilities.certificates("TLSv1.2"));
  const sink = await startScriptedServer(() => undefined);
  const services = setups.map(({ name, port, identity, mode }) => {
    const verify =
      mode === "none"
        ? ""
        : `CAfile = ${identities.authority}
verifyChain = yes
requireCert = ${mode === "required" ? "yes" : "no"}`;
    return `[${name}]
accept = 127.0.0.1:${port}
connect = 127.0.0.1:${sink.port}
cert = ${identity.chain}
key = ${identity.key}
${verify}`;
  });
  const configuration = join(folder, "stunnel.conf");
  writeFileSync(
    configuration,
    `foreground = yes
pid =
syslog = no
debug = 7
sslVersionMin = TLSv1
ciphers = ${ALL_SUITES}
ciphersuites = ${SUITES_13}
curves = ${facts.groups}
options = -CIPHER_SERVER_PREFERENCE
${services.join("\n")}
`,
  );
  const peer = await startConfiguredPeer({
    name: `stunnel ${release}, OpenSSL ${facts.release}`,
    capabilities: facts.capabilities,
    tellsGroup: ["TLSv1.3"],
    judgesLater: [],
    setups,
    environment: identities.environment,
    command: stunnel,
    args: [configuration],
    parse: parse(facts.suites),
  });
  return {
    ...peer,
    stop: async () => {
      await peer.stop();
      await sink.close();
    },
  };
}
