import type { KeyObject } from "node:crypto";
import type { KeyExchangeRecord } from "../handshake.ts";
import { finiteFieldPrime } from "./finite-field-primes.ts";
import { FIELD_SIZES, type Group, groupByCode, groupName } from "./groups.ts";
import { bitLength, type DheParameters, withoutLeadingZeros } from "./modular-diffie-hellman.ts";
import type { EcdheParameters } from "./server-key-exchange.ts";

const KINDS = { curve: "ecdhe", field: "dhe", hybrid: "hybrid" } as const;

/** The record of an agreement in a named group. */
export function keyExchangeRecord({ kind, name, bits }: Group): KeyExchangeRecord {
  return { kind: KINDS[kind], group: name, bits, field: null };
}

/** The record of what a ServerKeyExchange names, also when the engine cannot compute with it. */
export function parametersRecord(parameters: EcdheParameters | DheParameters): KeyExchangeRecord {
  if (parameters.kind === "dhe") return fieldRecord(parameters);
  const group = groupByCode(parameters.group);
  return {
    kind: "ecdhe",
    group: groupName(parameters.group),
    bits: group?.bits ?? null,
    field: null,
  };
}

function fieldRecord({ prime, generator }: DheParameters): KeyExchangeRecord {
  const digits = withoutLeadingZeros(prime);
  const bits = bitLength(prime);
  const size = FIELD_SIZES.find((candidate) => candidate === bits);
  const named = size !== undefined && Buffer.compare(finiteFieldPrime(size), digits) === 0;
  return {
    kind: "dhe",
    group: named ? `ffdhe${size}` : null,
    bits,
    field: {
      prime: Buffer.from(digits).toString("hex"),
      generator: Buffer.from(withoutLeadingZeros(generator)).toString("hex"),
    },
  };
}

/** The record of a secret that was encrypted to the key of the server's certificate. */
export function rsaRecord(key: KeyObject): KeyExchangeRecord {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? null;
  return { kind: "rsa", group: null, bits, field: null };
}
