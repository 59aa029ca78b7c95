import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A real client whose hello is recorded. */
export interface HelloClient {
  /** Under which its capture is kept, e.g. `openjdk-17`. */
  readonly name: string;
  /** Program and version as it states them itself. */
  readonly version: string;
  /** Connects to 127.0.0.1 and asks for `serverName`; resolves when the client has ended. */
  readonly connect: (port: number, serverName: string) => Promise<void>;
}

/** What looking for the clients of this machine needs to clean up afterwards. */
export interface FoundClients {
  readonly clients: readonly HelloClient[];
  /** Names of the clients that are not here, with the reason. */
  readonly missing: ReadonlyMap<string, string>;
  readonly remove: () => void;
}

interface Finished {
  readonly ok: boolean;
  readonly output: string;
}

/** A client ends by itself when the listener hangs up; this bounds one that does not. */
const LONGEST_RUN_MS = 60_000;

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

function run(program: string, parameters: readonly string[]): Promise<Finished> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      [...parameters],
      { timeout: LONGEST_RUN_MS },
      (error, stdout, stderr) => {
        resolve({ ok: error === null, output: `${stdout}${stderr}`.trim() });
      },
    );
    child.stdin?.end();
  });
}

/** First line that a program prints about itself; null where it is not installed. */
async function versionOf(
  program: string,
  parameters: readonly string[],
  pattern: RegExp,
): Promise<string | null> {
  const { output } = await run(program, parameters);
  return pattern.exec(output)?.[0] ?? null;
}

/** Homes of Java installations, those of packages first. */
function javaHomes(): readonly string[] {
  const folder = "/usr/lib/jvm";
  const installed = existsSync(folder)
    ? readdirSync(folder).map((entry) => join(folder, entry))
    : [];
  const own = process.env["JAVA_HOME"];
  return own === undefined ? installed : [own, ...installed];
}

async function findJava(major: number): Promise<HelloClient | null> {
  for (const home of javaHomes()) {
    const java = join(home, "bin", "java");
    // A JDK runs a source file by itself; a mere runtime has no compiler.
    if (!existsSync(java) || !existsSync(join(home, "bin", "javac"))) continue;
    const version = await versionOf(java, ["-version"], /version "[^"]+"/);
    if (version === null || !version.startsWith(`version "${major}.`)) continue;
    return {
      name: `openjdk-${major}`,
      version: `OpenJDK ${version.slice('version "'.length, -1)}`,
      connect: async (port, serverName) => {
        await run(java, [here("./HelloClient.java"), String(port), serverName]);
      },
    };
  }
  return null;
}

async function findOpenSsl(): Promise<HelloClient | null> {
  const version = await versionOf("openssl", ["version"], /^OpenSSL 3\.\S+/);
  if (version === null) return null;
  return {
    name: "openssl-3",
    version,
    connect: async (port, serverName) => {
      const target = ["-connect", `127.0.0.1:${port}`, "-servername", serverName];
      await run("openssl", ["s_client", ...target]);
    },
  };
}

/** Node.js of a major version: the one in `ANCHORWATCH_NODE_<major>`, this one, or one on the PATH. */
async function findNode(major: number): Promise<HelloClient | null> {
  const candidates = [process.env[`ANCHORWATCH_NODE_${major}`], "/usr/bin/node", process.execPath];
  for (const node of candidates) {
    if (node === undefined || !existsSync(node)) continue;
    const version = await versionOf(node, ["--version"], /^v\d+\.\d+\.\d+/);
    if (version === null || !version.startsWith(`v${major}.`)) continue;
    return {
      name: `nodejs-${major}`,
      version: `Node.js ${version.slice(1)}`,
      connect: async (port, serverName) => {
        await run(node, [here("./hello-client.mjs"), String(port), serverName]);
      },
    };
  }
  return null;
}

async function findGo(folder: string): Promise<HelloClient | null> {
  const version = await versionOf("go", ["version"], /go\d\S+/);
  if (version === null) return null;
  const program = join(folder, "hello-client");
  const built = await run("go", ["build", "-o", program, here("./hello-client.go")]);
  if (!built.ok) throw new Error(`go build: ${built.output}`);
  return {
    name: "go",
    version: `Go ${version.slice(2)}`,
    connect: async (port, serverName) => {
      await run(program, [String(port), serverName]);
    },
  };
}

async function findGnuTls(): Promise<HelloClient | null> {
  const version = await versionOf("gnutls-cli", ["--version"], /^gnutls-cli \S+/);
  if (version === null) return null;
  return {
    name: "gnutls-3",
    version: version.replace("gnutls-cli", "GnuTLS"),
    connect: async (port, serverName) => {
      const name = ["--sni-hostname", serverName, "--no-ca-verification"];
      await run("gnutls-cli", [...name, "--port", String(port), "127.0.0.1"]);
    },
  };
}

/** Looks for every client whose hello is kept. @throws when a program that is here cannot be built or asked */
export async function findClients(): Promise<FoundClients> {
  const folder = mkdtempSync(join(tmpdir(), "anchorwatch-hellos-"));
  const searches: readonly (readonly [name: string, client: Promise<HelloClient | null>])[] = [
    ["openjdk-17", findJava(17)],
    ["openjdk-25", findJava(25)],
    ["openssl-3", findOpenSsl()],
    ["nodejs-20", findNode(20)],
    ["nodejs-24", findNode(24)],
    ["go", findGo(folder)],
    ["gnutls-3", findGnuTls()],
  ];
  const clients: HelloClient[] = [];
  const missing = new Map<string, string>();
  for (const [name, search] of searches) {
    const client = await search;
    if (client === null) missing.set(name, `no ${name} is installed`);
    else clients.push(client);
  }
  return { clients, missing, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
