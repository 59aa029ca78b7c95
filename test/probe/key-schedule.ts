import t from "tap";
import { prf } from "../../src/probe/tls/key-schedule-12.ts";
import {
  applicationSecrets,
  handshakeSecrets,
  trafficKeys13,
} from "../../src/probe/tls/key-schedule-13.ts";
import { cipherSuite13 } from "../../src/probe/tls/cipher-suites-13.ts";

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
