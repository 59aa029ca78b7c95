import { encode } from "../../src/x509/ber.ts";
import { integer, oid } from "./write-stores.ts";

const sequence = (...parts: readonly Uint8Array[]): Uint8Array => encode(0x30, parts);
const octets = (text: string): Uint8Array => encode(0x04, [Buffer.from(text)]);
const time = (): Uint8Array => encode(0x18, [Buffer.from("20261121030000Z")]);
const hmac = (): Uint8Array => sequence(oid("1.2.840.113549.2.11"), encode(0x05, []));

const PBKDF2 = sequence(
  oid("1.2.840.113549.1.5.12"),
  sequence(octets("salt"), integer(1000), integer(32), hmac()),
);
const SCRYPT = sequence(
  oid("1.3.6.1.4.1.11591.4.11"),
  sequence(octets("salt"), integer(64), integer(8), integer(1), integer(32)),
);

/** ObjectStoreData with trusted certificates, a secret key, and a private key with these certificates. */
export function bcfksEntriesOf(certificates: readonly Uint8Array[]): Uint8Array {
  const entry = (type: number, alias: string, data: Uint8Array): Uint8Array =>
    sequence(
      integer(type),
      encode(0x0c, [Buffer.from(alias)]),
      time(),
      time(),
      encode(0x04, [data]),
    );
  const key = sequence(sequence(sequence(), octets("key")), sequence(...certificates));
  return sequence(
    integer(1),
    hmac(),
    time(),
    time(),
    sequence(
      ...certificates.map((der, index) => entry(0, `ca-${index}`, der)),
      entry(4, "secret", Buffer.from("junk")),
      entry(1, "server", key),
    ),
  );
}

/** A BCFKS file whose password nobody knows, for parsers; or one with its data in the clear. */
export function bcfksOf(kind: "pbkdf2" | "scrypt" | "clear"): Uint8Array {
  const derivation = kind === "scrypt" ? SCRYPT : PBKDF2;
  const ccm = sequence(
    oid("2.16.840.1.101.3.4.1.47"),
    sequence(octets("twelve bytes"), integer(8)),
  );
  const data =
    kind === "clear"
      ? bcfksEntriesOf([])
      : sequence(
          sequence(oid("1.2.840.113549.1.5.13"), sequence(derivation, ccm)),
          octets("ciphertext"),
        );
  return sequence(data, sequence(hmac(), derivation, octets("mac")));
}
