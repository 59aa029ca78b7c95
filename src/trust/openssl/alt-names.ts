import type { Certificate } from "../../x509/certificate.ts";
import { latin1 } from "../../x509/der-values.ts";
import { contentOf, DerError, type Element, inside, onlyElement, Tag } from "../../x509/der.ts";
import type { Decoded } from "../../x509/extensions.ts";
import { type GeneralName, readGeneralName } from "../../x509/general-name.ts";
import { ExtensionOid } from "../../x509/oids.ts";

const memory = new WeakMap<Certificate, Decoded<readonly GeneralName[]>>();

/** subjectAltName as GENERAL_NAMES: texts may hold any octet. */
export function altNames(certificate: Certificate): Decoded<readonly GeneralName[]> {
  let known = memory.get(certificate);
  if (known === undefined) {
    known = read(certificate);
    memory.set(certificate, known);
  }
  return known;
}

/** The names of a certificate; none when the extension is absent or does not decode. */
export function namesOf(certificate: Certificate): readonly GeneralName[] {
  const decoded = altNames(certificate);
  return decoded.state === "present" ? decoded.value : [];
}

function read({ extensions }: Certificate): Decoded<readonly GeneralName[]> {
  const extension = extensions.find(({ oid }) => oid === ExtensionOid.subjectAltName);
  if (extension === undefined) return { state: "absent" };
  const { critical, value } = extension;
  try {
    const list = inside(onlyElement(value, Tag.sequence, "GeneralNames"));
    const names: GeneralName[] = [];
    while (!list.done) names.push(readName(list.next()));
    return { state: "present", critical, value: names };
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return { state: "malformed", critical, message: error.message };
  }
}

function readName(element: Element): GeneralName {
  switch (element.tag) {
    case 0x81:
      return { kind: "email", value: latin1(contentOf(element)) };
    case 0x82:
      return { kind: "dns", value: latin1(contentOf(element)) };
    case 0x86:
      return { kind: "uri", value: latin1(contentOf(element)) };
    default:
      return readGeneralName(element);
  }
}
