import { createHash, createHmac } from "node:crypto";
import { encode } from "../../src/x509/ber.ts";
import { bytes, integer, u32 } from "./write-stores.ts";

/** One record of a key database to write. */
export interface KdbPlan {
  readonly label: string;
  readonly body:
    | { readonly signer: Uint8Array }
    | { readonly personal: Uint8Array }
    | { readonly request: Uint8Array }
    | { readonly secret: Uint8Array };
  /** Content of the BIT STRING of flags, without the octet of unused bits. @default 0x80 */
  readonly flags?: number;
}

/** How a key database is written. */
export interface KdbOptions {
  readonly password?: string;
  readonly version?: 3 | 4 | 6;
  /** `X509KEY`, `X509KYP` or `X509CRL`. */
  readonly magic?: string;
  readonly slotBytes?: number;
}

const sequence = (...parts: readonly Uint8Array[]): Uint8Array => encode(0x30, parts);

function record({ label, body, flags = 0x80 }: KdbPlan, number: number): Uint8Array {
  const key = sequence(sequence(encode(0x06, [Uint8Array.of(42, 3)])), encode(0x04, []));
  const content =
    "signer" in body
      ? encode(0xa1, [body.signer])
      : "personal" in body
        ? encode(0xa2, [sequence(body.personal, key)])
        : "request" in body
          ? encode(0xa0, [sequence(body.request, key)])
          : encode(0xa3, [body.secret]);
  return sequence(
    integer(number),
    content,
    encode(0x1a, [Buffer.from(label)]),
    encode(0x03, [Uint8Array.of(7, flags)]),
  );
}

function slot(plan: KdbPlan, number: number, slotBytes: number): Uint8Array {
  const der = record(plan, number);
  const label = Buffer.from(`${plan.label}\0`);
  const digest = bytes(u32(20), createHash("sha1").update(der).digest());
  const used = bytes(
    u32(1),
    u32(number),
    u32(der.length),
    der,
    u32(label.length),
    label,
    u32(0),
    ...[1, 2, 3, 4, 5].map(() => digest),
  );
  if (used.length > slotBytes) throw new Error(`Record of ${used.length} bytes in ${slotBytes}`);
  return bytes(used, Buffer.alloc(slotBytes - used.length));
}

/** Writes an IBM CMS key database by its description. */
export function writeKdb(
  plans: readonly KdbPlan[],
  { password = "changeit", version = 6, magic = "X509KEY", slotBytes = 5000 }: KdbOptions = {},
): Uint8Array {
  const slots = bytes(...plans.map((plan, index) => slot(plan, index + 1, slotBytes)));
  const kind = magic === "X509KEY" ? 2 : 1;
  const salt = Buffer.alloc(24, 0x5a);
  salt[23] = 0;
  const head = bytes(
    Uint8Array.of(0x37, 0x48, version, kind),
    u32(0),
    Buffer.from(`${magic}\0`),
    u32(slotBytes),
    u32(plans.length),
    salt,
  );
  const key = Buffer.from(password);
  const value = (text: Uint8Array): Uint8Array =>
    version === 3
      ? createHash("md5").update(text).update(key).digest()
      : createHmac(version === 4 ? "sha1" : "sha384", key)
          .update(text)
          .digest();
  const verifier = value(head);
  return bytes(head, verifier, value(bytes(head, verifier, slots)), slots);
}
