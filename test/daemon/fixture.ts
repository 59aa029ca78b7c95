import { writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createServer, type TlsOptions } from "node:tls";
import type { Test } from "tap";
import { runDaemon, type RunningDaemon } from "../../src/daemon/daemon.ts";
import type { DaemonOptions } from "../../src/daemon/daemon-process.ts";
import type { LinkJson } from "../../src/daemon/link-json.ts";
import type { IssuedCertificate } from "../../src/cli/demo/certificate.ts";
import { systemProber } from "../../src/daemon/system-prober.ts";
import { certificate, silent } from "./samples.ts";

/** Private key as PEM. */
export const keyPem = ({ key }: IssuedCertificate): string =>
  key.privateKey.export({ type: "pkcs8", format: "pem" }).toString();

/** A certificate of the present for use by real servers. */
export const presentCertificate = (
  options: Omit<Parameters<typeof certificate>[0], "now">,
): IssuedCertificate => certificate({ ...options, now: Date.now() });

/** A CA, and a certificate for localhost that it issued. */
export const smallPki = (): {
  readonly root: IssuedCertificate;
  readonly leaf: IssuedCertificate;
} => {
  const root = presentCertificate({ name: "Test Root", ca: true, days: 3650 });
  return {
    root,
    leaf: presentCertificate({ name: "localhost", issuer: root, san: ["localhost"] }),
  };
};

/** A TLS server on loopback that ends with the test; resolves to its port. */
export const tlsServer = async (
  t: Test,
  leaf: IssuedCertificate,
  options: TlsOptions & { readonly host?: string } = {},
): Promise<number> => {
  const { host = "127.0.0.1", ...rest } = options;
  const server = createServer({ key: keyPem(leaf), cert: leaf.pem, ...rest }, (socket) => {
    socket.on("error", () => {});
    socket.end();
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  t.teardown(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
};

/** Writes files into a folder. */
export const writeFiles = (folder: string, files: Readonly<Record<string, string>>): void => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
};

/** A daemon on a free port, closed with the test. */
export const startDaemon = async (
  t: Test,
  estateFile: string,
  options: Partial<DaemonOptions> = {},
): Promise<RunningDaemon> => {
  const started = await runDaemon({
    estateFile,
    listen: "127.0.0.1:0",
    log: silent,
    watchInterval: 50,
    // threads cost each daemon a start; what runs in them has tests of its own
    prober: systemProber,
    ...options,
  });
  if (!started.ok) throw new Error(started.error.message);
  t.teardown(() => started.value.close());
  return started.value;
};

/** Asks again and again until there is an answer. */
export const eventually = async <T>(ask: () => Promise<T | undefined>): Promise<T> => {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

/** Every link, once all of them are judged. */
export const judgedLinks = (url: string): Promise<readonly LinkJson[]> =>
  eventually(async () => {
    const response = await fetch(`${url}api/v1/links`);
    const { links } = (await response.json()) as { readonly links: readonly LinkJson[] };
    return links.every(({ state }) => state !== "pending") ? links : undefined;
  });

/** The present state of one link, once a condition holds for it. */
export const linkWhere = (url: string, condition: (link: LinkJson) => boolean): Promise<LinkJson> =>
  eventually(async () => {
    const response = await fetch(`${url}api/v1/links`);
    const { links } = (await response.json()) as { readonly links: readonly LinkJson[] };
    return links.find(condition);
  });
