import type { LineIndex } from "../line-index.ts";
import { type Place, written } from "../origin.ts";
import type { SourceText } from "../source-reader.ts";
import { childOf, descendants, type XmlElement } from "../xml/element.ts";
import { parseXml } from "../xml/parse-xml.ts";
import { type GatewayParts, protocolsOf, suitesOf } from "./gateway.ts";

/** The file around a policy. */
export interface PolicyFile {
  readonly source: SourceText;
  readonly lines: LineIndex;
}

/** Reads the routing assertions of a policy that stands as escaped text in an element. */
export function readPolicyXml(
  resource: XmlElement,
  owner: string,
  file: PolicyFile,
  parts: GatewayParts,
): void {
  readPolicyText(resource.text, resource.place, owner, file, parts);
}

/** Reads the routing assertions of a policy in XML; `around` is where its text stands in the file. */
export function readPolicyText(
  text: string,
  around: Place,
  owner: string,
  file: PolicyFile,
  parts: GatewayParts,
): void {
  const policy = parseXml({ file: file.source.file, text });
  if (!policy.ok) {
    parts.note(
      `Policy of "${owner}" is not read: ${policy.error.message}${text.includes("{{") ? "; it holds templates ({{ }}), which have to be rendered first" : ""}`,
      around,
    );
    return;
  }
  for (const assertion of descendants(policy.value)) {
    if (!/^Http2?RoutingAssertion$/u.test(assertion.local)) continue;
    if (valueOf(assertion, "Enabled") === "false") continue;
    const urls = [
      valueOf(assertion, "ProtectedServiceUrl") ?? "",
      ...list(assertion, "CustomURLs"),
    ];
    const keyAlias = valueOf(assertion, "KeyAlias");
    const version = valueOf(assertion, "TlsVersion");
    const ciphers = valueOf(assertion, "TlsCipherSuites");
    const at = `${around.at}/${assertion.place.at}`;
    for (const url of urls.filter((each) => each !== "")) {
      const place = placeOfText(url, around, at, file);
      parts.routes.push({
        owner,
        url: written(url, place),
        keyAlias: keyAlias === null ? null : written(keyAlias, place),
        trustedOnly: [
          ...list(assertion, "TlsTrustedCertNames"),
          ...list(assertion, "TlsTrustedCertGoids"),
        ],
        protocols: version === null ? null : written(protocolsOf([version]), place),
        cipherSuites: ciphers === null ? null : suitesOf([ciphers], place),
        verifyServer: null,
        verifyHostname: null,
      });
    }
  }
}

/** The value of a policy's element, whichever type its attribute names. */
function valueOf(assertion: XmlElement, name: string): string | null {
  const element = childOf(assertion, name);
  return element === null ? null : attributeValue(element);
}

function attributeValue({ attributes }: XmlElement): string | null {
  for (const type of ["stringValue", "booleanValue", "goidValue", "stringValueReference"]) {
    const found = attributes.get(type);
    if (found !== undefined) return found.value;
  }
  return null;
}

function list(assertion: XmlElement, name: string): readonly string[] {
  return (childOf(assertion, name)?.children ?? []).flatMap((item) => attributeValue(item) ?? []);
}

/** Where a text stands behind a place, in any of the forms in which XML and JSON escape it; else the place itself. */
function placeOfText(
  text: string,
  around: Place,
  at: string,
  { source, lines }: PolicyFile,
): Place {
  const start = lines.offset(around);
  const once = text.replaceAll("&", "&amp;");
  const forms = [text, once, once.replaceAll("&", "&amp;"), JSON.stringify(text).slice(1, -1)];
  const found = forms
    .map((form) => source.text.indexOf(form, start))
    .filter((offset) => offset >= 0)
    .toSorted((a, b) => a - b)[0];
  return { ...around, ...(found === undefined ? {} : lines.at(found)), at };
}
