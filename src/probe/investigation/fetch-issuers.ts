import { internCertificate } from "../../x509/certificate-cache.ts";
import { type Certificate, isSelfIssued } from "../../x509/certificate.ts";
import { authorityInfoAccess, valueOf } from "../../x509/extensions.ts";
import { namesEqual } from "../../x509/name.ts";
import { AccessMethod } from "../../x509/oids.ts";
import { readPemBlocks } from "../../x509/pem.ts";
import { isSignedBy } from "../../x509/verify-signature.ts";
import type { AddressPolicy } from "../revocation/address-policy.ts";
import { type FetchError, httpFetch } from "../revocation/http-fetch.ts";

/** A certificate that was found where another one says that its issuer is published. */
export interface FetchedIssuer {
  readonly certificate: Certificate;
  readonly url: string;
}

/** What fetching gave. */
export interface FetchedIssuers {
  /** Each has signed one that was asked about, or one before it in this list. */
  readonly issuers: readonly FetchedIssuer[];
  readonly failures: readonly FetchError[];
}

/** Circumstances of fetching. */
export interface IssuerContext {
  readonly policy: AddressPolicy;
  /** For each request, in milliseconds. */
  readonly timeoutMs: number;
  /** Takes the certificates out of a file that is neither DER nor PEM: PKCS#7. Empty when it is something else. */
  readonly unpack: (bytes: Uint8Array) => readonly Uint8Array[];
}

/** Levels above what was sent: no sensible hierarchy is deeper. */
const MAX_LEVELS = 4;
const MAX_REQUESTS = 8;
const MAX_FILE = 256 << 10;
/** Certificates of one file that are looked at. */
const MAX_CERTIFICATES = 32;

/**
 * Fetches the issuers of certificates from the URLs that they name (RFC 5280 section 4.2.2.1, caIssuers), and the
 * issuers of those, up to a root. Only http and https URLs are asked, each once, at most 8; what is returned has
 * verifiably signed the certificate below.
 */
export async function fetchIssuers(
  children: readonly Certificate[],
  { policy, timeoutMs, unpack }: IssuerContext,
): Promise<FetchedIssuers> {
  const issuers = new Map<string, FetchedIssuer>();
  const failures: FetchError[] = [];
  const asked = new Set<string>();
  let level = children;
  for (let depth = 0; depth < MAX_LEVELS && level.length > 0; depth++) {
    const next: Certificate[] = [];
    for (const child of level)
      for (const url of publishedAt(child)) {
        if (asked.has(url) || asked.size >= MAX_REQUESTS) continue;
        asked.add(url);
        const fetched = await httpFetch(
          { url, body: null },
          { policy, timeoutMs, maxOctets: MAX_FILE },
        );
        if (!fetched.ok) {
          failures.push(fetched.error);
          continue;
        }
        for (const certificate of certificatesIn(fetched.value, unpack)) {
          if (issuers.has(certificate.sha256) || !issued(child, certificate)) continue;
          issuers.set(certificate.sha256, { certificate, url });
          if (!isSelfIssued(certificate)) next.push(certificate);
        }
      }
    level = next;
  }
  return { issuers: [...issuers.values()], failures };
}

function issued(child: Certificate, issuer: Certificate): boolean {
  return namesEqual(issuer.subject, child.issuer, "openssl") && isSignedBy(child, issuer);
}

function publishedAt(certificate: Certificate): readonly string[] {
  return (valueOf(authorityInfoAccess(certificate)) ?? [])
    .filter(({ method }) => method === AccessMethod.caIssuers)
    .flatMap(({ location }) =>
      location.kind === "uri" && /^https?:\/\//i.test(location.value) ? [location.value] : [],
    );
}

function certificatesIn(
  bytes: Uint8Array,
  unpack: IssuerContext["unpack"],
): readonly Certificate[] {
  const single = internCertificate(bytes);
  if (single.ok) return [single.value];
  const blocks = bytes[0] === 0x30 ? null : readPemBlocks(Buffer.from(bytes).toString("latin1"));
  const found = blocks?.ok === true ? blocks.value.map(({ der }) => der) : unpack(bytes);
  return found.slice(0, MAX_CERTIFICATES).flatMap((der) => {
    const parsed = internCertificate(der);
    return parsed.ok ? [parsed.value] : [];
  });
}
