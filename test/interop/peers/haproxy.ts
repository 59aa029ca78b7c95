import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { findTool } from "../../tools.ts";
import type { Observation, Peer } from "../cell.ts";
import { startConfiguredPeer } from "../configured-peer.ts";
import { NOTHING_SAID, refusalOf, versionOf } from "../hearing.ts";
import type { Identities } from "../identities.ts";
import { ALL_SUITES, type OpensslFacts, SUITES_13 } from "../openssl-facts.ts";
import { allSetups } from "../setups.ts";

const run = promisify(execFile);

/** Errors of verification (X509_V_ERR): an issuer that is not known, and a signature by none. */
const UNKNOWN_ISSUER = /^(?:18|19|20|21)$/;

function parse(suites: OpensslFacts["suites"]) {
  return (words: string): Observation | null => {
    const refused = /^REFUSED ca=(\d+) leaf=(\d+) (.*)$/m.exec(words);
    if (refused !== null) {
      const [, authority = "", leaf = "", error = ""] = refused;
      const wrong = UNKNOWN_ISSUER.test(authority) || UNKNOWN_ISSUER.test(leaf);
      return { ...NOTHING_SAID, refusal: wrong ? "wrong" : refusalOf(error) };
    }
    const agreed = /^ACCEPTED (\S+) (\S+) (\S+) (\S+)$/m.exec(words);
    if (agreed === null) return null;
    const [, version, suite = "", verified, name = "-"] = agreed;
    return {
      outcome: "accepted",
      version: versionOf(version),
      suite: suites.get(suite) ?? null,
      group: null,
      client: name === "-" || verified !== "0" ? null : name,
      refusal: verified === "0" ? null : "wrong",
      words,
    };
  };
}

/** HAProxy, one frontend with a binding for each set-up. */
export async function haproxyPeer(
  identities: Identities,
  facts: OpensslFacts,
): Promise<Peer | undefined> {
  const haproxy = findTool("haproxy");
  if (haproxy === undefined) return undefined;
  const { stdout } = await run(haproxy, ["-v"]);
  const release = /version (\d+\.\d+)/.exec(stdout)?.[1] ?? "";
  const folder = join(identities.directory, "haproxy");
  mkdirSync(folder);
  const setups = await allSetups(identities, facts.capabilities.certificates("TLSv1.2"));
  const bindings = setups.map(({ name, port, identity, mode }) => {
    const file = join(folder, `${name}.pem`);
    writeFileSync(file, readFileSync(identity.chain, "utf8") + readFileSync(identity.key, "utf8"));
    const verify = mode === "none" ? "none" : `${mode} ca-file ${identities.authority}`;
    return `  bind 127.0.0.1:${port} ssl crt ${file} ssl-min-ver TLSv1.0 curves ${facts.groups} verify ${verify}`;
  });
  const configuration = join(folder, "haproxy.cfg");
  writeFileSync(
    configuration,
    `global
  log stdout format raw local0
  ssl-default-bind-ciphers ${ALL_SUITES}
  ssl-default-bind-ciphersuites ${SUITES_13}
  ssl-default-bind-options prefer-client-ciphers no-tls-tickets
  tune.ssl.default-dh-param 2048
defaults
  mode tcp
  log global
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend all
  log-format "ACCEPTED %[ssl_fc_protocol] %[ssl_fc_cipher] %[ssl_c_verify] %[ssl_c_s_dn(cn)]"
  error-log-format "REFUSED ca=%[ssl_c_ca_err] leaf=%[ssl_c_err] %[ssl_fc_err_str]"
  tcp-request content reject
${bindings.join("\n")}
`,
  );
  return startConfiguredPeer({
    name: `HAProxy ${release}, OpenSSL ${facts.release}`,
    capabilities: facts.capabilities,
    tellsGroup: [],
    judgesLater: [],
    setups,
    environment: identities.environment,
    command: haproxy,
    args: ["-f", configuration, "-db"],
    parse: parse(facts.suites),
  });
}
