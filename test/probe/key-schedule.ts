import { execFile } from "node:child_process";
import { promisify } from "node:util";
import t from "tap";
import { prf } from "../../src/probe/tls/key-schedule-12.ts";
import {
  applicationSecrets,
  handshakeSecrets,
  trafficKeys13,
} from "../../src/probe/tls/key-schedule-13.ts";
import { cipherSuite13 } from "../../src/probe/tls/cipher-suites-13.ts";
import { requireTool } from "../tools.ts";

const run = promisify(execFile);

const bytes = (hex: string): Uint8Array => Buffer.from(hex, "hex");
const hexOf = (value: Uint8Array): string => Buffer.from(value).toString("hex");

t.test("handshakeSecrets() derives the secrets of RFC 8448 section 3", async (t) => {
  const suite = cipherSuite13(0x1301);
  if (suite === undefined) throw new Error("TLS_AES_128_GCM_SHA256 is missing");
  const secrets = handshakeSecrets(
    "sha256",
    bytes("8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d"),
    bytes("860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8"),
  );
  t.equal(
    hexOf(secrets.client),
    "b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21",
  );
  t.equal(
    hexOf(secrets.server),
    "b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38",
  );
  const keys = trafficKeys13(suite, secrets.server);
  t.equal(hexOf(keys.key), "3fce516009c21727d0f2e4e86ee403bc");
  t.equal(hexOf(keys.iv), "5d313eb2671276ee13000b30");
  const application = applicationSecrets(
    "sha256",
    secrets,
    bytes("9608102a0f1ccc6db6250b7b7e417b1a000eaada3daae4777a7686c9ff83df13"),
  );
  t.equal(
    hexOf(application.client),
    "9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5",
  );
  t.equal(
    hexOf(application.server),
    "a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643",
  );
});

t.test("prf() mixes MD5 and SHA-1 before TLS 1.2", async (t) => {
  // Test vector that circulates since TLS 1.0, and halves of an odd secret, which share a byte.
  const vector =
    "d3d4d1e349b5d515044666d51de32bab258cb521b6b053463e354832fd976754" +
    "443bcf9a296519bc289abcbc1187e4ebd31e602353776c408aafb74cbc85eff6" +
    "9255f9788faa184cbb957a9819d84a5d7eb006eb459d3ae8de9810454b8b2d8f" +
    "1afbc655a8c9a013";
  const mixed = prf(
    "md5-sha1",
    bytes("ab".repeat(48)),
    "PRF Testvector",
    [bytes("cd".repeat(64))],
    104,
  );
  t.equal(hexOf(mixed), vector);
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  for (const length of [1, 2, 3, 16, 47, 48]) {
    const [secret, seed] = ["5a".repeat(length), "0102030405"];
    const options = [`hexsecret:${secret}`, `hexseed:${seed}`, "digest:MD5-SHA1"];
    const given = options.flatMap((option) => ["-kdfopt", option]);
    const { stdout } = await run(openssl, ["kdf", "-keylen", "77", ...given, "TLS1-PRF"]);
    const expected = stdout.trim().replaceAll(":", "").toLowerCase();
    t.equal(hexOf(prf("md5-sha1", bytes(secret), "", [bytes(seed)], 77)), expected);
  }
});

t.test("prf() expands to any length from one stream", async (t) => {
  const secret = bytes("9bbe436ba940f017b17652849a71db35");
  const seed = bytes("a0ba9f936cda311827a6f796ffd5198c");
  // P_SHA256 test vector that circulates on the IETF TLS list.
  const vector =
    "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a" +
    "6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab" +
    "4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701" +
    "87347b66";
  t.equal(hexOf(prf("sha256", secret, "test label", [seed], 100)), vector);
  t.equal(hexOf(prf("sha256", secret, "test label", [seed], 12)), vector.slice(0, 24));
});
