import { hash as digest } from "node:crypto";
import { binderKey13, hashLength13, verifyData13 } from "./key-schedule-13.ts";
import type { PreSharedKey } from "./sessions.ts";
import { Writer } from "./writer.ts";

/** Bytes of the lengths in front of the only binder. */
const BINDER_HEADER = 3;

/**
 * Content of `pre_shared_key` that offers one ticket, with room for its binder (RFC 8446 section 4.2.11). Its age
 * counts as nothing: servers look at it for early data alone, which is never sent.
 */
export function preSharedKeyBody({ identity, ageSummand, hash }: PreSharedKey): Uint8Array {
  const writer = new Writer(identity.length + 64);
  writer.vector16(() => {
    writer.vector16(() => writer.bytes(identity));
    writer.uint16(ageSummand >>> 16).uint16(ageSummand & 0xffff);
  });
  writer.vector16(() => writer.vector8(() => writer.bytes(new Uint8Array(hashLength13(hash)))));
  return writer.finish();
}

/**
 * Writes the binder into a first ClientHello whose last extension is `preSharedKeyBody()`: it proves that the
 * key is known (RFC 8446 section 4.2.11.2).
 */
export function bindPreSharedKey(hello: Uint8Array, { hash, key }: PreSharedKey): void {
  const length = hashLength13(hash);
  const truncated = hello.subarray(0, hello.length - length - BINDER_HEADER);
  const transcript = digest(hash, truncated, "buffer");
  hello.set(verifyData13(hash, binderKey13(hash, key), transcript), hello.length - length);
}
