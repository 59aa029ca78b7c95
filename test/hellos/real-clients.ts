import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { applyJavaSecurity, readJavaSecurity } from "../../src/trust/java/java-security.ts";
import type { Profile } from "../../src/trust/profile.ts";
import type { ProfileName } from "../../src/trust/profile-names.ts";
import { profileOf } from "../../src/trust/profiles.ts";
import { findTool } from "../tools.ts";

/** What became of a real client's handshake. */
export interface RealOutcome {
  readonly ok: boolean;
  /** What it printed when it failed. */
  readonly text: string;
}

/** A client of this machine. */
export interface RealClient {
  /** With its version. */
  readonly title: string;
  readonly profile: ProfileName;
  /** The profile with this installation's own settings. */
  readonly rules: Profile;
  /** Makes a handshake with each port, and trusts one CA. */
  readonly connect: (
    ca: string,
    ports: readonly number[],
  ) => Promise<ReadonlyMap<number, RealOutcome>>;
}

const here = (file: string): string => fileURLToPath(new URL(`clients/${file}`, import.meta.url));

/** A client that does not end has made a mistake of its own. */
const LONGEST_RUN_MS = 120_000;

function run(program: string, parameters: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      [...parameters],
      { timeout: LONGEST_RUN_MS },
      (_error, stdout, stderr) => resolve(`${stdout}${stderr}`),
    );
    child.stdin?.end();
  });
}

function linesOf(output: string): ReadonlyMap<number, RealOutcome> {
  return new Map(
    [...output.matchAll(/^(\d+) (ok|failed)(.*)$/gm)].map(([, port, outcome, text = ""]) => [
      Number(port),
      { ok: outcome === "ok", text: text.trim() },
    ]),
  );
}

const oneProcess =
  (program: string, first: readonly string[]): RealClient["connect"] =>
  async (ca, ports) =>
    linesOf(await run(program, [...first, ca, ...ports.map(String)]));

/** A JVM's profile with the settings that its own `java.security` holds. */
function rulesOf(profile: ProfileName, home: string): Profile {
  const properties = readJavaSecurity(
    readFileSync(join(home, "conf", "security", "java.security"), "latin1"),
  );
  const applied = properties.ok ? applyJavaSecurity(profileOf(profile), properties.value) : null;
  return applied?.ok === true ? applied.value : profileOf(profile);
}

async function findJavas(): Promise<readonly RealClient[]> {
  const folder = "/usr/lib/jvm";
  const found = new Map<ProfileName, RealClient>();
  for (const entry of existsSync(folder) ? readdirSync(folder) : []) {
    const home = join(folder, entry);
    const java = join(home, "bin", "java");
    // A JDK runs a source file by itself; a mere runtime has no compiler.
    if (!existsSync(join(home, "bin", "javac"))) continue;
    const version = /version "((\d+)[^"]*)"/.exec(await run(java, ["-version"]));
    const profile =
      version?.[2] === "17" ? "openjdk-17" : version?.[2] === "25" ? "openjdk-25" : null;
    if (profile === null || found.has(profile)) continue;
    found.set(profile, {
      title: `OpenJDK ${version?.[1]}`,
      profile,
      rules: rulesOf(profile, home),
      connect: oneProcess(java, [here("Connect.java")]),
    });
  }
  return [...found.values()];
}

async function findNodes(): Promise<readonly RealClient[]> {
  const found: RealClient[] = [];
  for (const profile of ["nodejs-20", "nodejs-24"] as const) {
    const major = profile.slice("nodejs-".length);
    for (const node of [
      process.env[`ANCHORWATCH_NODE_${major}`],
      "/usr/bin/node",
      process.execPath,
    ]) {
      if (node === undefined || !existsSync(node)) continue;
      const version = (await run(node, ["--version"])).trim();
      if (!version.startsWith(`v${major}.`)) continue;
      const connect = oneProcess(node, [here("connect.mjs")]);
      found.push({ title: `Node.js ${version}`, profile, rules: profileOf(profile), connect });
      break;
    }
  }
  return found;
}

async function findGo(directory: string): Promise<readonly RealClient[]> {
  const go = findTool("go");
  if (go === undefined) return [];
  const program = join(directory, "connect");
  const complaint = await run(go, ["build", "-o", program, here("connect.go")]);
  if (!existsSync(program)) throw new Error(`go build: ${complaint}`);
  const rules = profileOf("go");
  return [{ title: "Go", profile: "go", rules, connect: oneProcess(program, []) }];
}

async function findOpenSsl(): Promise<readonly RealClient[]> {
  const openssl = findTool("openssl");
  if (openssl === undefined) return [];
  const title = (await run(openssl, ["version"])).split(" ").slice(0, 2).join(" ");
  if (!title.startsWith("OpenSSL 3.")) return [];
  const connect: RealClient["connect"] = async (ca, ports) => {
    const outcomes = new Map<number, RealOutcome>();
    for (const port of ports) {
      const target = ["-connect", `127.0.0.1:${port}`, "-servername", "localhost"];
      const trust = ["-CAfile", ca, "-verify_return_error"];
      const text = await run(openssl, ["s_client", ...target, ...trust]);
      outcomes.set(port, { ok: /^Verification: OK$/m.test(text) && !/:error:/.test(text), text });
    }
    return outcomes;
  };
  return [{ title, profile: "openssl-3", rules: profileOf("openssl-3"), connect }];
}

/** Every client of this machine that has a profile. */
export async function findRealClients(directory: string): Promise<readonly RealClient[]> {
  const found = await Promise.all([findJavas(), findNodes(), findGo(directory), findOpenSsl()]);
  return found.flat();
}
