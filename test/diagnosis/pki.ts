import type { NamedTruststore } from "../../src/diagnosis/assessment.ts";
import {
  type CertificateRequest,
  type IssuedCertificate,
  issueCertificate,
} from "../../src/cli/demo/certificate.ts";
import { generateKeys, type KeyPair } from "../../src/cli/demo/keys.ts";
import { type Handshake, NOTHING_HEARD } from "../../src/probe/handshake.ts";
import { buildEntries } from "../../src/truststore/store-entry.ts";
import { NOTHING_SKIPPED } from "../../src/truststore/truststore.ts";

/** Moment at which every situation is judged. */
export const NOW = Date.parse("2026-11-21T12:00:00Z");

/** Name that the client asks for. */
export const HOST = "svc.corp.example";

const DAY = 86_400_000;

/** Certificates by the names of the failure catalogue's annex. */
export type Pki = Readonly<Record<CertificateName, IssuedCertificate>>;

const NAMES = [
  "rootA",
  "rootB",
  "rootA_newkey",
  "rootA_exp",
  "rootA_renew",
  "rootA_bcfalse",
  "intA",
  "intB",
  "intA_exp",
  "intA_newkey",
  "int_noca",
  "int_nokcs",
  "int_eku",
  "sub",
  "leaf",
  "leaf_exp",
  "leaf_nyv",
  "leaf_soon",
  "leaf_other",
  "leaf_cn",
  "leaf_clienteku",
  "leaf_ku",
  "leaf_noca",
  "leaf_nokcs",
  "leaf_inteku",
  "leaf_pl",
  "ss",
] as const;

/** A certificate of the test PKI. */
export type CertificateName = (typeof NAMES)[number];

/** Makes the PKI; P-256 keys, because nothing here depends on the kind. */
export async function makePki(): Promise<Pki> {
  const keys = new Map<string, KeyPair>();
  for (const name of ["rootA", "rootB", "rootA2", "intA", "intB", "intA2", "other", "leaf"])
    keys.set(name, await generateKeys("p-256"));
  const key = (name: string): KeyPair => {
    const found = keys.get(name);
    if (found === undefined) throw new Error(`No key ${name}`);
    return found;
  };
  const validity = { notBefore: NOW - 100 * DAY, notAfter: NOW + 300 * DAY };
  const expired = { notBefore: NOW - 100 * DAY, notAfter: NOW - 5 * DAY };
  const subject = (name: string) =>
    [
      ["O", "Corp"],
      ["CN", name],
    ] as const;
  const root = (
    name: string,
    with_: Partial<CertificateRequest> & { readonly key: KeyPair },
  ): IssuedCertificate =>
    issueCertificate({ subject: subject(name), ca: true, ...validity, ...with_ });
  const rootA = root("Root A", { key: key("rootA") });
  const rootB = root("Root B", { key: key("rootB") });
  const int = (
    name: string,
    issuer: IssuedCertificate,
    with_: Partial<CertificateRequest> & { readonly key: KeyPair },
  ): IssuedCertificate =>
    issueCertificate({
      subject: subject(name),
      issuer,
      ca: true,
      pathLen: 0,
      ...validity,
      ...with_,
    });
  const intA = int("Int A", rootA, { key: key("intA") });
  const leafOf = (
    issuer: IssuedCertificate | undefined,
    with_: Partial<CertificateRequest> = {},
  ): IssuedCertificate =>
    issueCertificate({
      subject: subject(HOST),
      key: key("leaf"),
      issuer,
      san: [HOST],
      eku: ["serverAuth"],
      ...validity,
      ...with_,
    });
  const intNoCa = int("Int not CA", rootA, {
    key: key("other"),
    ca: false,
    pathLen: undefined,
    keyUsage: ["keyCertSign"],
  });
  const intNoKcs = int("Int no sign", rootA, { key: key("other"), keyUsage: ["cRLSign"] });
  const intEku = int("Int client only", rootA, { key: key("other"), eku: ["clientAuth"] });
  const sub = int("Sub", intA, { key: key("other") });
  return {
    rootA,
    rootB,
    rootA_newkey: root("Root A", { key: key("rootA2") }),
    rootA_exp: root("Root A", { key: key("rootA"), ...expired }),
    rootA_renew: root("Root A", { key: key("rootA"), notAfter: NOW + 900 * DAY }),
    rootA_bcfalse: root("Root A", { key: key("rootA"), ca: false }),
    intA,
    intB: int("Int B", rootB, { key: key("intB") }),
    intA_exp: int("Int A", rootA, { key: key("intA"), ...expired }),
    intA_newkey: int("Int A", rootA, { key: key("intA2") }),
    int_noca: intNoCa,
    int_nokcs: intNoKcs,
    int_eku: intEku,
    sub,
    leaf: leafOf(intA),
    leaf_exp: leafOf(intA, expired),
    leaf_nyv: leafOf(intA, { notBefore: NOW + 5 * DAY }),
    leaf_soon: leafOf(intA, { notAfter: NOW + 10 * DAY }),
    leaf_other: leafOf(intA, {
      subject: subject("other.corp.example"),
      san: ["other.corp.example"],
    }),
    leaf_cn: leafOf(intA, { san: undefined }),
    leaf_clienteku: leafOf(intA, { eku: ["clientAuth"] }),
    leaf_ku: leafOf(intA, { keyUsage: ["keyEncipherment"] }),
    leaf_noca: leafOf(intNoCa),
    leaf_nokcs: leafOf(intNoKcs),
    leaf_inteku: leafOf(intEku),
    leaf_pl: leafOf(sub),
    ss: leafOf(undefined),
  };
}

/** A truststore that holds these certificates, as a PEM file would. */
export function storeOf(name: string, certificates: readonly IssuedCertificate[]): NamedTruststore {
  return {
    name,
    store: {
      ok: true,
      value: {
        name,
        files: [
          {
            path: `/etc/${name}.pem`,
            format: "pem",
            flavour: { summary: "PEM", version: null, encryption: [], mac: null },
            integrity: "unchecked",
            entries: buildEntries(
              certificates.map(({ der }, index) => ({
                der: Uint8Array.from(der),
                alias: `ca-${index}`,
                date: null,
                kind: { kind: "certificate" },
                javaReason: null,
              })),
              "pem",
            ),
            skipped: NOTHING_SKIPPED,
            anomalies: [],
            java: { opens: true },
            message: null,
          },
        ],
      },
    },
  };
}

/** A completed TLS 1.3 handshake in which the server sent this chain. */
export function handshakeOf(
  chain: readonly IssuedCertificate[],
  changes: Partial<Handshake> = {},
): Handshake {
  return {
    ...NOTHING_HEARD,
    endpoint: { scheme: "https", host: HOST, port: 443 },
    serverName: HOST,
    address: "127.0.0.1",
    dialledPort: 443,
    startedAt: new Date(NOW).toISOString(),
    outcome: "complete",
    stage: "complete",
    version: "TLSv1.3",
    cipherSuite: "TLS_AES_128_GCM_SHA256",
    group: "x25519",
    signatureScheme: "ecdsa_secp256r1_sha256",
    certificates: chain.map(({ der }) => Uint8Array.from(der)),
    phases: { dns: 0, connect: 1, proxy: null, dialog: null, hello: 2, complete: 3 },
    ...changes,
  };
}
