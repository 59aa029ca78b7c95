import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ClientCertificate } from "../../src/probe/tls/client-options.ts";
import { readPemBlocks } from "../../src/x509/pem.ts";
import { createIssuer, type IssuedCertificate, issueDsa } from "../lab/openssl.ts";
import { selfSigned } from "../lab/self-signed.ts";
import type { CertificateType, ClientAnswer } from "./cell.ts";

/** Common name of the client whose certificate servers accept. */
export const CLIENT_NAME = "client";

/** A server's certificate. */
export interface ServerIdentity extends IssuedCertificate {
  /** PEM of the whole chain that a server is to send. */
  readonly chain: string;
  /** PEM of what is to follow the certificate; null where nothing is. */
  readonly issuers: string | null;
  /** The whole chain as DER. */
  readonly ders: readonly Uint8Array[];
}

/** Everything that is issued for one run of the matrix. */
export interface Identities {
  /** Folder in which all of them lie, and in which servers may put their files. */
  readonly directory: string;
  readonly openssl: string;
  /** Variables with which programs of the OpenSSL family admit what a system's configuration forbids. */
  readonly environment: Readonly<Record<string, string>>;
  /** PEM of the authority whose client certificates are accepted. */
  readonly authority: string;
  readonly servers: ReadonlyMap<CertificateType, ServerIdentity>;
  readonly clients: Readonly<Record<Exclude<ClientAnswer, "nothing">, ClientCertificate>>;
}

const ISSUED = {
  "rsa-2048": "rsa",
  "rsa-3072": "rsa-3072",
  "rsa-pss": "rsa-pss",
  p256: "p256",
  p384: "p384",
  p521: "p521",
  ed25519: "ed25519",
  ed448: "ed448",
} as const;

/** Old versions and small keys are part of the matrix. */
const CONFIGURATION = `openssl_conf = all
[all]
ssl_conf = modules
[modules]
system_default = settings
[settings]
CipherString = ALL:@SECLEVEL=0
MinProtocol = TLSv1
`;

const ML_DSA = ["ml-dsa-44", "ml-dsa-65", "ml-dsa-87"] as const;

function dersOf(file: string): readonly Uint8Array[] {
  const blocks = readPemBlocks(readFileSync(file, "utf8"));
  return blocks.ok ? blocks.value.map(({ der }) => new Uint8Array(der)) : [];
}

/** Issues a certificate of every type and the clients' ones. */
export async function issueIdentities(openssl: string, directory: string): Promise<Identities> {
  const issue = createIssuer(openssl, directory);
  const authority = await issue({ name: "authority", keyType: "p256" });
  const strangers = await issue({ name: "strangers", keyType: "p256" });
  const servers = new Map<CertificateType, ServerIdentity>();
  const add = (type: CertificateType, issued: IssuedCertificate, issuers: string | null) => {
    const chain = join(directory, `${type}.chain`);
    writeFileSync(
      chain,
      [issued.certificate, ...(issuers === null ? [] : [issuers])]
        .map((file) => readFileSync(file, "utf8"))
        .join(""),
    );
    servers.set(type, { ...issued, chain, issuers, ders: dersOf(chain) });
  };
  for (const [type, keyType] of Object.entries(ISSUED)) {
    const issued = await issue({ name: `server-${type}`, keyType, issuer: authority });
    add(type as keyof typeof ISSUED, issued, authority.certificate);
  }
  add("dsa", await issueDsa(openssl, directory, "server-dsa"), null);
  for (const type of ML_DSA) {
    const { publicKey, privateKey } = generateKeyPairSync(type);
    const issued = {
      certificate: join(directory, `server-${type}.pem`),
      key: join(directory, `server-${type}.key`),
    };
    const text = selfSigned(publicKey, privateKey).toString("base64").replaceAll(/.{64}/g, "$&\n");
    writeFileSync(
      issued.certificate,
      `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`,
    );
    writeFileSync(issued.key, privateKey.export({ type: "pkcs8", format: "pem" }));
    add(type, issued, null);
  }
  const client = async (name: string, issuer: IssuedCertificate): Promise<ClientCertificate> => {
    const issued = await issue({ name, keyType: "rsa", issuer });
    return {
      chain: dersOf(issued.certificate),
      key: createPrivateKey(readFileSync(issued.key)),
    };
  };
  const configuration = join(directory, "openssl.cnf");
  writeFileSync(configuration, CONFIGURATION);
  return {
    directory,
    openssl,
    environment: { OPENSSL_CONF: configuration },
    authority: authority.certificate,
    servers,
    clients: {
      accepted: await client(CLIENT_NAME, authority),
      wrong: await client("stranger", strangers),
    },
  };
}
