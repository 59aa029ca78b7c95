import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { findTool } from "../../tools.ts";
import type { Observation, Peer } from "../cell.ts";
import { startConfiguredPeer } from "../configured-peer.ts";
import { commonName, NOTHING_SAID, refusalOf, versionOf } from "../hearing.ts";
import type { Identities } from "../identities.ts";
import { ALL_SUITES, type OpensslFacts, SUITES_13 } from "../openssl-facts.ts";
import { allSetups } from "../setups.ts";

const run = promisify(execFile);

const VERIFY = { none: "none", optional: "optional", required: "require" } as const;

function parse(suites: OpensslFacts["suites"]) {
  return (words: string): Observation | null => {
    if (/AH02008: SSL library error.*\n(?:.*SSL Library Error.*\n)/.test(words))
      return { ...NOTHING_SAID, refusal: refusalOf(words) };
    const agreed = /Protocol: (TLSv[\d.]+), Cipher: (\S+)/.exec(words);
    if (agreed === null) return null;
    const subject = /Certificate Verification, depth 0,[^[]*\[subject: ([^/]*)/.exec(words)?.[1];
    return {
      outcome: "accepted",
      version: versionOf(agreed[1]),
      suite: suites.get(agreed[2] ?? "") ?? null,
      group: null,
      client: commonName(subject),
      refusal: null,
      words,
    };
  };
}

/** Where Debian and others keep Apache's modules. */
function modulesOf(apache: string): string | undefined {
  return ["../lib/apache2/modules", "../lib64/httpd/modules", "../libexec/apache2"]
    .map((path) => join(dirname(apache), path))
    .find((path) => existsSync(path));
}

/** Apache, one virtual host for each set-up. */
export async function apachePeer(
  identities: Identities,
  facts: OpensslFacts,
): Promise<Peer | undefined> {
  const apache = findTool("apache2");
  const modules = apache === undefined ? undefined : modulesOf(apache);
  if (apache === undefined || modules === undefined) return undefined;
  const { stdout } = await run(apache, ["-v"]);
  const release = /Apache\/(\d+\.\d+)/.exec(stdout)?.[1] ?? "";
  const folder = join(identities.directory, "apache");
  mkdirSync(folder);
  const setups = await allSetups(identities, facts.capabilities.certificates("TLSv1.2"));
  const hosts = setups.map(
    ({ port, identity, mode }) => `Listen 127.0.0.1:${port}
    <VirtualHost 127.0.0.1:${port}>
      SSLEngine on
      SSLCertificateFile ${identity.chain}
      SSLCertificateKeyFile ${identity.key}
      SSLVerifyClient ${VERIFY[mode]}
      ${mode === "none" ? "" : `SSLCACertificateFile ${identities.authority}`}
    </VirtualHost>`,
  );
  const configuration = join(folder, "apache.conf");
  const log = join(folder, "error.log");
  writeFileSync(log, "");
  writeFileSync(
    configuration,
    `ServerRoot ${folder}
    ServerName localhost
    PidFile ${folder}/apache.pid
    Mutex file:${folder}
    DefaultRuntimeDir ${folder}
    LoadModule mpm_event_module ${modules}/mod_mpm_event.so
    LoadModule authz_core_module ${modules}/mod_authz_core.so
    LoadModule ssl_module ${modules}/mod_ssl.so
    ErrorLog ${log}
    LogLevel info ssl:debug
    StartServers 1
    ServerLimit 1
    ThreadsPerChild 4
    MaxRequestWorkers 4
    SSLSessionCache none
    SSLSessionTickets off
    SSLProtocol +TLSv1 +TLSv1.1 +TLSv1.2 +TLSv1.3
    SSLCipherSuite ${ALL_SUITES}
    SSLCipherSuite TLSv1.3 ${SUITES_13}
    SSLOpenSSLConfCmd Groups ${facts.groups}
    ${hosts.join("\n")}
    `,
  );
  return startConfiguredPeer({
    name: `Apache ${release}, OpenSSL ${facts.release}`,
    capabilities: facts.capabilities,
    tellsGroup: [],
    judgesLater: [],
    setups,
    environment: identities.environment,
    command: apache,
    args: ["-d", folder, "-f", configuration, "-X"],
    log: () => readFileSync(log, "latin1"),
    parse: parse(facts.suites),
  });
}
