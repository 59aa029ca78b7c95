import { getDiffieHellman } from "node:crypto";

/** A field that a standard describes, under its name there; all of them have safe primes. */
const STANDARD_FIELDS: readonly (readonly [name: string, title: string])[] = [
  ["modp1", "Oakley group 1 of RFC 2409"],
  ["modp2", "Oakley group 2 of RFC 2409"],
  ["modp5", "group 5 of RFC 3526"],
  ["modp14", "group 14 of RFC 3526"],
  ["modp15", "group 15 of RFC 3526"],
  ["modp16", "group 16 of RFC 3526"],
  ["modp17", "group 17 of RFC 3526"],
  ["modp18", "group 18 of RFC 3526"],
];

let known: ReadonlyMap<string, string> | null = null;

/**
 * What a standard calls the field of a prime (hexadecimal, big-endian, without leading zero bytes); null where
 * none of those before RFC 7919 describes it. Many servers share these fields, so breaking one breaks them all.
 */
export function knownField(prime: string): string | null {
  known ??= new Map(
    STANDARD_FIELDS.map(([name, title]) => [getDiffieHellman(name).getPrime("hex"), title]),
  );
  return known.get(prime.toLowerCase()) ?? null;
}
