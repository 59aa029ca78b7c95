import type { NamedTruststore } from "../../diagnosis/assessment.ts";
import type { StoreEntry } from "../../truststore/truststore.ts";
import { pemEntry } from "../../truststore/write-pem.ts";
import { basicConstraints, valueOf } from "../../x509/extensions.ts";
import { isSelfSigned, isSignedBy } from "../../x509/verify-signature.ts";
import type { Source } from "./rotation.ts";

/**
 * What clients have to trust for a chain where nobody says it: its root where it is among the certificates, else the
 * issuer of the last one as some truststore of the estate has it, else the last one where it is a CA. Null where none is
 * known: a server's own certificate is not what one trusts when a CA stands above it.
 */
export function anchorFor(
  { entries }: Source,
  truststores: readonly NamedTruststore[],
): Source | null {
  const root = entries.find(({ certificate }) => certificate.ok && isSelfSigned(certificate.value));
  const last = entries.at(-1);
  const found = root ?? issuerOf(last, truststores) ?? last;
  return found === undefined || (found !== root && !isCa(found))
    ? null
    : { text: pemEntry({ alias: null, der: found.der }), entries: [found] };
}

const isCa = ({ certificate }: StoreEntry): boolean =>
  certificate.ok && valueOf(basicConstraints(certificate.value))?.ca === true;

function issuerOf(
  last: StoreEntry | undefined,
  truststores: readonly NamedTruststore[],
): StoreEntry | undefined {
  if (last?.certificate.ok !== true) return undefined;
  const { value } = last.certificate;
  return truststores
    .flatMap(({ store }) => (store.ok ? store.value.files.flatMap(({ entries }) => entries) : []))
    .find(
      ({ certificate }) =>
        certificate.ok && isSelfSigned(certificate.value) && isSignedBy(value, certificate.value),
    );
}
