import fc from "fast-check";
import t from "tap";
import { handshakeFromJson, handshakeToJson } from "../../src/probe/handshake-json.ts";
import { type Handshake, NOTHING_HEARD } from "../../src/probe/handshake.ts";

const handshake: Handshake = {
  endpoint: { scheme: "ldaps", host: "ldap.example.com", port: 636 },
  serverName: "ldap.example.com",
  address: "2001:db8::5",
  dialledPort: 1636,
  request: {
    method: "HEAD",
    path: "/",
    status: 301,
    reason: "Moved Permanently",
    location: "https://www.example.com/",
    strictTransportSecurity: "max-age=31536000",
    server: null,
    date: "2026-11-21T12:00:00.000Z",
    expectStatus: [200],
    failure: null,
    timeMs: 12.5,
  },
  proxy: {
    kind: "https",
    host: "proxy.example.com",
    port: 3128,
    reply: { status: 200, reason: "Connection established" },
  },
  hello: "openjdk-17",
  startedAt: "2026-11-21T06:00:00.123Z",
  outcome: "failed",
  stage: "finished",
  failure: { code: "client-certificate-required", message: "Server requires one" },
  alert: { direction: "received", level: "fatal", code: 116, description: "certificate_required" },
  alerts: [
    { direction: "received", level: "warning", code: 112, description: "unrecognized_name" },
    { direction: "received", level: "fatal", code: 116, description: "certificate_required" },
  ],
  end: { by: "server", how: "alert", afterMs: 3.5 },
  version: "TLSv1.3",
  cipherSuite: "TLS_AES_128_GCM_SHA256",
  group: "x25519",
  keyExchange: { kind: "dhe", group: null, bits: 12, field: { prime: "0d07", generator: "02" } },
  retry: { group: "x25519", cookieLength: null },
  serverHello: {
    sessionIdLength: 32,
    sessionIdEchoed: true,
    compression: "null",
    secureRenegotiation: null,
    extendedMasterSecret: null,
    encryptThenMac: null,
    ticketPromised: null,
    time: null,
  },
  extensions: [
    { message: "ServerHello", certificate: null, code: 51, name: "key_share", length: 36 },
    { message: "Certificate", certificate: 0, code: 18, name: "0x0012", length: 9 },
  ],
  signatureScheme: "ed25519",
  alpn: null,
  clientCertificateRequested: true,
  certificateRequest: {
    certificateTypes: ["rsa_sign", "0x99"],
    authorities: [Uint8Array.of(0x30, 0)],
    signatureSchemes: ["ed25519", "0x1234"],
    certificateSignatureSchemes: ["rsa_pkcs1_sha256"],
    oidFilters: [{ oid: "2.5.29.37", values: Uint8Array.of(4, 0) }],
  },
  clientCertificateAnswer: { kind: "empty", reason: "no-accepted-issuer" },
  clientAuth: "required",
  certificates: [Uint8Array.of(1, 2, 3), new Uint8Array(), Uint8Array.of(255)],
  certificateCompression: "zlib",
  ocspStaple: Uint8Array.of(9),
  signedCertificateTimestamps: [Uint8Array.of(0, 1), new Uint8Array()],
  tickets: [{ lifetime: 7200, length: 208, maxEarlyData: null }],
  dialog: [
    { direction: "sent", text: "StartTLS request" },
    { direction: "received", text: "StartTLS response: success" },
  ],
  firstBytes: null,
  phases: { dns: null, connect: 0.123, proxy: null, dialog: 0.5, hello: 1, complete: 2.5 },
};

t.test("handshakeFromJson() restores what handshakeToJson() wrote", async (t) => {
  const text = JSON.stringify(handshakeToJson(handshake));
  t.same(handshakeFromJson(JSON.parse(text)), { ok: true, value: handshake });
  const bare: Handshake = {
    ...handshake,
    address: null,
    serverName: null,
    ...NOTHING_HEARD,
    firstBytes: Uint8Array.of(72),
  };
  t.same(handshakeFromJson(JSON.parse(JSON.stringify(handshakeToJson(bare)))), {
    ok: true,
    value: bare,
  });
});

const wrong: Readonly<Record<string, readonly [field: string, value: unknown]>> = {
  "another format": ["format", "anchorwatch-handshake/3"],
  "a certificate that is not base64": ["certificates", ["%%"]],
  "too many certificates": ["certificates", Array.from({ length: 101 }, () => "AA==")],
  "an unknown failure code": ["failure", { code: "bad-luck", message: "" }],
  "an unknown stage": ["stage", "middle"],
  "a port out of range": ["dialledPort", 70_000],
  "an address that is none": ["address", "example.com"],
  "a time without zone": ["startedAt", "2026-11-21T06:00:00"],
  "a field of another name": ["privateKey", "x"],
};

for (const [what, [field, value]] of Object.entries(wrong))
  t.test(`handshakeFromJson() refuses ${what} and names the field`, async (t) => {
    const read = handshakeFromJson({ ...handshakeToJson(handshake), [field]: value });
    t.match(read, { ok: false, error: { code: "handshake-invalid" } });
    if (!read.ok) t.match(read.error.message, /^Saved handshake/);
    if (!read.ok && field !== "privateKey") t.match(read.error.message, new RegExp(field));
  });

t.test(
  "handshakeFromJson() reads the format before and fills in what it did not know",
  async (t) => {
    const json = handshakeToJson(handshake);
    const former = Object.fromEntries(
      Object.entries({ ...json, format: "anchorwatch-handshake/1" }).filter(
        ([field]) =>
          ![
            "alerts",
            "end",
            "keyExchange",
            "retry",
            "serverHello",
            "extensions",
            "certificateCompression",
            "signedCertificateTimestamps",
            "tickets",
          ].includes(field),
      ),
    );
    t.same(handshakeFromJson(former), {
      ok: true,
      value: {
        ...handshake,
        alerts: [],
        end: null,
        keyExchange: null,
        retry: null,
        serverHello: null,
        extensions: [],
        certificateCompression: null,
        signedCertificateTimestamps: [],
        tickets: [],
      },
    });
  },
);

t.test("handshakeFromJson() never throws", async (t) => {
  fc.assert(fc.property(fc.jsonValue(), (value) => void handshakeFromJson(value)));
  t.pass();
});
