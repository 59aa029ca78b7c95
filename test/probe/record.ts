import { getDiffieHellman, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Step, TlsClient } from "../../src/probe/tls/client.ts";
import { ExtensionType } from "../../src/probe/tls/extensions.ts";
import type { Group } from "../../src/probe/tls/groups.ts";
import { type HelloShape, WIDE_HELLO } from "../../src/probe/tls/hello-shape.ts";
import { generateKeyPairs, type KeyShare, keyShareOf } from "../../src/probe/tls/key-agreement.ts";
import { singleHello } from "../../src/probe/tls/single-hello.ts";
import { Version } from "../../src/probe/tls/versions.ts";
import { createIssuer, type IssuedCertificate, startOpensslServer } from "../lab/openssl.ts";
import { findTool } from "../tools.ts";
import {
  type RecordedClient,
  type RecordedKey,
  type Recording,
  recordedKeyring,
} from "./recording.ts";

/** Milliseconds in which a server judges a client's certificate. */
const VERDICT_TIME = 300;

/** Has a conversation with `openssl s_server` and writes down what is needed to have it again. */
async function record(
  openssl: string,
  name: string,
  certificate: IssuedCertificate,
  options: readonly string[],
  shape: HelloShape = WIDE_HELLO,
  client?: RecordedClient,
): Promise<Recording> {
  const random: string[] = [];
  const keys: RecordedKey[] = [];
  const chunks: string[] = [];
  const engine = new TlsClient({
    shape,
    serverName: "localhost",
    keyring: recordedKeyring(client === undefined ? {} : { client }),
    entropy: {
      random: (length) => {
        const bytes = randomBytes(length);
        random.push(bytes.toString("base64"));
        return bytes;
      },
      keyShare: (group) => {
        const { key, share } = draw(group);
        keys.push(key);
        return share;
      },
    },
  });
  const server = await startOpensslServer(openssl, certificate, options);
  await new Promise<void>((resolve) => {
    const socket = connect(server.port, "127.0.0.1");
    let events: Step["events"] = [];
    const act = ({ output, events: fresh }: Step): void => {
      events = [...events, ...fresh];
      if (output !== null && !socket.writableEnded) socket.write(output);
      if (engine.ended) socket.end();
      if (fresh.some((event) => event.kind === "finished" && event.awaitsVerdict))
        setTimeout(() => act(engine.settle()), VERDICT_TIME);
    };
    socket.on("connect", () => act(engine.start()));
    socket.on("data", (chunk: Buffer) => {
      if (!engine.ended) chunks.push(chunk.toString("base64"));
      act(engine.receive(chunk));
    });
    socket.on("end", () => act(engine.hangUp("closed")));
    socket.on("error", () => act(engine.hangUp("reset")));
    socket.on("close", () => {
      process.stdout.write(`${name}: ${JSON.stringify(events.at(-1))}\n`);
      resolve();
    });
  });
  await server.process.stop();
  const shown = options.map((option) => (option.startsWith("/") ? "FILE" : option));
  return {
    name,
    server: ["openssl s_server", ...shown].join(" "),
    serverName: "localhost",
    shape,
    ...(client === undefined ? {} : { client }),
    random,
    keys,
    chunks,
  };
}

function draw(group: Group): { readonly key: RecordedKey; readonly share: KeyShare } {
  const pairs = generateKeyPairs(group);
  return {
    key: {
      group: group.code,
      keys: pairs.map(({ privateKey }) =>
        privateKey.export({ format: "der", type: "pkcs8" }).toString("base64"),
      ),
    },
    share: keyShareOf(group, pairs),
  };
}

const openssl = findTool("openssl");
if (openssl === undefined) throw new Error("Recordings need openssl");
const directory = await mkdtemp(join(tmpdir(), "recordings-"));
const issue = createIssuer(openssl, directory);
const ca = await issue({ name: "ca", keyType: "p256" });
const rsa = await issue({ name: "rsa", keyType: "rsa", issuer: ca });
const p256 = await issue({ name: "p256", keyType: "p256", issuer: ca });
const ed25519 = await issue({ name: "ed25519", keyType: "ed25519", issuer: ca });

// s_server sends the staple as it is; nothing in the engine looks into it.
const staple = join(directory, "staple.der");
await writeFile(staple, Buffer.from("30030a0106", "hex"));

const without = (type: number): HelloShape => ({
  ...WIDE_HELLO,
  extensions: WIDE_HELLO.extensions.filter((extension) => extension !== type),
});
/** Issues a client's certificate of a type whose signatures are the same each time. */
async function issueClient(
  name: string,
  keyType: "ed25519" | "rsa",
  issuer: IssuedCertificate,
): Promise<RecordedClient> {
  const { certificate, key } = await issue({ name, keyType, issuer });
  const body = (pem: string) => pem.replaceAll(/-----[^-]+-----|\s/g, "");
  return {
    chain: [body(await readFile(certificate, "utf8"))],
    key: body(await readFile(key, "utf8")),
  };
}

const strangers = await issue({ name: "strangers", keyType: "p256" });
const clients = {
  known: await issueClient("known", "ed25519", ca),
  old: await issueClient("old", "rsa", ca),
  stranger: await issueClient("stranger", "ed25519", strangers),
  oldStranger: await issueClient("old-stranger", "rsa", strangers),
};

const chain = ["-cert_chain", ca.certificate];
const asking = ["-Verify", "1", "-CAfile", ca.certificate];
const judging = [...asking, "-verify_return_error"];

/** A ticket would hold the client's certificate: much to cut and to flip that says nothing new. */
const WITHOUT_TICKET = [ExtensionType.sessionTicket];

/** A suite of the versions before TLS 1.2. */
const SUITE_OF_OLD = [0xc009, "ECDHE-ECDSA-AES128-SHA"] as const;

/** Which to write down anew, by the beginning of their names. */
const wanted = process.argv[2];

const field = join(directory, "field.pem");
await writeFile(field, smallField());

/** A conversation in an old version with one suite. */
function recordOld(
  name: string,
  certificate: IssuedCertificate,
  versionOption: string,
  version: number,
  [code, suite]: readonly [code: number, suite: string],
  options: readonly string[] = [],
  leftOut: readonly number[] = [],
  client?: RecordedClient,
): Promise<Recording> {
  return record(
    openssl ?? "openssl",
    name,
    certificate,
    [versionOption, "-cipher", `${suite}:@SECLEVEL=0`, ...options],
    singleHello({ version, cipherSuites: [code], without: leftOut }),
    client,
  );
}

/** The prime of 1024 bits of RFC 2409, the smallest that OpenSSL takes, in PEM. */
function smallField(): string {
  const prime = getDiffieHellman("modp2").getPrime();
  const der = Buffer.concat([
    Buffer.from("30818702818100", "hex"),
    prime,
    Buffer.from("020102", "hex"),
  ]);
  return `-----BEGIN DH PARAMETERS-----\n${der.toString("base64")}\n-----END DH PARAMETERS-----\n`;
}

const recordings = [
  await record(openssl, "tls13-rsa", rsa, ["-tls1_3", ...chain]),
  await record(openssl, "tls13-staple", p256, ["-tls1_3", "-status_file", staple, ...chain]),
  await record(openssl, "tls13-retry", ed25519, [
    "-tls1_3",
    "-groups",
    "P-384",
    "-ciphersuites",
    "TLS_AES_256_GCM_SHA384",
  ]),
  await record(openssl, "tls13-client-certificate", p256, ["-tls1_3", ...asking]),
  await record(openssl, "tls12-rsa", rsa, ["-tls1_2", ...chain]),
  await record(openssl, "tls12-staple", p256, [
    "-tls1_2",
    "-status_file",
    staple,
    "-cipher",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
  ]),
  await record(
    openssl,
    "tls12-plain-master-secret",
    p256,
    ["-tls1_2", "-groups", "P-256"],
    without(ExtensionType.extendedMasterSecret),
  ),
  await record(openssl, "tls12-client-certificate", p256, ["-tls1_2", ...asking]),
  await recordOld(
    "tls12-dhe-ccm-8",
    rsa,
    "-tls1_2",
    Version.tls12,
    [0xc0a3, "DHE-RSA-AES256-CCM8"],
    ["-dhparam", field],
  ),
  await recordOld("tls12-static-camellia", rsa, "-tls1_2", Version.tls12, [
    0x00c0,
    "CAMELLIA256-SHA256",
  ]),
  await recordOld("tls11-ecdhe", p256, "-tls1_1", Version.tls11, [
    0xc00a,
    "ECDHE-ECDSA-AES256-SHA",
  ]),
  await recordOld(
    "tls11-mac-then-encrypt",
    p256,
    "-tls1_1",
    Version.tls11,
    [0xc009, "ECDHE-ECDSA-AES128-SHA"],
    [],
    [ExtensionType.encryptThenMac, ExtensionType.sessionTicket],
  ),
  await recordOld("tls10-static", rsa, "-tls1", Version.tls10, [0x002f, "AES128-SHA"]),
  await recordOld(
    "tls10-dhe-mac-then-encrypt",
    rsa,
    "-tls1",
    Version.tls10,
    [0x0039, "DHE-RSA-AES256-SHA"],
    ["-dhparam", field],
    [ExtensionType.encryptThenMac, ExtensionType.extendedMasterSecret],
  ),
  await recordOld(
    "tls10-client-certificate",
    p256,
    "-tls1",
    Version.tls10,
    [0xc009, "ECDHE-ECDSA-AES128-SHA"],
    asking,
  ),
  await recordOld("tls11-client-certificate", p256, "-tls1_1", Version.tls11, SUITE_OF_OLD, asking),
  await record(
    openssl,
    "tls13-client-accepted",
    p256,
    ["-tls1_3", ...judging],
    WIDE_HELLO,
    clients.known,
  ),
  await record(
    openssl,
    "tls13-client-refused",
    p256,
    ["-tls1_3", ...judging],
    WIDE_HELLO,
    clients.stranger,
  ),
  await record(
    openssl,
    "tls12-client-accepted",
    p256,
    ["-tls1_2", ...judging],
    WIDE_HELLO,
    clients.known,
  ),
  await record(
    openssl,
    "tls12-client-refused",
    p256,
    ["-tls1_2", ...judging],
    WIDE_HELLO,
    clients.stranger,
  ),
  await recordOld(
    "tls11-client-accepted",
    p256,
    "-tls1_1",
    Version.tls11,
    SUITE_OF_OLD,
    judging,
    WITHOUT_TICKET,
    clients.old,
  ),
  await recordOld(
    "tls11-client-refused",
    p256,
    "-tls1_1",
    Version.tls11,
    SUITE_OF_OLD,
    judging,
    [],
    clients.oldStranger,
  ),
  await recordOld(
    "tls10-client-accepted",
    p256,
    "-tls1",
    Version.tls10,
    SUITE_OF_OLD,
    judging,
    WITHOUT_TICKET,
    clients.old,
  ),
  await recordOld(
    "tls10-client-refused",
    p256,
    "-tls1",
    Version.tls10,
    SUITE_OF_OLD,
    judging,
    [],
    clients.oldStranger,
  ),
].filter(({ name }) => wanted === undefined || name.startsWith(wanted));
for (const recording of recordings)
  await writeFile(
    new URL(`recordings/${recording.name}.json`, import.meta.url),
    `${JSON.stringify(recording, null, 2)}\n`,
  );
await rm(directory, { recursive: true });
process.stdout.write(`${recordings.length} recordings\n`);
