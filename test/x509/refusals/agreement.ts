import { execFileSync, spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import { readPemBlocks } from "../../../src/x509/pem.ts";
import { type CertificateReader, parseRefusal } from "../../../src/x509/parse-refusal.ts";
import { findShared, readCases } from "../../corpora.ts";
import { findTool, requireTool } from "../../tools.ts";
import { requireJava } from "../../truststore/java-peers.ts";
import { mutations } from "./mutations.ts";

/** More by the environment: `REFUSALS_RUNS=50000 REFUSALS_SEED=7 npm test -- test/x509.test.ts`. */
const RUNS = Number(process.env["REFUSALS_RUNS"] ?? 6000);
const SEED = Number(process.env["REFUSALS_SEED"] ?? 20_261_121);

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

function derOf(pem: string): Uint8Array {
  const blocks = readPemBlocks(pem);
  return Uint8Array.from((blocks.ok ? blocks.value[0]?.der : undefined) ?? []);
}

/** Roots of the runtime, and certificates of the corpora where they are: every kind of key, name and extension. */
function seeds(): readonly Uint8Array[] {
  const roots = rootCertificates
    .slice(0, 40)
    .map((pem) => Uint8Array.from(new X509Certificate(pem).raw));
  const corpus = findShared("corpora/limbo-dev.json.gz");
  const cases = corpus === undefined ? [] : readCases(corpus);
  const pems = cases
    .filter(({ id }) => !id.startsWith("bettertls"))
    .flatMap((each) => [each.peer_certificate, ...each.trusted_certs.slice(0, 1)]);
  return [...roots, ...pems.map(derOf)].filter(({ length }) => length < 4000);
}

const originals = seeds();
const generator = mutations(originals, SEED);
const certificates = [
  ...originals,
  ...Array.from({ length: RUNS }, () => generator.next().value.der),
];
const input = `${certificates.map((der) => Buffer.from(der).toString("base64")).join("\n")}\n`;

const lines = (command: string, args: readonly string[]): readonly string[] =>
  execFileSync(command, args, { input, maxBuffer: 1 << 28, stdio: ["pipe", "pipe", "ignore"] })
    .toString("utf8")
    .trimEnd()
    .split("\n");

/** Compares what a program says, a line for a certificate: `ok`, or `refused` and its words. */
function compare(t: Test, reader: CertificateReader, answers: readonly string[]): void {
  t.equal(answers.length, certificates.length, "one answer for each certificate");
  let refused = 0;
  let sameWords = 0;
  const wrong: string[] = [];
  for (const [index, der] of certificates.entries()) {
    const [verdict = "", text = ""] = (answers[index] ?? "").split("\t");
    const ours = parseRefusal(der, reader);
    const words = text.replace(/^[A-Za-z.]+Exception: /, "");
    if (verdict !== "ok") refused++;
    if (verdict !== "ok" && ours?.replaceAll("\n", "\\n") === words) sameWords++;
    if ((verdict === "ok") !== (ours === null) && wrong.length < 3)
      wrong.push(
        `${reader} says ${verdict} ${text}, we ${ours ?? "ok"}: ${Buffer.from(der).toString("base64")}`,
      );
  }
  t.same(wrong, [], `seed ${SEED}`);
  t.ok(refused > RUNS / 4, `${refused} of ${certificates.length} are refused`);
  t.ok(sameWords >= refused * 0.995, `${sameWords} of ${refused} in the same words`);
}

t.test("parseRefusal() agrees with JDK 17 on changed certificates", async (t) => {
  const java = requireTool(t, "java");
  if (java === undefined) return;
  compare(t, "java-17", lines(java, [here("oracle.java")]));
});

t.test("parseRefusal() agrees with JDK 25 on changed certificates", async (t) => {
  const home = requireJava(t, 25);
  if (home === undefined) return;
  compare(t, "java-25", lines(home.java, [here("oracle.java")]));
});

t.test("parseRefusal() agrees with Go on changed certificates", async (t) => {
  const go = requireTool(t, "go");
  if (go === undefined) return;
  const folder = t.testdir({});
  const binary = join(folder, "oracle");
  const env = { ...process.env, GO111MODULE: "off", GOCACHE: join(folder, "cache"), GOFLAGS: "" };
  const built = spawnSync(go, ["build", "-o", binary, here("oracle.go")], {
    env,
    encoding: "utf8",
  });
  t.equal(built.status, 0, built.stderr);
  compare(t, "go-1.19", lines(binary, []));
});

t.test("parseRefusal() agrees with openssl x509 on changed certificates", async (t) => {
  const openssl = findTool("openssl");
  if (openssl === undefined) return void requireTool(t, "openssl");
  // one process for each: every so many of them
  const step = Math.max(1, Math.floor(certificates.length / 120));
  const wrong: string[] = [];
  let refused = 0;
  for (let index = 0; index < certificates.length; index += step) {
    const der = certificates[index] ?? new Uint8Array();
    const { status } = spawnSync(openssl, ["x509", "-inform", "DER", "-noout"], { input: der });
    const ours = parseRefusal(der, "openssl-3");
    // the command leaves alone what follows the certificate; TLS does not
    const reads = ours === null || ours === "cert length mismatch";
    if (status !== 0) refused++;
    if ((status === 0) !== reads)
      wrong.push(`openssl exits ${status}, we say ${ours}: ${Buffer.from(der).toString("base64")}`);
  }
  t.same(wrong, [], `seed ${SEED}`);
  t.ok(refused > 20, `${refused} are refused`);
});
