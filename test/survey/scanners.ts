import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { GROUPS, groupName } from "../../src/probe/tls/groups.ts";
import { cipherSuiteName } from "../../src/probe/tls/cipher-suite-names.ts";
import type { AddressSurvey } from "../../src/probe/survey/survey-record.ts";

const run = promisify(execFile);

/** What a scanner says about a server, in the words of our reports; null for what it does not look at. */
export interface Scan {
  /** Suites by version, in no order. */
  readonly suites: ReadonlyMap<string, ReadonlySet<string>>;
  /** `server` or `client`, by version. */
  readonly preferences: ReadonlyMap<string, string> | null;
  /** The suite that the server puts first, by version; means something where its order decides. */
  readonly firsts: ReadonlyMap<string, string> | null;
  /** Groups by version. */
  readonly groups: ReadonlyMap<string, ReadonlySet<string>> | null;
}

const MOST_OUTPUT = 64 * 1024 * 1024;

async function outputOf(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(program, args, { maxBuffer: MOST_OUTPUT });
  return stdout;
}

/** Everything under a key, as sets. */
function grouped(pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, Set<string>> {
  const sets = new Map<string, Set<string>>();
  for (const [key, value] of pairs) {
    const set = sets.get(key) ?? new Set<string>();
    sets.set(key, set.add(value));
  }
  return sets;
}

function attributes(xml: string, element: string): readonly ReadonlyMap<string, string>[] {
  return [...xml.matchAll(new RegExp(`<${element} ([^>]*)/>`, "g"))].map(
    ([, text = ""]) =>
      new Map(
        [...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value]),
      ),
  );
}

/** What sslscan says. */
export async function sslscan(program: string, port: number): Promise<Scan> {
  const xml = await outputOf(program, ["--xml=-", "--no-colour", `127.0.0.1:${port}`]);
  const ciphers = attributes(xml, "cipher").map((each) => ({
    version: each.get("sslversion") ?? "",
    status: each.get("status"),
    suite: cipherSuiteName(Number(each.get("id"))),
  }));
  const groups = attributes(xml, "group").map(
    (each) => [each.get("sslversion") ?? "", groupName(Number(each.get("id")))] as const,
  );
  return {
    suites: grouped(ciphers.map(({ version, suite }) => [version, suite])),
    preferences: null,
    firsts: new Map(
      ciphers
        .filter(({ status }) => status === "preferred")
        .map(({ version, suite }) => [version, suite]),
    ),
    groups: grouped(groups),
  };
}

/** What nmap's script ssl-enum-ciphers says. */
export async function nmap(program: string, port: number): Promise<Scan> {
  const script = ["--script", "+ssl-enum-ciphers"];
  const text = await outputOf(program, ["-n", "-Pn", "-p", String(port), ...script, "127.0.0.1"]);
  const suites: (readonly [string, string])[] = [];
  const preferences = new Map<string, string>();
  let version = "";
  for (const line of text.split("\n")) {
    version = /^\| {3}((?:TLS|SSL)v\S+): *$/.exec(line)?.[1] ?? version;
    const suite = /^\| {7}((?:TLS|SSL)_\S+)/.exec(line)?.[1];
    // It writes those of TLS 1.3 with the words of RFC 8446's draft.
    if (suite !== undefined) suites.push([version, suite.replace("_AKE_WITH_", "_")]);
    const preference = /cipher preference: (server|client)/.exec(line)?.[1];
    if (preference !== undefined) preferences.set(version, preference);
  }
  return { suites: grouped(suites), preferences, firsts: null, groups: null };
}

/** What testssl says. */
export async function testssl(program: string, openssl: string, port: number): Promise<Scan> {
  const directory = mkdtempSync(join(tmpdir(), "anchorwatch-testssl-"));
  const file = join(directory, "result.json");
  try {
    const checks = ["--protocols", "--cipher-per-proto"];
    const manner = ["--quiet", "--color", "0", "--warnings", "off", "--nodns", "none"];
    const files = ["--jsonfile", file, "--openssl", openssl];
    const args = [...checks, ...manner, ...files, `127.0.0.1:${port}`];
    await run(program, args, { maxBuffer: MOST_OUTPUT }).catch((error: unknown) => {
      // It ends with the number of its findings.
      if (!(error instanceof Error && "code" in error && typeof error.code === "number"))
        throw error;
    });
    const entries = JSON.parse(readFileSync(file, "utf8")) as readonly {
      readonly id: string;
      readonly finding: string;
    }[];
    const suites = entries.flatMap(({ id, finding }) => {
      const [, version, code] = /^cipher-(tls1(?:_[123])?|ssl[23])_x([0-9a-f]+)$/.exec(id) ?? [];
      if (version === undefined || code === undefined) return [];
      const name = VERSIONS.get(version) ?? version;
      return finding.trim() === ""
        ? []
        : [[name, cipherSuiteName(Number.parseInt(code, 16))] as const];
    });
    return { suites: grouped(suites), preferences: null, firsts: null, groups: null };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const VERSIONS: ReadonlyMap<string, string> = new Map([
  ["ssl3", "SSLv3"],
  ["tls1", "TLSv1.0"],
  ["tls1_1", "TLSv1.1"],
  ["tls1_2", "TLSv1.2"],
  ["tls1_3", "TLSv1.3"],
]);

/** Groups that an engine of tests may compare: those that have a name here. */
const NAMED: ReadonlySet<string> = new Set(GROUPS.map(({ name }) => name));

const missing = (these: ReadonlySet<string>, those: ReadonlySet<string>): readonly string[] =>
  [...those].filter((each) => !these.has(each)).toSorted();

/** What a scan and a survey do not agree on, one line each. */
export function differences(
  survey: Pick<AddressSurvey, "versions" | "groups">,
  scan: Scan,
): readonly string[] {
  const lines: string[] = [];
  for (const { version, cipherSuites, preference } of survey.versions) {
    if (version === "SSLv2") continue;
    const ours = new Set(cipherSuites.map(({ name }) => name));
    const theirs = scan.suites.get(version) ?? new Set<string>();
    if (missing(theirs, ours).length > 0 && theirs.size === 0) lines.push(`${version} not seen`);
    else lines.push(...missing(theirs, ours).map((suite) => `${version} ${suite} not seen`));
    lines.push(...missing(ours, theirs).map((suite) => `${version} ${suite} seen only there`));
    const said = scan.preferences?.get(version);
    if (said !== undefined && preference !== null && said !== preference)
      lines.push(`${version} preference is ${said}'s there`);
    const first = scan.firsts?.get(version);
    const own = cipherSuites[0]?.name;
    if (preference === "server" && first !== undefined && first !== own)
      lines.push(`${version} ${first} is first there`);
  }
  for (const { version, groups } of survey.groups) {
    const theirs = scan.groups?.get(version);
    if (theirs === undefined) continue;
    const ours = new Set(groups);
    const known = new Set([...theirs].filter((group) => NAMED.has(group)));
    lines.push(...missing(theirs, ours).map((group) => `${version} group ${group} not seen`));
    lines.push(...missing(ours, known).map((group) => `${version} group ${group} seen only there`));
  }
  return lines;
}
