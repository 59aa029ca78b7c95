import type { KeyObject } from "node:crypto";
import { curveShare, generateCurvePair } from "./key-agreement-curve.ts";
import { fieldShare, generateFieldPair, groupParameters } from "./key-agreement-field.ts";
import { generateHybridPairs, hybridShare } from "./key-agreement-hybrid.ts";
import type { Group } from "./groups.ts";

/** Both halves of one of our keys. */
export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Our part of a key agreement, without the group that it belongs to. */
export interface Agreement {
  /** As it stands in `key_share` or ClientKeyExchange. */
  readonly publicKey: Uint8Array;
  /** The shared secret with the peer's public value; null when that value is not one of the group. */
  agree(peer: Uint8Array): Uint8Array | null;
}

/** Our part of a key agreement in a group. */
export interface KeyShare extends Agreement {
  readonly group: Group;
}

/** Makes a key share. */
export function generateKeyShare(group: Group): KeyShare {
  return keyShareOf(group, generateKeyPairs(group));
}

/** Makes the keys that a share of the group consists of: two for a hybrid, the curve's first, otherwise one. */
export function generateKeyPairs(group: Group): readonly [KeyPair, ...KeyPair[]] {
  switch (group.kind) {
    case "curve":
      return [generateCurvePair(group)];
    case "field":
      return [generateFieldPair(groupParameters(group.bits))];
    case "hybrid":
      return generateHybridPairs(group);
  }
}

/** A key share from existing keys. @throws {RangeError} when a hybrid's second key is missing */
export function keyShareOf(
  group: Group,
  [first, second]: readonly [KeyPair, ...KeyPair[]],
): KeyShare {
  switch (group.kind) {
    case "curve":
      return { group, ...curveShare(group, first) };
    case "field":
      return { group, ...fieldShare(groupParameters(group.bits), first) };
    case "hybrid":
      if (second === undefined) throw new RangeError(`${group.name} needs two keys`);
      return { group, ...hybridShare(group, first, second) };
  }
}
