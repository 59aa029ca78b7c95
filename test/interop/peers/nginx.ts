import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { findTool } from "../../tools.ts";
import type { Observation, Peer } from "../cell.ts";
import { startConfiguredPeer } from "../configured-peer.ts";
import { commonName, NOTHING_SAID, refusalOf, versionOf } from "../hearing.ts";
import type { Identities } from "../identities.ts";
import { ALL_SUITES, type OpensslFacts, SUITES_13 } from "../openssl-facts.ts";
import { allSetups } from "../setups.ts";

const run = promisify(execFile);

const VERIFY = { none: "off", optional: "optional", required: "on" } as const;

/**
 * What the log says at its level of debugging. Whether a certificate is acceptable, nginx tells only when it
 * answers a request; what its library found is here all the same.
 */
function parse(suites: OpensslFacts["suites"]) {
  return (words: string): Observation | null => {
    const agreed = /SSL: (TLSv[\d.]+), cipher: "(\S+)/.exec(words);
    if (agreed === null)
      return /SSL_do_handshake\(\) failed/.test(words)
        ? { ...NOTHING_SAID, refusal: refusalOf(words) }
        : null;
    const verified = /verify:(\d), error:\d+, depth:0, subject:"([^"]*)"/.exec(words);
    return {
      outcome: "accepted",
      version: versionOf(agreed[1]),
      suite: suites.get(agreed[2] ?? "") ?? null,
      group: null,
      client: verified?.[1] === "1" ? commonName(verified[2]) : null,
      refusal: /verify:0/.test(words) ? "wrong" : null,
      words,
    };
  };
}

/** nginx, one server block for each set-up. */
export async function nginxPeer(
  identities: Identities,
  facts: OpensslFacts,
): Promise<Peer | undefined> {
  const nginx = findTool("nginx");
  if (nginx === undefined) return undefined;
  const { stderr } = await run(nginx, ["-v"]);
  const release = /nginx\/(\d+\.\d+)/.exec(stderr)?.[1] ?? "";
  const folder = join(identities.directory, "nginx");
  mkdirSync(folder);
  const parameters = join(folder, "parameters.pem");
  const field = "genpkey -genparam -algorithm DH -pkeyopt group:ffdhe2048".split(" ");
  const { stdout } = await run(identities.openssl, field);
  writeFileSync(parameters, stdout);
  const setups = await allSetups(identities, facts.capabilities.certificates("TLSv1.2"));
  const blocks = setups.map(
    ({ port, identity, mode }) => `server {
      listen 127.0.0.1:${port} ssl;
      ssl_certificate ${identity.chain};
      ssl_certificate_key ${identity.key};
      ssl_verify_client ${VERIFY[mode]};
      ${mode === "none" ? "" : `ssl_client_certificate ${identities.authority};`}
    }`,
  );
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((what) => `${what}_temp_path ${folder};`)
    .join(" ");
  const configuration = join(folder, "nginx.conf");
  writeFileSync(
    configuration,
    `daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr debug;
    events { worker_connections 256; }
    http {
      access_log off; ${temporary}
      ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
      ssl_ciphers ${ALL_SUITES};
      ssl_conf_command Ciphersuites ${SUITES_13};
      ssl_ecdh_curve ${facts.groups};
      ssl_dhparam ${parameters};
      ssl_session_tickets off;
      ${blocks.join("\n")}
    }`,
  );
  return startConfiguredPeer({
    name: `nginx ${release}, OpenSSL ${facts.release}`,
    capabilities: facts.capabilities,
    tellsGroup: [],
    judgesLater: ["optional", "required"],
    setups,
    environment: identities.environment,
    command: nginx,
    args: ["-p", folder, "-c", configuration],
    parse: parse(facts.suites),
  });
}
