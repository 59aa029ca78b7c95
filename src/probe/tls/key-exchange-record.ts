import type { KeyExchangeRecord } from "../handshake.ts";
import type { Group } from "./groups.ts";

const KINDS = { curve: "ecdhe", field: "dhe", hybrid: "hybrid" } as const;

/** The record of an agreement in a named group. */
export function keyExchangeRecord({ kind, name, bits }: Group): KeyExchangeRecord {
  return { kind: KINDS[kind], group: name, bits };
}
