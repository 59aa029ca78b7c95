import { once } from "node:events";
import { createInterface } from "node:readline";
import t from "tap";
import type { ProfileName } from "../../src/trust/profile-names.ts";
import { type CorpusCase, readCases, requireShared, SCENARIO_TIME } from "../corpora.ts";
import { judgeCase } from "../trust/corpus-judge.ts";
import { anchorwatch, linesOf, outcomeOf, startCommand } from "./command.ts";
import { measured } from "./measure.ts";
import { readAs, verdictLines } from "./records.ts";
import { VERDICT_LINE_SCHEMA } from "../../src/report/schemas.ts";
import { issue, NOW, pem, revocationList } from "../trust/revocation/authority.ts";

/** A corpus case as a line of the batch. */
function lineOf(each: CorpusCase, profile: ProfileName): string {
  return JSON.stringify({
    id: `${profile}/${each.id}`,
    chain: [each.peer_certificate, ...each.untrusted_intermediates],
    anchors: each.trusted_certs,
    host: each.expected_peer_name?.value ?? null,
    at: each.validation_time ?? new Date(SCENARIO_TIME).toISOString(),
    profile,
    purpose: each.validation_kind === "SERVER" ? "server" : "client",
    maxPathLength: each.max_chain_depth,
    crls: each.crls ?? [],
  });
}

t.test("judge --batch gives the verdicts of the judge on every scenario", async (t) => {
  const file = requireShared(t, "corpora/scenarios-dev.json");
  if (file === undefined) return;
  const cases = readCases(file);
  t.ok(cases.length > 50);
  const profiles = ["openjdk-17", "openssl-3", "go", "strict"] as const;
  const input = profiles.flatMap((profile) => cases.map((each) => `${lineOf(each, profile)}\n`));
  const { code, stdout, stderr } = await anchorwatch(["judge", "--batch"], {
    input: input.join(""),
  });
  t.equal(code, 0);
  t.equal(stderr, "");
  const answers = verdictLines(t, stdout);
  t.equal(answers.length, input.length);
  let position = 0;
  for (const profile of profiles)
    for (const each of cases) {
      const answer = answers[position++];
      const { trusted, nameMatch, accepted, path, clientMessage } = judgeCase(profile, each);
      const { findings = [], ...verdict } = answer ?? {};
      t.same(
        verdict,
        {
          id: `${profile}/${each.id}`,
          trusted,
          nameMatch,
          accepted,
          path: trusted === true ? path.map(({ sha256 }) => sha256) : [],
          clientMessage,
          error: null,
        },
        `${profile}/${each.id}`,
      );
      const broken = findings.some(({ severity }) => severity === "critical");
      t.equal(broken, !accepted, `findings of ${profile}/${each.id}`);
    }
});

t.test("judge --batch streams tens of thousands of cases in constant memory", async (t) => {
  const file = requireShared(t, "corpora/scenarios-dev.json");
  if (file === undefined) return;
  const cases = readCases(file).map((each) => `${lineOf(each, "openssl-3")}\n`);
  const batch = (count: number): string =>
    Array.from({ length: count }, (_, index) => cases[index % cases.length] ?? "").join("");
  const few = await measured(["judge", "--batch"], batch(1000));
  const many = await measured(["judge", "--batch"], batch(20_000));
  t.equal(few.code, 0);
  t.equal(many.code, 0);
  t.equal(many.stdout.split("\n").length, 20_001);
  t.ok(many.peak < few.peak + 48 * 1024, `${few.peak} KiB for 1000, ${many.peak} KiB for 20000`);
});

const LEAF = `-----BEGIN CERTIFICATE-----
MIIBfjCCASWgAwIBAgIUQ2VydGlmaWNhdGUgZm9yIHRlc3QwCgYIKoZIzj0EAwIw
-----END CERTIFICATE-----`;

t.test("judge --batch answers a bad line with an error and goes on", async (t) => {
  const file = requireShared(t, "corpora/scenarios-dev.json");
  if (file === undefined) return;
  const [first] = readCases(file);
  if (first === undefined) return;
  const good = JSON.parse(lineOf(first, "strict")) as Record<string, unknown>;
  const but = (change: Record<string, unknown>): string =>
    JSON.stringify({ ...good, id: "x", ...change });
  const [der = ""] = (good["chain"] as readonly string[]).map((pem) =>
    pem.replaceAll(/-----[^-]+-----|\s/g, ""),
  );
  const cases: readonly (readonly [line: string, code: string | null, message?: RegExp])[] = [
    [but({}), null],
    ["not JSON", "json-invalid", /^Line 2 is not JSON/],
    ['{"id":"x","chain":', "json-invalid", /^Line 3 is not JSON/],
    ["[]", "field-invalid", /^Line 4: the case: /],
    ["null", "field-invalid"],
    ['"text"', "field-invalid"],
    ["[".repeat(100_000), "json-invalid"],
    [but({ chain: undefined }), "field-invalid", /: chain: /],
    [but({ chain: [] }), "field-invalid", /: chain: /],
    [but({ chain: "text" }), "field-invalid", /: chain: /],
    [but({ chain: [1] }), "field-invalid", /: chain\.0: /],
    [but({ anchors: undefined }), "field-invalid", /: anchors: /],
    [
      but({ profile: "openjdk-7" }),
      "field-invalid",
      /profile: "openjdk-7" is unknown; known are openjdk-8/,
    ],
    [but({ purpose: "mail" }), "field-invalid", /: purpose: /],
    [but({ at: "tomorrow" }), "field-invalid", /at: "tomorrow" is not an RFC 3339 time/],
    [but({ at: "2027-01-01T00:00:00" }), "field-invalid", /: at: /],
    [but({ maxPathLength: -1 }), "field-invalid", /: maxPathLength: /],
    [but({ host: 5 }), "field-invalid", /: host: /],
    [but({ chain: ["?"] }), "certificate-invalid", /chain\.0: Expected PEM or base64 DER/],
    [but({ chain: [der, ""] }), "certificate-invalid", /chain\.1: /],
    [but({ chain: [LEAF.replace("END", "EMD")] }), "certificate-invalid", /chain\.0: /],
    [
      but({ chain: ["-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----"] }),
      "certificate-invalid",
      /no certificate/,
    ],
    [but({ anchors: [LEAF] }), "certificate-invalid", /anchors\.0: /],
    [but({ anchors: ["AAAA"] }), "certificate-invalid", /anchors\.0: /],
    [
      `{"id":"x","chain":["${"A".repeat(33 * 1024 * 1024)}"]}`,
      "line-too-long",
      /longer than 32 MiB/,
    ],
    [but({ chain: [der], at: null, host: null, profile: null, purpose: null, crls: null }), null],
    [but({ chain: ["AAAA"], anchors: [] }), null],
  ];
  const input = cases.map(([line]) => line).join("\r\n");
  const { code, stdout, stderr } = await anchorwatch(["judge", "--batch"], { input });
  t.equal(code, 0);
  t.equal(stderr, "");
  const answers = verdictLines(t, stdout);
  t.equal(answers.length, cases.length, "also for a last line without its end");
  for (const [index, [line, expected, message]] of cases.entries()) {
    const answer = answers[index];
    const name = line.length > 100 ? `${line.slice(0, 100)}…` : line;
    t.equal(answer?.error?.code ?? null, expected, name);
    if (message !== undefined) t.match(answer?.error?.message, message, name);
    if (expected === null) continue;
    t.match(answer, { trusted: null, nameMatch: null, accepted: false, path: [], findings: [] });
    const hasId = !["json-invalid", "line-too-long"].includes(expected) && line.startsWith("{");
    t.equal(answer?.id, hasId ? "x" : null, name);
  }
  t.match(answers.at(-1), { trusted: false, findings: [{ code: "truststore.no-anchors" }] });
});

t.test("judge --batch gives back every kind of id, and takes empty input", async (t) => {
  const ids = ["text", 7, 1.5, "\u001b\u2028", null, undefined];
  const lines = ids.map((id) => JSON.stringify({ id, chain: ["AAAA"], anchors: [] }));
  const { stdout } = await anchorwatch(["judge", "--batch"], { input: `\n${lines.join("\n\n")}` });
  t.same(
    verdictLines(t, stdout).map(({ id }) => id),
    ["text", 7, 1.5, "\u001b\u2028", null, null],
  );
  for (const input of ["", "\n \r\n"]) {
    const empty = await anchorwatch(["judge", "--batch"], { input });
    t.match(empty, { code: 0, stdout: "", stderr: "" });
  }
});

t.test("judge --batch refuses revoked certificates as the clients that check do", async (t) => {
  const root = issue({ subject: "Root", serial: 1, isCa: true });
  const leaf = issue({ subject: "leaf", serial: 5, issuer: root });
  const lists = {
    revoked: revocationList({ signer: root, entries: [{ serial: leaf.serial, reason: 1 }] }),
    good: revocationList({ signer: root }),
    stale: revocationList({ signer: root, nextUpdate: NOW - 3_600_000 }),
  };
  const base64 = (der: Uint8Array): string => Buffer.from(der).toString("base64");
  const lineFor = (profile: ProfileName, list: keyof typeof lists, more: object = {}): string =>
    JSON.stringify({
      id: `${profile} ${list}`,
      chain: [base64(leaf.der)],
      anchors: [base64(root.der)],
      at: new Date(NOW).toISOString(),
      profile,
      crls: [pem("X509 CRL", lists[list])],
      ...more,
    });
  const input = [
    lineFor("openjdk-17", "revoked"),
    lineFor("openjdk-17", "revoked", { revocation: "none" }),
    lineFor("openssl-3", "revoked"),
    lineFor("openssl-3", "good"),
    lineFor("openssl-3", "stale"),
    lineFor("go", "revoked"),
    lineFor("openjdk-17", "revoked", { crls: ["!"] }),
  ];
  const { code, stdout } = await anchorwatch(["judge", "--batch"], { input: input.join("\n") });
  t.equal(code, 0);
  const codes = (answer: ReturnType<typeof verdictLines>[number]): readonly string[] =>
    answer.findings.map((finding) => finding.code);
  const answers = verdictLines(t, stdout);
  t.same(
    answers.map(({ trusted }) => trusted),
    [false, true, false, true, false, true, null],
  );
  t.same(
    answers.map(codes).map((list) => list.filter((each) => /revo|crl/.test(each))),
    [
      ["chain.revoked"],
      ["chain.revoked", "chain.revocation-unchecked"],
      ["chain.revoked"],
      [],
      ["chain.crl-stale"],
      ["chain.revoked", "chain.revocation-unchecked"],
      [],
    ],
  );
  t.match(answers[0]?.clientMessage, /Certificate has been revoked, reason: KEY_COMPROMISE/);
  t.match(answers[4]?.clientMessage, /CRL has expired/);
  t.match(answers[6]?.error, { code: "field-invalid", message: /crls\.0: Expected PEM/ });
});

t.test("judge --batch bounds the work on hostile cases", async (t) => {
  const file = requireShared(t, "corpora/scenarios-dev.json");
  if (file === undefined) return;
  const [first] = readCases(file);
  if (first === undefined) return;
  const many = {
    ...first,
    untrusted_intermediates: Array.from({ length: 5000 }, () => first.peer_certificate),
  };
  const input = (["openssl-3", "openjdk-17", "go", "strict"] as const)
    .map((profile) => lineOf(many, profile))
    .join("\n");
  const { code, stdout } = await anchorwatch(["judge", "--batch"], { input });
  t.equal(code, 0);
  const answers = verdictLines(t, stdout);
  t.equal(answers.length, 4);
});

t.test("judge --batch answers each line before the next one is written", async (t) => {
  const child = startCommand(["judge", "--batch"]);
  const outcome = outcomeOf(child);
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  for (let id = 0; id < 3; id++) {
    child.stdin.write(`${JSON.stringify({ id, chain: ["AAAA"], anchors: [] })}\n`);
    const { value } = await answers.next();
    t.equal(readAs(t, VERDICT_LINE_SCHEMA, String(value))?.id, id);
  }
  child.stdin.end();
  t.equal((await outcome).code, 0);
});

t.test("judge --batch ends quietly when its reader leaves", async (t) => {
  const child = startCommand(["judge", "--batch"]);
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
  });
  child.stdin.end(`${JSON.stringify({ chain: ["AAAA"], anchors: [] })}\n`.repeat(20_000));
  const ended = once(child, "exit");
  const [chunk] = (await once(child.stdout, "data")) as [Buffer];
  t.ok(linesOf(chunk.toString("utf8")).length > 0);
  child.stdout.destroy();
  const [code] = (await ended) as [number | null];
  t.equal(code, 0);
  t.equal(stderr, "");
});
