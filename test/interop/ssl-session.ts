import { Version, versionName } from "../../src/probe/tls/versions.ts";
import type { Observation } from "./cell.ts";
import { versionOf } from "./hearing.ts";

/** An element of DER with its content. */
interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
}

function elementsOf(der: Uint8Array): readonly Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < der.length;) {
    const [tag = 0, first = 0] = der.subarray(at, at + 2);
    const long = first > 0x7f ? first - 0x80 : 0;
    const start = at + 2 + long;
    const length =
      long === 0
        ? first
        : Number.parseInt(Buffer.from(der.subarray(at + 2, start)).toString("hex"), 16);
    elements.push({ tag, content: der.subarray(start, start + length) });
    at = start + length;
  }
  return elements;
}

function number(bytes: Uint8Array | undefined): number | null {
  return bytes === undefined || bytes.length === 0
    ? null
    : Number.parseInt(Buffer.from(bytes).toString("hex"), 16);
}

/** Tag of OpenSSL's `kex_group`, [19] EXPLICIT INTEGER. */
const GROUP_TAG = 0xb3;

/** Marks a group that OpenSSL 3 numbers itself, because TLS has no number for it. */
const INTERNAL = 0x1_0000;

/**
 * Version, suite and group of a session as OpenSSL serialises it: a SEQUENCE of its own version, the
 * protocol's, the suite, and optional fields among which the group is. Brainpool curves have two numbers, of
 * which it keeps that of before TLS 1.3; only those are told by it.
 */
export function readSession(der: Uint8Array): Pick<Observation, "version" | "suite" | "group"> {
  const [session] = elementsOf(der);
  const fields = elementsOf(session?.content ?? new Uint8Array());
  const version = number(fields[1]?.content) ?? 0;
  const group = fields.find(({ tag }) => tag === GROUP_TAG);
  const inner = group === undefined ? undefined : elementsOf(group.content)[0];
  const code = number(inner?.content);
  return {
    version: versionOf(versionName(version === 0 ? Version.tls12 : version)),
    suite: number(fields[2]?.content),
    group: code === null || code === 0 || code >= INTERNAL ? null : code,
  };
}
