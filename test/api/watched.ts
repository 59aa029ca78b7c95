import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { hash } from "node:crypto";
import { join } from "node:path";
import type { Test } from "tap";
import type { RunningDaemon } from "../../src/daemon/daemon.ts";
import type { DaemonOptions } from "../../src/daemon/daemon-process.ts";
import { systemProber } from "../../src/daemon/system-prober.ts";
import type { Prober } from "../../src/daemon/prober.ts";
import type { IssuedCertificate } from "../../src/cli/demo/certificate.ts";
import {
  eventually,
  keyPem,
  presentCertificate,
  smallPki,
  startDaemon,
  tlsServer,
  writeFiles,
} from "../daemon/fixture.ts";
import { silent } from "../daemon/samples.ts";
import type { Answer } from "../daemon/http-fixture.ts";

/** Tokens of the tests by role. */
export const TOKENS = {
  read: "aw_read_token_of_a_test_000000",
  operate: "aw_operate_token_of_a_test_000",
  expired: "aw_expired_token_of_a_test_000",
} as const;

/** SHA-256 in hexadecimal. */
export const sha256 = (text: string | Uint8Array): string => hash("sha256", text, "hex");

/** The tokens as the section `http` has them. */
export const TOKEN_LINES = `
  tokens:
    - { name: reader, role: read, sha256: ${sha256(TOKENS.read)} }
    - { name: operator, role: operate, sha256: ${sha256(TOKENS.operate)} }
    - { name: leaver, role: operate, sha256: ${sha256(TOKENS.expired)}, expires: 2024-01-01T00:00:00Z }`;

/** Header of a role. */
export const bearer = (role: keyof typeof TOKENS): Readonly<Record<string, string>> => ({
  authorization: `Bearer ${TOKENS[role]}`,
});

/** A daemon that watches two endpoints, one of them expired, for two clients. */
export interface Watched {
  readonly daemon: RunningDaemon;
  readonly folder: string;
  readonly root: IssuedCertificate;
  readonly leaf: IssuedCertificate;
  /** Ports of the endpoints bpm-east and bpm-west. */
  readonly ports: readonly [east: number, west: number];
  /** Writes the estate again with another section `http`. */
  readonly rewrite: (http: string) => void;
}

/** A web server on loopback that has one page; resolves to its port. */
const webServer = async (t: Test, leaf: IssuedCertificate): Promise<number> => {
  const options = { key: keyPem(leaf), cert: leaf.pem };
  const server = createServer(options, (_request, response) => {
    response.writeHead(200, { connection: "close" }).end("page");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
};

/** Starts servers and the daemon that watches them; `http` are lines of that section. */
export async function startWatched(
  t: Test,
  {
    http = "",
    leaf: given,
    roots,
    files = {},
    ...options
  }: Partial<DaemonOptions> & {
    readonly http?: string;
    /** Certificates of the truststore pfs-trust, as PEM. */
    readonly roots?: string;
    /** Further files beside the estate. */
    readonly files?: Readonly<Record<string, string>>;
    readonly leaf?: (root: IssuedCertificate) => IssuedCertificate;
  } = {},
): Promise<Watched> {
  const folder = t.testdir();
  const { root, leaf: usual } = smallPki();
  const leaf = given?.(root) ?? usual;
  const expired = presentCertificate({
    name: "localhost",
    issuer: root,
    san: ["localhost"],
    days: -3,
  });
  const ports = [await webServer(t, leaf), await tlsServer(t, expired)] as const;
  const text = (lines: string): string => `version: 1
truststores: { pfs-trust: { path: root.pem } }
clients:
  pfs: { profile: openjdk-17, trust: pfs-trust }
  gateway: { profile: openssl-3, trust: pfs-trust }
endpoints:
  bpm-east: { url: "https://localhost:${ports[0]}", connect: 127.0.0.1, labels: { team: bpm } }
  bpm-west: { url: "https://localhost:${ports[1]}", connect: 127.0.0.1 }
links:
  - { from: pfs, to: [bpm-east, bpm-west] }
  - { from: gateway, to: [bpm-east, bpm-west] }
history: { path: history.db }
alerts: { rules: [{ name: broken, when: broken, for: 1s }] }
http:
  unencrypted: false
${lines}
`;
  const rewrite = (lines: string): void => writeFiles(folder, { "anchorwatch.yaml": text(lines) });
  writeFiles(folder, { "root.pem": roots ?? root.pem, ...files });
  rewrite(http);
  const daemon = await startDaemon(t, join(folder, "anchorwatch.yaml"), {
    log: silent,
    ...options,
  });
  if (daemon.url.startsWith("http:")) await judged(daemon.url);
  return { daemon, folder, root, leaf, ports, rewrite };
}

/** Waits until every link is judged, whoever may ask. */
const judged = (url: string): Promise<true> =>
  eventually(async () => {
    const answer = await fetch(`${url}api/v1/links`, { headers: bearer("operate") });
    const { links } = (await answer.json()) as { readonly links: readonly { state: string }[] };
    return links.every(({ state }) => state !== "pending") ? true : undefined;
  });

/** A prober whose names lead where a test says; what it dialled is kept. */
export function bentProber(
  names: Readonly<Record<string, () => readonly string[]>>,
): Prober & { readonly dialled: string[] } {
  const dialled: string[] = [];
  return {
    dialled,
    findAddresses: async (host, ...rest) => {
      const bent = names[host];
      return bent === undefined
        ? systemProber.findAddresses(host, ...rest)
        : { ok: true, value: bent() };
    },
    probe: async (endpoint, options) => {
      dialled.push(options?.address ?? endpoint.host);
      return systemProber.probe(endpoint, options);
    },
  };
}

/** What a request is made with. */
export interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Asks over TLS on a connection of its own. */
export const askSecurely = (url: string, path: string, options: AskOptions = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { body, ...rest } = options;
    const { port } = new URL(url);
    const call = request(
      { host: "127.0.0.1", port, path, agent: false, servername: "localhost", ...rest },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(parts).toString(),
          }),
        );
      },
    );
    call.on("error", reject);
    call.end(body);
  });

/** An operate or read request with a JSON body. */
export const post = (
  url: string,
  path: string,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> =>
  fetch(new URL(path, url), {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(value),
  });
