import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import t from "tap";
import type { CertificateAnswerRecord } from "../../src/probe/client-auth-record.ts";
import type { KeyPolicy, Keyring } from "../../src/probe/tls/client-options.ts";
import { type Step, TlsClient } from "../../src/probe/tls/client.ts";
import { loadPrivateKeys } from "../../src/truststore/load-private-keys.ts";
import { type JavaHome, javaHomes } from "../truststore/java-peers.ts";
import {
  createIssuer,
  type IssuedCertificate,
  type LabKeyType,
  startOpensslServer,
} from "../lab/openssl.ts";
import { type RunningProcess, startProcess } from "../lab/process.ts";
import { requireTool } from "../tools.ts";

const run = promisify(execFile);
const source = fileURLToPath(new URL("jsse-client.java", import.meta.url));
const PASSWORD = "changeit";

/** A server's request, as options of s_server. */
interface Request {
  readonly name: string;
  readonly options: readonly string[];
  /** Whether the key managers of the JDK may differ, or one is enough. */
  readonly telling?: boolean;
  /** Whether TLS 1.3 has no scheme in it. */
  readonly old?: boolean;
}

/** Types of the keys that clients have, all issued by the same intermediate. */
const KEY_TYPES = [
  "rsa",
  "rsa-pss",
  "p256",
  "p384",
  "ed25519",
] as const satisfies readonly LabKeyType[];

/** Keystore with an RSA and a P-256 key. */
const BOTH = "both";

const MANAGERS: Readonly<Record<string, KeyPolicy>> = { SunX509: "sunx509", NewSunX509: "pkix" };

interface Lab {
  readonly directory: string;
  readonly requests: readonly Request[];
  readonly server: IssuedCertificate;
}

async function lab(openssl: string, directory: string): Promise<Lab> {
  const issue = createIssuer(openssl, directory);
  const root = await issue({ name: "root", keyType: "rsa" });
  const intermediate = await issue({
    name: "intermediate",
    keyType: "p256",
    issuer: root,
    authority: true,
  });
  const strangers = await issue({ name: "strangers", keyType: "p256" });
  const server = await issue({ name: "server", keyType: "p256", issuer: root });
  for (const keyType of KEY_TYPES) {
    const own = await issue({ name: keyType, keyType, issuer: intermediate });
    await keystore(openssl, join(directory, `${keyType}.p12`), own, [intermediate, root]);
  }
  let lists = 0;
  const authorities = (...each: readonly IssuedCertificate[]): readonly string[] => {
    const file = join(directory, `names-${++lists}.pem`);
    writeFileSync(file, each.map(({ certificate }) => readFileSync(certificate)).join("\n"));
    return ["-CAfile", file];
  };
  return {
    directory,
    server,
    requests: [
      { name: "any", options: [] },
      { name: "of the root", options: authorities(root), telling: true },
      { name: "of the intermediate", options: authorities(strangers, intermediate) },
      { name: "of strangers", options: authorities(strangers) },
      { name: "ECDSA with P-256", options: ["-client_sigalgs", "ECDSA+SHA256"], telling: true },
      { name: "RSA", options: ["-client_sigalgs", "RSA-PSS+SHA256:RSA+SHA256"], telling: true },
      {
        name: "RSA before ECDSA",
        options: ["-client_sigalgs", "RSA-PSS+SHA256:RSA+SHA256:ECDSA+SHA256"],
      },
      { name: "PKCS#1", options: ["-client_sigalgs", "RSA+SHA256"], old: true },
      { name: "Ed25519", options: ["-client_sigalgs", "ed25519"] },
    ],
  };
}

async function keystore(
  openssl: string,
  file: string,
  { certificate, key }: IssuedCertificate,
  chain: readonly IssuedCertificate[],
): Promise<void> {
  const certificates = `${file}.chain`;
  writeFileSync(certificates, chain.map((each) => readFileSync(each.certificate)).join("\n"));
  const inputs = ["-in", certificate, "-inkey", key, "-certfile", certificates, "-name", "own"];
  const output = ["-passout", `pass:${PASSWORD}`, "-out", file];
  await run(openssl, ["pkcs12", "-export", ...inputs, ...output]);
}

/** Puts an RSA and a P-256 key into one keystore. */
async function merge(keytool: string, directory: string): Promise<void> {
  for (const alias of ["rsa", "p256"])
    await run(
      keytool,
      [
        ["-importkeystore", "-noprompt", "-srcalias", "own", "-destalias", alias],
        ["-srckeystore", join(directory, `${alias}.p12`), "-srcstorepass", PASSWORD],
        ["-destkeystore", join(directory, `${BOTH}.p12`), "-deststorepass", PASSWORD],
      ].flat(),
    );
}

const VERSIONS = { "TLSv1.2": "-tls1_2", "TLSv1.3": "-tls1_3" } as const;

/** What our client sends with a keystore: the SHA-256 of a certificate, or why it sends none. */
async function ours(port: number, keyring: Keyring): Promise<string> {
  const answer = await answerTo(port, keyring);
  return answer.kind === "sent" ? answer.sha256 : answer.reason;
}

async function certificatesIn(file: string): Promise<Keyring["certificates"]> {
  const keys = await loadPrivateKeys(file, {
    storePassword: PASSWORD,
    keyPassword: null,
    alias: null,
  });
  if (!keys.ok) throw new Error(keys.error.message);
  return keys.value;
}

/** The answer that an engine gives to a server's request; the connection ends with it. */
function answerTo(port: number, keyring: Keyring): Promise<CertificateAnswerRecord> {
  const engine = new TlsClient({ keyring });
  const socket = connect(port, "127.0.0.1");
  const answer = new Promise<CertificateAnswerRecord>((resolve, reject) => {
    const note = ({ output, events }: Step): void => {
      for (const event of events) if (event.kind === "certificate-answer") resolve(event.answer);
      if (output !== null) socket.write(output);
    };
    socket
      .on("connect", () => note(engine.start()))
      .on("data", (chunk: Buffer) => note(engine.receive(chunk)))
      .on("error", reject)
      .on("close", () => reject(new Error("No request was seen")));
  });
  return answer.finally(() => socket.destroy());
}

/** A JVM that makes connections when it is asked to. */
class JavaClient {
  readonly release: number;
  readonly #process: RunningProcess;
  #asked = 0;

  constructor({ java, release }: JavaHome, directory: string) {
    this.release = release;
    this.#process = startProcess(java, ["-cp", directory, "JsseClient"]);
  }

  /** What it answered with: the SHA-256 of a certificate, NONE, or BROKE OFF. */
  async answer(...fields: readonly (string | number)[]): Promise<string> {
    this.#process.child.stdin?.write(`${fields.join("\t")}\n`);
    const lines = new RegExp(`^(?:.*\n){${this.#asked++}}(.*)\n`);
    return (await this.#process.waitFor(lines))[1] ?? "";
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }
}

t.test("chooseKey() sends what the key managers of the JDK choose", async (t) => {
  const [openssl, keytool] = [requireTool(t, "openssl"), requireTool(t, "keytool")];
  const javac = requireTool(t, "javac");
  if (openssl === undefined || keytool === undefined || javac === undefined) return;
  const { directory, server, requests } = await lab(openssl, t.testdir());
  await merge(keytool, directory);
  await run(javac, ["-d", directory, source]);
  const keystores = new Map<string, Keyring["certificates"]>();
  for (const keys of [...KEY_TYPES, BOTH])
    keystores.set(keys, await certificatesIn(join(directory, `${keys}.p12`)));
  const clients = javaHomes().map((home) => new JavaClient(home, directory));
  t.teardown(() => Promise.all(clients.map((client) => client.stop())));
  t.ok(clients.length > 0, `Java ${clients.map(({ release }) => release).join(", ")}`);
  for (const [protocol, version] of Object.entries(VERSIONS))
    for (const { name, options, telling = false, old = false } of requests) {
      if (old && protocol === "TLSv1.3") continue;
      const asking = [version, "-verify", "5", ...options];
      const running = await startOpensslServer(openssl, server, asking);
      for (const [keys, certificates] of keystores)
        for (const [manager, policy] of Object.entries(MANAGERS)) {
          if (policy === "pkix" && !telling) continue;
          const own = await ours(running.port, { certificates, policy });
          const sent = /^[0-9a-f]{64}$/.test(own);
          const expected = sent ? own : own === "cannot-sign" ? /^BROKE OFF/ : "NONE";
          const file = join(directory, `${keys}.p12`);
          for (const client of clients) {
            const theirs = await client.answer(running.port, protocol, file, PASSWORD, manager);
            const what = `Java ${client.release}, ${protocol}, ${name}, ${keys}, ${manager}: ${own}`;
            t.match(theirs, expected, what);
          }
        }
      await running.process.stop();
    }
});
