import { type KeyObject, randomBytes, sign } from "node:crypto";
import {
  bits,
  embed,
  encode,
  integer,
  integerBytes,
  oid,
  sequence,
  tagged,
  time,
} from "../../src/cli/demo/asn1.ts";
import { encodeName } from "../../src/cli/demo/name.ts";

/** Signature algorithms by type of key (RFC 5758 section 3.2, RFC 9881). */
const ALGORITHMS: ReadonlyMap<string | undefined, string> = new Map([
  ["ec", "1.2.840.10045.4.3.2"],
  ["ml-dsa-44", "2.16.840.1.101.3.4.3.17"],
  ["ml-dsa-65", "2.16.840.1.101.3.4.3.18"],
  ["ml-dsa-87", "2.16.840.1.101.3.4.3.19"],
]);

/**
 * A certificate without extensions that signs itself, valid for an hour from now; DER. For keys that the
 * `openssl` program of most systems cannot make yet, and for curves that few need.
 */
export function selfSigned(publicKey: KeyObject, privateKey: KeyObject): Buffer {
  const algorithm = ALGORITHMS.get(privateKey.asymmetricKeyType);
  if (algorithm === undefined) throw new Error("No algorithm is known for this type of key");
  const hash = privateKey.asymmetricKeyType === "ec" ? "sha256" : null;
  const identifier = sequence(oid(algorithm));
  const name = encodeName([["CN", "localhost"]]);
  const now = Date.now();
  const serial = randomBytes(8);
  serial[0] = 0x40;
  const version3 = 2;
  const tbs = sequence(
    tagged(0, integer(version3)),
    integerBytes(serial),
    identifier,
    name,
    sequence(time(now), time(now + 3_600_000)),
    name,
    embed(publicKey.export({ type: "spki", format: "der" })),
  );
  return encode(sequence(tbs, identifier, bits(sign(hash, encode(tbs), privateKey))));
}
