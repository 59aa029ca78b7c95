import type { Certificate } from "../../x509/certificate.ts";
import { latin1 } from "../../x509/der-values.ts";
import { contentOf, DerError, inside, onlyElement, Tag } from "../../x509/der.ts";
import { ExtensionOid } from "../../x509/oids.ts";

/** subjectAltName as crypto/x509 keeps it: four kinds of names, everything else is passed over. */
export interface GoAltNames {
  readonly dns: readonly string[];
  readonly emails: readonly string[];
  readonly addresses: readonly Uint8Array[];
  /** Hosts of the URIs; null for a URI without a host. */
  readonly uriHosts: readonly (string | null)[];
}

const memory = new WeakMap<Certificate, GoAltNames | string | null>();

/** Null without the extension; the parser's complaint when Go refuses the certificate for it. */
export function goAltNames(certificate: Certificate): GoAltNames | string | null {
  const known = memory.get(certificate);
  if (known !== undefined) return known;
  const names = read(certificate);
  memory.set(certificate, names);
  return names;
}

function read({ extensions }: Certificate): GoAltNames | string | null {
  const extension = extensions.find(({ oid }) => oid === ExtensionOid.subjectAltName);
  if (extension === undefined) return null;
  try {
    return readNames(extension.value);
  } catch (error) {
    if (error instanceof DerError) return "x509: invalid subject alternative names";
    throw error;
  }
}

function readNames(value: Uint8Array): GoAltNames | string {
  const dns: string[] = [];
  const emails: string[] = [];
  const addresses: Uint8Array[] = [];
  const uriHosts: (string | null)[] = [];
  const list = inside(onlyElement(value, Tag.sequence, "GeneralNames"));
  while (!list.done) {
    const element = list.next();
    const content = contentOf(element);
    const text = latin1(content);
    switch (element.tag) {
      case 0x81:
        if (!isAscii(text)) return "x509: SAN rfc822Name is malformed";
        emails.push(text);
        break;
      case 0x82:
        if (!isAscii(text)) return "x509: SAN dNSName is malformed";
        dns.push(text);
        break;
      case 0x86: {
        if (!isAscii(text)) return "x509: SAN uniformResourceIdentifier is malformed";
        const host = uriHost(text);
        if (host === undefined) return `x509: cannot parse URI "${text}"`;
        uriHosts.push(host);
        break;
      }
      case 0x87:
        if (content.length !== 4 && content.length !== 16)
          return `x509: cannot parse IP address of length ${content.length}`;
        addresses.push(content);
        break;
      default:
        break;
    }
  }
  return { dns, emails, addresses, uriHosts };
}

function isAscii(text: string): boolean {
  return /^[\u0000-\u007f]*$/.test(text);
}

/** The host of a URI; null without one, undefined when net/url or the domain syntax refuses it. */
function uriHost(text: string): string | null | undefined {
  const match =
    /^[A-Za-z][A-Za-z0-9+.-]*:(?:\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)(?::(\d*))?(?=[/?#]|$))?/.exec(
      text,
    );
  if (match === null) return /^[^:]*$/.test(text) ? null : undefined;
  const host = match[1] ?? "";
  if (host === "") return null;
  return host.startsWith("[") || /^[!-~]+(\.[!-~]+)*$/.test(host) ? host : undefined;
}
