import { execFileSync } from "node:child_process";
import t from "tap";
import type { Situation } from "../../src/diagnosis/situation.ts";
import { assess } from "../../src/diagnosis/assess.ts";
import { isCommand } from "../../src/report/commands.ts";
import { extractStep, verifyStep } from "../../src/diagnosis/remedies/verify-step.ts";
import { repeatedWords } from "../../src/cli/command-words.ts";
import { handshakeOf, makePki, NOW, storeOf } from "../diagnosis/pki.ts";
import { parseProxyUrl } from "../../src/probe/routes/proxy-url.ts";

const pki = await makePki();
const proxy = parseProxyUrl("socks5h://me@proxy.example:1081");

/** What a shell makes of a command: its words, one a line. */
function wordsInShell(command: string): readonly string[] {
  const script = `printf '%s\\n' ${command}`;
  return execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" }).split("\n").slice(0, -1);
}

type Parts = Pick<Situation, "connect" | "store" | "profile"> & {
  readonly endpoint: Situation["handshake"]["endpoint"];
  readonly serverName: string | null;
};

function situation(
  { endpoint, serverName, ...parts }: Partial<Parts>,
  surroundings = {},
): Situation {
  const store = {
    name: "s",
    path: null,
    isJavaStore: false,
    isSystemStore: true,
    needsPassword: false,
  };
  const target = endpoint ?? { scheme: "tls", host: "h", port: 443 };
  const handshake = {
    ...handshakeOf([]),
    endpoint: target,
    dialledPort: target.port,
    serverName: serverName ?? null,
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the step looks at these parts alone
  return {
    connect: null,
    store,
    profile: { name: "go" },
    handshake,
    surroundings: {
      client: "java",
      isClientKnown: true,
      server: null,
      folder: null,
      clientWords: null,
      words: [],
      ...surroundings,
    },
    ...parts,
  } as unknown as Situation;
}

t.test("verifyStep() repeats everything that changes what a check sees", async (t) => {
  if (!proxy.ok) throw new Error(proxy.error.message);
  const words = repeatedWords({
    cert: "me.pem",
    key: "me.key",
    proxy: proxy.value,
    at: NOW,
    hello: "wide",
    crl: ["a.crl", "b.crl"],
    expectStatus: [200, 302],
  });
  const step = verifyStep(
    situation(
      {
        endpoint: { scheme: "ldaps", host: "::1", port: 636 },
        connect: "127.0.0.1:1636",
        serverName: "x.example",
      },
      {
        words,
        clientWords: [
          "--truststore",
          "a b.p12",
          "--truststore-password",
          "env:PW",
          "--as",
          "openjdk-17",
        ],
      },
    ),
  );
  t.ok(isCommand(step));
  t.same(wordsInShell(step), [
    "anchorwatch",
    "check",
    "ldaps://[::1]:636",
    "--connect",
    "127.0.0.1:1636",
    "--servername",
    "x.example",
    "--truststore",
    "a b.p12",
    "--truststore-password",
    "env:PW",
    "--as",
    "openjdk-17",
    "--cert",
    "me.pem",
    "--key",
    "me.key",
    "--proxy",
    "socks5h://me@proxy.example:1081",
    "--hello",
    "wide",
    "--crl",
    "a.crl",
    "--crl",
    "b.crl",
    "--expect-status",
    "200,302",
    "--at",
    "2026-11-21T12:00:00.000Z",
  ]);
});

t.test(
  "verifyStep() names every file of a store, and asks for its password where one is needed",
  async (t) => {
    const facts = { name: "s", isJavaStore: true, isSystemStore: false, needsPassword: true };
    const several = { ...facts, path: null, files: ["a.pem", "b.pem"] };
    t.equal(
      verifyStep(situation({ store: several })),
      "anchorwatch check h:443 --truststore a.pem,b.pem --truststore-password prompt --as go",
    );
    const spec = { ...facts, path: "t.p12", passwordSpec: "stash:t.sth" };
    t.match(
      verifyStep(situation({ store: spec })),
      "--truststore t.p12 --truststore-password stash:t.sth",
    );
  },
);

t.test("verifyStep() and extractStep() quote hostile words for the shell", async (t) => {
  const hostile = 'a\'; touch /tmp/owned; $(id) `id` "x" \\';
  const endpoint = { scheme: "tls", host: hostile, port: 1 } as const;
  const step = extractStep(situation({ endpoint, serverName: `$(${hostile})` }), "my 'folder'");
  const words = wordsInShell(step);
  t.equal(words[2], `${hostile}:1`);
  t.equal(words.at(-1), "my 'folder'");
  t.equal(words[words.indexOf("--servername") + 1], `$(${hostile})`);
});

t.test("assess() attaches the files that a remedy names", async (t) => {
  const party = {
    name: "go",
    profile: "go",
    truststores: [storeOf("store", [pki.rootB])],
    nameCheck: "https",
    ownChain: null,
  } as const;
  const { findings } = assess(party, handshakeOf([pki.leaf, pki.intA, pki.rootA]), {
    at: NOW,
    thresholds: { warning: 0, critical: 0 },
    otherTruststores: [],
  });
  const [attachment] = findings[0]?.attachments ?? [];
  t.equal(attachment?.kind, "certificate");
  t.match(attachment?.fileName, /^root-a-[0-9a-f]{16}\.pem$/);
  t.same(attachment?.certificates, [Uint8Array.from(pki.rootA.der)]);
});
