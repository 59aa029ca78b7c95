import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { IssuedCertificate } from "../../src/cli/demo/certificate.ts";
import { mentionedFiles } from "../../src/diagnosis/remedies/certificate-files.ts";
import { isCommand } from "../../src/report/commands.ts";
import { writePkcs12 } from "../../src/truststore/write-pkcs12.ts";
import { type Tool, requireTool } from "../tools.ts";
import {
  carryOut,
  check,
  type Checked,
  installCommand,
  makePki,
  PASSWORD,
  type Pki,
  serve,
} from "./workshop.ts";

const pki = await makePki();

type Chosen = (pki: Pki) => readonly IssuedCertificate[];

/** Tools that write a truststore. */
type StoreKind = "keytool" | "pem" | "openssl-pkcs12";

/** One broken link that a remedy repairs on the client's side. */
interface Case {
  readonly name: string;
  readonly sent: Chosen;
  readonly stored: Chosen;
  readonly store: StoreKind;
  readonly as: string;
  readonly headline: string;
  /** Beginning of a command that must be among the steps. */
  readonly command: string;
  /** What the owner hands over where the remedy asks for it, by file name. */
  readonly given?: (pki: Pki) => Readonly<Record<string, IssuedCertificate>>;
  /** `prompt`: the tools ask for the password of the store. @default env */
  readonly password?: "env" | "prompt";
}

const corpRoot = ({ root }: Pki) => ({ "corp-root.pem": root });

const CASES: readonly Case[] = [
  {
    name: "a root that is sent along and missing in a Java store",
    sent: ({ leaf, intermediate, root }) => [leaf, intermediate, root],
    stored: ({ strangerRoot }) => [strangerRoot],
    store: "keytool",
    as: "openjdk-17",
    headline: "truststore.anchor-missing",
    command: "keytool -importcert",
  },
  {
    name: "a root of which only the name is known, with a password that is typed",
    sent: ({ leaf, intermediate }) => [leaf, intermediate],
    stored: ({ strangerRoot }) => [strangerRoot],
    store: "keytool",
    as: "openjdk-17",
    headline: "truststore.anchor-missing",
    command: "keytool -importcert",
    given: corpRoot,
    password: "prompt",
  },
  {
    name: "a root that is sent along and missing in a PEM file without a line break at its end",
    sent: ({ leaf, intermediate, root }) => [leaf, intermediate, root],
    stored: ({ strangerRoot }) => [strangerRoot],
    store: "pem",
    as: "openssl-3",
    headline: "truststore.anchor-missing",
    command: "anchorwatch store add",
  },
  {
    name: "a self-signed certificate that a PEM file lacks",
    sent: ({ selfSigned }) => [selfSigned],
    stored: ({ strangerRoot }) => [strangerRoot],
    store: "pem",
    as: "openssl-3",
    headline: "chain.self-signed",
    command: "anchorwatch store add",
  },
  {
    name: "a re-keyed CA, whose former certificate has the alias that the new one would get",
    sent: ({ leaf, intermediate }) => [leaf, intermediate],
    stored: ({ formerRoot }) => [formerRoot],
    store: "keytool",
    as: "openjdk-17",
    headline: "truststore.anchor-rekeyed",
    command: "keytool -importcert",
    given: corpRoot,
  },
  {
    name: "a stored leaf in the place of its CA",
    sent: ({ leaf, intermediate }) => [leaf, intermediate],
    stored: ({ leaf }) => [leaf],
    store: "pem",
    as: "openssl-3",
    headline: "truststore.leaf-pinned",
    command: "anchorwatch store add",
    given: corpRoot,
  },
  {
    name: "an intermediate without its root",
    sent: ({ leaf, intermediate }) => [leaf, intermediate],
    stored: ({ intermediate }) => [intermediate],
    store: "pem",
    as: "openssl-3",
    headline: "truststore.intermediate-only",
    command: "anchorwatch store add",
    given: corpRoot,
  },
  {
    name: "an expired intermediate that hides the valid one",
    sent: ({ leaf, intermediate }) => [leaf, intermediate],
    stored: ({ staleIntermediate, root }) => [staleIntermediate, root],
    store: "pem",
    as: "openssl-3",
    headline: "truststore.stale-intermediate",
    command: "anchorwatch store remove",
  },
  {
    name: "an expired root",
    sent: ({ leaf, intermediate }) => [leaf, intermediate],
    stored: ({ expiredRoot }) => [expiredRoot],
    store: "pem",
    as: "openssl-3",
    headline: "truststore.anchor-expired",
    command: "anchorwatch store add",
    given: corpRoot,
  },
  {
    name: "certificates that openssl wrote into PKCS#12 without marking them as trusted",
    sent: ({ leaf, intermediate }) => [leaf, intermediate],
    stored: ({ root }) => [root],
    store: "openssl-pkcs12",
    as: "openjdk-17",
    headline: "truststore.no-java-anchors",
    command: "anchorwatch store convert",
  },
];

const TOOLS: Readonly<Record<StoreKind, readonly Tool[]>> = {
  keytool: ["keytool"],
  pem: [],
  "openssl-pkcs12": ["openssl", "keytool"],
};

const FILES: Readonly<Record<StoreKind, string>> = {
  keytool: "trust store.p12",
  pem: "trust.pem",
  "openssl-pkcs12": "trust.p12",
};

/** Makes a truststore with the tool that users make it with. */
function makeStore(kind: StoreKind, path: string, stored: readonly IssuedCertificate[]): void {
  const pem = stored.map((certificate) => certificate.pem);
  switch (kind) {
    case "pem":
      writeFileSync(path, pem.join("").trimEnd());
      return;
    case "keytool":
      for (const [index, input] of pem.entries())
        execFileSync(
          "keytool",
          [
            "-importcert",
            "-noprompt",
            "-alias",
            index === 0 ? "corp-root" : `ca${index}`,
            "-keystore",
            path,
            "-storepass",
            PASSWORD,
            "-storetype",
            "PKCS12",
          ],
          { input, stdio: "pipe" },
        );
      return;
    case "openssl-pkcs12": {
      const source = `${path}.source`;
      writeFileSync(source, pem.join(""));
      execFileSync("openssl", [
        "pkcs12",
        "-export",
        "-nokeys",
        "-in",
        source,
        "-out",
        path,
        "-passout",
        `pass:${PASSWORD}`,
      ]);
    }
  }
}

function folder(t: Test): string {
  const cwd = t.testdir({ bin: {} });
  installCommand(cwd);
  return cwd;
}

for (const { name, sent, stored, store, as, headline, command, given, password } of CASES)
  t.test(`check prints commands that repair ${name}`, async (t) => {
    for (const tool of TOOLS[store]) if (requireTool(t, tool) === undefined) return;
    const cwd = folder(t);
    makeStore(store, join(cwd, FILES[store]), stored(pki));
    const { port } = await serve(t, sent(pki));
    const spec = password === "prompt" ? `file:${join(cwd, "secret")}` : "env:STORE_PW";
    writeFileSync(join(cwd, "secret"), PASSWORD);
    const words = [
      "--truststore",
      FILES[store],
      "--as",
      as,
      ...(store === "pem" ? [] : ["--truststore-password", spec]),
    ];
    const { record } = await check(port, words, cwd);
    const [finding] = record.findings;
    t.equal(finding?.code, headline);
    t.equal(record.trusted, false);
    const remedy = remedyOf(record).map((step) =>
      password === "prompt" ? step.replace(/ '?-storepass:file'? \S+/, "") : step,
    );
    t.ok(
      remedy.some((step) => step.startsWith(command)),
      `${command} is among ${JSON.stringify(remedy)}`,
    );
    t.notMatch(remedy.join("\n"), PASSWORD);
    for (const [file, certificate] of Object.entries(given?.(pki) ?? {}))
      writeFileSync(join(cwd, file), certificate.pem);
    const { code, output } = await carryOut(remedy, cwd, {
      passwordIsAsked: password === "prompt",
    });
    if (store !== "openssl-pkcs12") {
      t.ok(code === 0 || code === 1, output);
      t.match(output, /can connect/);
      return;
    }
    const after = await check(port, words.with(1, replaced(remedy)), cwd);
    t.equal(after.record.trusted, true, JSON.stringify(after.record.findings));
  });

function remedyOf({ findings }: Checked): readonly string[] {
  return findings[0]?.remedy ?? [];
}

/** The new store that a remedy writes beside the old one. */
function replaced(remedy: readonly string[]): string {
  const step = remedy.find((each) => each.startsWith("anchorwatch store convert")) ?? "";
  return /--out (\S+)/.exec(step)?.[1] ?? "";
}

t.test("check prints commands that copy an anchor from another store of the estate", async (t) => {
  if (requireTool(t, "keytool") === undefined) return;
  const cwd = folder(t);
  makeStore("keytool", join(cwd, "own.p12"), [pki.strangerRoot]);
  makeStore("keytool", join(cwd, "other.p12"), [pki.root]);
  const { port } = await serve(t, [pki.leaf, pki.intermediate]);
  writeFileSync(
    join(cwd, "anchorwatch.yaml"),
    `version: 1
truststores:
  own: { path: own.p12, password: { env: STORE_PW } }
  other: { path: other.p12, password: { env: STORE_PW } }
clients:
  app: { profile: openjdk-17, trust: own }
`,
  );
  const { record } = await check(port, ["--client", "app"], cwd);
  t.equal(record.findings[0]?.code, "truststore.anchor-elsewhere");
  const remedy = remedyOf(record);
  t.ok(remedy.some((step) => step.startsWith("keytool -exportcert")));
  t.match(remedy.at(-1), "--client app --estate anchorwatch.yaml");
  const { code, output } = await carryOut(remedy, cwd, { passwordIsAsked: false });
  t.equal(code, 0, output);
});

t.test("check prints the bundle that a server should send, which repairs it", async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, "root.pem"), pki.root.pem);
  writeFileSync(join(cwd, "issuing.pem"), pki.intermediate.pem);
  writeFileSync(
    join(cwd, "anchorwatch.yaml"),
    `version: 1
truststores:
  own: { path: root.pem }
  other: { path: issuing.pem }
clients:
  app: { profile: openssl-3, trust: own }
`,
  );
  const server = await serve(t, [pki.leaf]);
  const { record } = await check(server.port, ["--client", "app", "--server-system", "nginx"], cwd);
  t.equal(record.findings[0]?.code, "chain.incomplete");
  const remedy = remedyOf(record);
  const [bundle] = mentionedFiles(remedy);
  t.ok(bundle?.isChain);
  t.ok(remedy.includes("nginx -t && nginx -s reload"));
  const own = remedy.filter((step) => isCommand(step) && step.startsWith("anchorwatch"));
  await carryOut(own.slice(0, 1), cwd, { passwordIsAsked: false });
  server.install(readFileSync(join(cwd, bundle?.fileName ?? ""), "utf8"));
  const { code, output } = await carryOut(own.slice(-1), cwd, { passwordIsAsked: false });
  t.equal(code, 0, output);
});

t.test("check prints a request for a certificate that carries the name asked for", async (t) => {
  if (requireTool(t, "openssl") === undefined) return;
  const cwd = folder(t);
  const pem = (name: string, text: string): void => writeFileSync(join(cwd, name), text);
  const keyOf = ({ key }: IssuedCertificate): string =>
    key.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  pem("root.pem", pki.root.pem);
  pem("SERVER.key", keyOf(pki.otherName));
  pem("ca.pem", pki.intermediate.pem);
  pem("ca.key", keyOf(pki.intermediate));
  const server = await serve(t, [pki.otherName, pki.intermediate]);
  const words = ["--truststore", "root.pem", "--as", "openssl-3", "--server-system", "nginx"];
  const { record } = await check(server.port, words, cwd);
  t.equal(record.findings[0]?.code, "name.mismatch");
  const remedy = remedyOf(record);
  const commands = remedy.filter(isCommand);
  t.match(commands[0], "-addext subjectAltName=DNS:svc.corp.example,DNS:old.corp.example");
  await carryOut(commands.slice(0, 1), cwd, { passwordIsAsked: false });
  execFileSync(
    "openssl",
    [
      "x509",
      "-req",
      "-in",
      "request.csr",
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca.key",
      "-copy_extensions",
      "copyall",
      "-days",
      "30",
      "-out",
      "new.pem",
    ],
    { cwd, stdio: "pipe" },
  );
  t.ok(remedy.includes("nginx -t && nginx -s reload"));
  server.install(readFileSync(join(cwd, "new.pem"), "utf8") + pki.intermediate.pem);
  const { code, output } = await carryOut(commands.slice(-1), cwd, { passwordIsAsked: false });
  t.ok(code === 0 || code === 1, output);
  t.match(output, /can connect/);
});

t.test("check prints the request of a Java keystore, which keytool makes", async (t) => {
  if (requireTool(t, "keytool") === undefined) return;
  const cwd = folder(t);
  const entry = ["-alias", "ALIAS", "-keystore", "KEYSTORE", "-storepass", PASSWORD];
  execFileSync(
    "keytool",
    ["-genkeypair", ...entry, "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=old"],
    { cwd, stdio: "pipe" },
  );
  writeFileSync(join(cwd, "root.pem"), pki.root.pem);
  const { port } = await serve(t, [pki.otherName, pki.intermediate]);
  const words = ["--truststore", "root.pem", "--as", "openssl-3", "--server-system", "java"];
  const { record } = await check(port, words, cwd);
  const step = remedyOf(record).find((each) => each.startsWith("keytool -certreq"));
  t.ok(step);
  await carryOut([step ?? ""], cwd, { passwordIsAsked: true });
  const text = execFileSync("openssl", ["req", "-in", "request.csr", "-noout", "-text"], { cwd });
  t.match(text.toString(), "DNS:svc.corp.example, DNS:old.corp.example");
});

t.test("check prints how the password of a truststore is found and where it is set", async (t) => {
  const cwd = folder(t);
  const store = await writePkcs12([{ alias: "root", der: pki.root.der }], "another one");
  writeFileSync(join(cwd, "trust.p12"), store);
  const { port } = await serve(t, [pki.leaf, pki.intermediate]);
  const words = ["--truststore", "trust.p12", "--as", "openjdk-17", "--system", "liberty"];
  const wrong = await check(port, [...words, "--truststore-password", "env:STORE_PW"], cwd);
  t.equal(wrong.record.findings[0]?.code, "truststore.wrong-password");
  t.same(remedyOf(wrong.record).slice(0, 3), [
    "What env:STORE_PW holds does not open the file; find what does: the next command asks for it",
    "anchorwatch store list trust.p12 --password prompt",
    "Then set it where Liberty has it:",
  ]);
  t.match(remedyOf(wrong.record).join("\n"), /keyStore element whose location is trust\.p12/);
  const missing = await check(port, words, cwd);
  t.equal(missing.record.findings[0]?.code, "truststore.password-missing");
  t.match(remedyOf(missing.record).join("\n"), "securityUtility encode --encoding=aes");
});
