import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../process.ts";
import { isRoot, type LabDaemon, type ServerParts, startDaemon } from "./daemon.ts";

const run = promisify(execFile);

/**
 * INN's reader server on an empty spool. It runs from wherever its package was unpacked, and as the user
 * `news`, which every Debian has.
 */
export async function startNnrpd(
  program: string,
  { directory, identity }: ServerParts,
): Promise<LabDaemon<"nntp" | "nntps">> {
  const programs = dirname(program);
  const news = dirname(programs);
  const folder = (name: string): string => join(directory, name);
  for (const name of ["etc", "db", "run", "tmp", "spool", "spool/overview", "log"])
    await mkdir(folder(name));
  const settings = [
    "domain: example.com",
    "fromhost: news.example.com",
    "pathhost: news.example.com",
    'mta: "/bin/false %s"',
    "hismethod: hisv6",
    "ovmethod: tradindexed",
    "nnrpdcheckart: false",
    `pathnews: ${news}`,
    `pathbin: ${programs}`,
    ...["etc", "db", "run", "tmp", "spool", "log"].map((name) => `path${name}: ${folder(name)}`),
  ];
  if (identity !== null) {
    const key = folder("server.key");
    await copyFile(identity.key, key);
    await chmod(key, 0o600);
    settings.push(
      `tlscafile: ${identity.chain}`,
      `tlscertfile: ${identity.chain}`,
      `tlskeyfile: ${key}`,
    );
  }
  const files: Readonly<Record<string, string>> = {
    "inn.conf": settings.join("\n"),
    "etc/readers.conf":
      'auth "all" {\n hosts: "*"\n default: "<any>"\n}\naccess "all" {\n users: "*"\n newsgroups: "*"\n}',
    "etc/storage.conf": "method tradspool {\n newsgroups: *\n class: 0\n}",
    "etc/inn-secrets.conf": "",
    "spool/tradspool.map": "",
    "spool/overview/group.index": "",
    "db/active": "",
    "db/newsgroups": "",
    "db/history": "",
  };
  for (const [name, text] of Object.entries(files))
    await writeFile(folder(name), text === "" ? "" : `${text}\n`);
  if (isRoot) await run("chown", ["-R", "news", directory]);
  const start = <Scheme extends string>(
    scheme: Scheme,
    port: number,
    options: readonly string[],
  ): Promise<LabDaemon<Scheme>> =>
    startDaemon<Scheme>(program, ["-D", "-f", "-b", "127.0.0.1", "-p", String(port), ...options], {
      ports: { [scheme]: port } as Record<Scheme, number>,
      env: { ...process.env, INNCONF: folder("inn.conf"), LD_LIBRARY_PATH: news },
    });
  const nntp = await freePort();
  const upgrading = await start("nntp", nntp, []);
  if (identity === null) return upgrading;
  const nntps = await freePort();
  const direct = await start("nntps", nntps, ["-S"]);
  return {
    ports: { nntp, nntps },
    output: () => upgrading.output() + direct.output(),
    stop: async () => void (await Promise.all([upgrading.stop(), direct.stop()])),
  };
}
