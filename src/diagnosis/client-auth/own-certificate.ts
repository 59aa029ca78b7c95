import { internCertificate } from "../../x509/certificate-cache.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { extendedKeyUsage, valueOf } from "../../x509/extensions.ts";
import { KeyPurpose } from "../../x509/oids.ts";
import type { Sides } from "../remedies/client-certificate-steps.ts";
import type { Profile } from "../../trust/profile.ts";

/** What the diagnosis of a client certificate looks at. */
export interface OwnCertificate {
  /** DER, the client's own certificate first; null when none is configured or it is not known. */
  readonly ownChain: readonly Uint8Array[] | null;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Whose words tell what the client prints. @default nobody's */
  readonly profile?: Profile;
  /** Certificates at hand besides, such as anchors: one of them may be the intermediate that is not sent. @default none */
  readonly known?: readonly Certificate[];
  /** Why the certificate that is configured cannot be used; null when it can. @default null */
  readonly problem?: string | null;
  /** The systems on both sides, which remedies are written for. @default not known */
  readonly sides?: Sides;
}

/** The systems on both sides; null where they are not known. */
export function sidesOf({ sides }: OwnCertificate): Sides {
  return sides ?? { client: null, server: null };
}

/** The certificates that the client has for itself; those that cannot be read are left out. */
export function ownCertificates(chain: OwnCertificate["ownChain"]): readonly Certificate[] {
  return (chain ?? []).flatMap((der) => {
    const parsed = internCertificate(der);
    return parsed.ok ? [parsed.value] : [];
  });
}

/** Whether a certificate has an extended key usage that leaves client authentication out. */
export function lacksClientAuth(leaf: Certificate | undefined): boolean {
  const purposes = leaf === undefined ? undefined : valueOf(extendedKeyUsage(leaf));
  return (
    purposes !== undefined &&
    !purposes.includes(KeyPurpose.clientAuth) &&
    !purposes.includes(KeyPurpose.any)
  );
}
