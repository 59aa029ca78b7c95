import type { Certificate } from "../../x509/certificate.ts";
import { BLOCKED_CERTIFICATES } from "../../trust/java/blocked-certificates.ts";

/** How far a well-known certificate is to be trusted. */
export type Notoriety =
  /** Its private key is published: anybody can use it. */
  | "key-published"
  /** Clients block it by name, mostly because its CA was broken into or deceived. */
  | "blocked"
  /** A CA that a program makes to read other people's connections, or that developers make for themselves. */
  | "interception"
  /** Made by the installation of a product, and meant to be replaced. */
  | "vendor-default"
  /** For examples and tests. */
  | "sample";

/** A certificate, or a kind of certificates, that does not belong into a truststore in production. */
export interface KnownCertificate {
  readonly notoriety: Notoriety;
  /** What it is, as the end of `is …`. */
  readonly what: string;
}

interface Row extends KnownCertificate {
  /** What subject attributes must be like, by short name; every one given must fit. */
  readonly subject: Readonly<Partial<Record<"CN" | "O" | "OU" | "L" | "C", RegExp>>>;
  /** Whether it must be signed by itself or not; absent where both occur. */
  readonly selfIssued?: boolean;
}

const ATTRIBUTES = {
  CN: "2.5.4.3",
  O: "2.5.4.10",
  OU: "2.5.4.11",
  L: "2.5.4.7",
  C: "2.5.4.6",
} as const;

/**
 * Names by which such certificates are known, from the products' installers and documentation and from advisories
 * (Superfish: CVE-2015-2077; eDellRoot and DSDTestProvider: CERT VU#870761 and VU#925497). The first row that fits
 * counts, so that exact ones come before general ones. All patterns are linear.
 */
const ROWS: readonly Row[] = [
  {
    subject: { CN: /^Superfish, Inc\.$/ },
    notoriety: "key-published",
    what: "the root that Superfish put on Lenovo computers",
  },
  {
    subject: { CN: /^(eDellRoot|DSDTestProvider)$/ },
    notoriety: "key-published",
    what: "a root that came with Dell computers",
  },
  {
    subject: { O: /^Snake Oil, Ltd\.?$/i },
    notoriety: "key-published",
    what: "the sample CA of Apache's mod_ssl",
  },
  {
    subject: { CN: /^jserver$/, OU: /^SWG$/, O: /^IBM$/ },
    notoriety: "key-published",
    what: "the dummy key that came with every WebSphere Application Server up to 6.0",
  },
  {
    subject: { OU: /^Provisioning Services$/i, O: /^Identity Management$/i },
    notoriety: "vendor-default",
    what: "the CA Identity Manager provisioning CA or one of its connector certificates, as the installer brings them",
  },
  {
    subject: { OU: /^Root Certificate$/, O: /^IBM$/, C: /^US$/i },
    notoriety: "vendor-default",
    what: "a root that a WebSphere cell made for itself",
  },
  {
    subject: { O: /^ibm$/, C: /^us$/ },
    selfIssued: true,
    notoriety: "vendor-default",
    what: "the certificate that Liberty makes for itself when it has none",
  },
  {
    subject: { CN: /^Kubernetes Ingress Controller Fake Certificate$/ },
    notoriety: "vendor-default",
    what: "the stand-in of the Kubernetes ingress controller",
  },
  {
    subject: { CN: /^TRAEFIK DEFAULT CERT$/ },
    notoriety: "vendor-default",
    what: "Traefik's stand-in",
  },
  {
    subject: { O: /^Internet Widgits Pty Ltd$/ },
    notoriety: "sample",
    what: "made with OpenSSL's sample answers",
  },
  {
    subject: { O: /^Default Company Ltd$/, L: /^Default City$/ },
    notoriety: "sample",
    what: "made with OpenSSL's sample answers",
  },
  {
    subject: { O: /^SomeOrganization$/, OU: /^SomeOrganizationalUnit$/ },
    notoriety: "vendor-default",
    what: "the certificate that the mod_ssl package makes",
  },
  {
    subject: { CN: /^Unknown$/, O: /^Unknown$/ },
    notoriety: "sample",
    what: "made by keytool without a name",
  },
  {
    subject: { CN: /^DO_NOT_TRUST/ },
    notoriety: "interception",
    what: "the root of Fiddler, which reads connections",
  },
  {
    subject: { CN: /^mitmproxy$/ },
    notoriety: "interception",
    what: "the root of mitmproxy, which reads connections",
  },
  {
    subject: { CN: /^PortSwigger CA$/ },
    notoriety: "interception",
    what: "the root of Burp Suite, which reads connections",
  },
  {
    subject: { CN: /^OWASP (Zed Attack Proxy|ZAP) Root CA$/ },
    notoriety: "interception",
    what: "the root of ZAP, which reads connections",
  },
  {
    subject: { CN: /^Charles Proxy CA\b/ },
    notoriety: "interception",
    what: "the root of Charles, which reads connections",
  },
  {
    subject: { O: /^mkcert development CA$/ },
    notoriety: "interception",
    what: "a developer's own root made by mkcert",
  },
  {
    subject: { CN: /^\(STAGING\) |^Fake LE (Root|Intermediate) / },
    notoriety: "sample",
    what: "a test CA of Let's Encrypt, which certifies names without proof",
  },
  {
    subject: { CN: /^(Pebble Root CA|minica root ca)\b/i },
    notoriety: "sample",
    what: "a CA for tests",
  },
  {
    subject: { CN: /\b(snake ?oil|sample|demo|demonstration|dummy|do not trust|untrusted)\b/i },
    notoriety: "sample",
    what: "called a sample or a thing not to be trusted by its own name",
  },
  {
    subject: { CN: /\b(test|testing) (root|ca|certificate authority|intermediate)\b/i },
    notoriety: "sample",
    what: "called a test CA by its own name",
  },
];

/** Every verdict asks about every certificate of the chain, which costs more than all other findings together. */
const memory = new WeakMap<Certificate, KnownCertificate | null>();

/** What is known about a certificate; null when nothing speaks against it. */
export function knownCertificate(certificate: Certificate): KnownCertificate | null {
  const before = memory.get(certificate);
  if (before !== undefined) return before;
  const known = lookUp(certificate);
  memory.set(certificate, known);
  return known;
}

function lookUp(certificate: Certificate): KnownCertificate | null {
  if (BLOCKED_CERTIFICATES.has(certificate.sha256))
    return { notoriety: "blocked", what: "on the list of certificates that every JDK blocks" };
  return ROWS.find((row) => fits(row, certificate)) ?? null;
}

/**
 * What is known about a certificate by the name under which it is kept: Debian's ssl-cert package makes one with the
 * host's own name in it, which only its file or alias gives away.
 */
export function knownByName(name: string): KnownCertificate | null {
  return /snake-?oil/i.test(name.slice(0, 500))
    ? {
        notoriety: "vendor-default",
        what: "the self-signed 'snakeoil' certificate of an installation",
      }
    : null;
}

function fits({ subject, selfIssued }: Row, certificate: Certificate): boolean {
  if (
    selfIssued !== undefined &&
    selfIssued !== (certificate.issuer.text === certificate.subject.text)
  )
    return false;
  const attributes = certificate.subject.rdns.flat();
  return (["CN", "O", "OU", "L", "C"] as const).every((name) => {
    const pattern = subject[name];
    return (
      pattern === undefined ||
      attributes.some(
        ({ type, text }) => type === ATTRIBUTES[name] && pattern.test(text.slice(0, 500)),
      )
    );
  });
}
