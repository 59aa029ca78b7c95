import type { Certificate } from "../../x509/certificate.ts";
import { latin1 } from "../../x509/der-values.ts";
import { contentOf, DerError, inside, onlyElement, Tag } from "../../x509/der.ts";
import { ExtensionOid } from "../../x509/oids.ts";

/** A name of subjectAltName that crypto/x509 keeps; other kinds are passed over. */
export type GoName =
  | { readonly kind: "email" | "dns" | "uri"; readonly value: string }
  | { readonly kind: "ip"; readonly value: Uint8Array };

const KINDS: ReadonlyMap<number, "email" | "dns" | "uri"> = new Map([
  [0x81, "email"],
  [0x82, "dns"],
  [0x86, "uri"],
]);

const memory = new WeakMap<Certificate, readonly GoName[] | null>();

/** The names in encoded order; null without the extension, which counts in version 3 alone. */
export function goNames(certificate: Certificate): readonly GoName[] | null {
  const known = memory.get(certificate);
  if (known !== undefined) return known;
  const names = read(certificate);
  memory.set(certificate, names);
  return names;
}

function read({ extensions, version }: Certificate): readonly GoName[] | null {
  const extension =
    version === 3 ? extensions.find(({ oid }) => oid === ExtensionOid.subjectAltName) : undefined;
  if (extension === undefined) return null;
  try {
    const list = inside(onlyElement(extension.value, Tag.sequence, "GeneralNames"));
    const names: GoName[] = [];
    while (!list.done) {
      const element = list.next();
      const kind = KINDS.get(element.tag);
      const value = contentOf(element);
      if (kind !== undefined) names.push({ kind, value: latin1(value) });
      else if (element.tag === 0x87) names.push({ kind: "ip", value });
    }
    return names;
  } catch (error) {
    if (error instanceof DerError) return [];
    throw error;
  }
}

/** Certificate.DNSNames. */
export function goDnsNames(certificate: Certificate): readonly string[] {
  return (goNames(certificate) ?? []).flatMap((name) => (name.kind === "dns" ? [name.value] : []));
}

/** Certificate.IPAddresses. */
export function goAddresses(certificate: Certificate): readonly Uint8Array[] {
  return (goNames(certificate) ?? []).flatMap((name) => (name.kind === "ip" ? [name.value] : []));
}
