import {
  bmpString,
  context0,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
} from "./der-writer.ts";
import type { NewEntry } from "./new-entry.ts";
import { type PasswordForm, passwordForms } from "./password-forms.ts";
import {
  macData,
  type MacProtection,
  pfx,
  protectSafe,
  type SafeProtection,
} from "./pkcs12-protect.ts";

const CERT_BAG = "1.2.840.113549.1.12.10.1.3";
const X509_CERTIFICATE = "1.2.840.113549.1.9.22.1";
const FRIENDLY_NAME = "1.2.840.113549.1.9.20";
const TRUSTED_KEY_USAGE = "2.16.840.1.113894.746875.1.1";
const ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";

/** How a PKCS#12 file is written. */
export interface Pkcs12Flavour {
  readonly safe: SafeProtection;
  /** Null: no MAC. */
  readonly mac: MacProtection | null;
  /** Whether each certificate gets trustedKeyUsage, without which Java does not take it as an anchor. */
  readonly trusted: boolean;
}

/** As keytool writes since JDK 11.0.12 and 17: `keystore.pkcs12.*` of java.security. */
export const MODERN_PKCS12: Pkcs12Flavour = {
  safe: { kind: "pbes2", iterations: 10_000, saltLength: 20 },
  mac: { digest: "sha256", iterations: 10_000, saltLength: 20 },
  trusted: true,
};

/**
 * For Java 8 before 8u301 and other old readers, which know neither PBES2 nor HMAC-SHA-256: 3DES and HMAC-SHA-1, with
 * the iterations of JDK 8u302.
 */
export const LEGACY_PKCS12: Pkcs12Flavour = {
  safe: { kind: "pbe-3des", iterations: 50_000, saltLength: 20 },
  mac: { digest: "sha1", iterations: 100_000, saltLength: 20 },
  trusted: true,
};

/** As `openssl pkcs12 -export -nokeys` of OpenSSL 3 writes, in which Java sees no anchor. */
export const OPENSSL_PKCS12: Pkcs12Flavour = {
  safe: { kind: "pbes2", iterations: 2048, saltLength: 8 },
  mac: { digest: "sha256", iterations: 2048, saltLength: 8 },
  trusted: false,
};

/** A PKCS#12 truststore (RFC 7292). */
export async function writePkcs12(
  entries: readonly NewEntry[],
  password: string,
  flavour: Pkcs12Flavour = MODERN_PKCS12,
): Promise<Uint8Array> {
  const bags = entries.map((entry) => certificateBag(entry, flavour.trusted));
  const form = firstForm(password);
  const safe = await protectSafe(sequence(...bags), form, flavour.safe);
  return sealPkcs12([safe], form, flavour.mac);
}

/** A whole file from ContentInfos that are encoded already. */
export async function sealPkcs12(
  contents: readonly Uint8Array[],
  password: PasswordForm,
  mac: MacProtection | null,
): Promise<Uint8Array> {
  const authenticatedSafe = sequence(...contents);
  return pfx(
    authenticatedSafe,
    mac === null ? null : await macData(authenticatedSafe, password, mac),
  );
}

/** SafeBag around a CertBag (RFC 7292 section 4.2.3). */
export function certificateBag({ alias, der }: NewEntry, trusted: boolean): Uint8Array {
  const attributes = [
    ...(alias === null ? [] : [sequence(objectIdentifier(FRIENDLY_NAME), setOf(bmpString(alias)))]),
    ...(trusted
      ? [
          sequence(
            objectIdentifier(TRUSTED_KEY_USAGE),
            setOf(objectIdentifier(ANY_EXTENDED_KEY_USAGE)),
          ),
        ]
      : []),
  ];
  return sequence(
    objectIdentifier(CERT_BAG),
    context0(sequence(objectIdentifier(X509_CERTIFICATE), context0(octetString(der)))),
    ...(attributes.length === 0 ? [] : [setOf(...attributes)]),
  );
}

/** The form in which a password is written; readers try the others. */
export function firstForm(password: string): PasswordForm {
  const [form] = passwordForms(password);
  if (form === undefined) throw new Error("A password has at least one form");
  return form;
}
