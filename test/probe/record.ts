import { getDiffieHellman, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
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
import type { RecordedKey, Recording } from "./recording.ts";

/** Has a conversation with `openssl s_server` and writes down what is needed to have it again. */
async function record(
  openssl: string,
  name: string,
  certificate: IssuedCertificate,
  options: readonly string[],
  shape: HelloShape = WIDE_HELLO,
): Promise<Recording> {
  const random: string[] = [];
  const keys: RecordedKey[] = [];
  const chunks: string[] = [];
  const engine = new TlsClient({
    shape,
    serverName: "localhost",
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
      if (output !== null) socket.write(output);
      if (engine.ended) socket.end();
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
const chain = ["-cert_chain", ca.certificate];
const asking = ["-Verify", "1", "-CAfile", ca.certificate];

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
): Promise<Recording> {
  return record(
    openssl ?? "openssl",
    name,
    certificate,
    [versionOption, "-cipher", `${suite}:@SECLEVEL=0`, ...options],
    singleHello({ version, cipherSuites: [code], without: leftOut }),
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
].filter(({ name }) => wanted === undefined || name.startsWith(wanted));
for (const recording of recordings)
  await writeFile(
    new URL(`recordings/${recording.name}.json`, import.meta.url),
    `${JSON.stringify(recording, null, 2)}\n`,
  );
await rm(directory, { recursive: true });
process.stdout.write(`${recordings.length} recordings\n`);
