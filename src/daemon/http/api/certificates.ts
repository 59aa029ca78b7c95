import * as z from "zod";
import { fail, ok } from "../../../x509/result.ts";
import { parseCertificate } from "../../../x509/certificate.ts";
import { writePem } from "../../../x509/pem.ts";
import { certificateHistory } from "../../history-timelines.ts";
import { keyText } from "../../../report/key-text.ts";
import { extensionTexts } from "../../../report/store/extension-text.ts";
import { timeText } from "../../link-json.ts";
import type { LinkState, SentCertificate } from "../../link-state.ts";
import type { EndpointState } from "../../endpoint-state.ts";
import type { Inventory } from "../../inventory.ts";
import { refusal } from "../problem.ts";
import { LINK_FILTERS, matches } from "./filters.ts";
import { HISTORY_UNAVAILABLE } from "./history.ts";
import { operation, type Operation } from "./operation.ts";
import { pageOf, PAGING } from "./paging.ts";
import { CertificateDetailSchema, CertificateSchema } from "./schemas.ts";
import type { ApiSources } from "./sources.ts";
import { choose, visit } from "./turns.ts";

type Detail = z.infer<typeof CertificateDetailSchema>;
type Shown = z.infer<typeof CertificateSchema>;

interface Seen {
  readonly certificate: SentCertificate;
  readonly places: Shown["places"];
}

/** Certificates that servers send, and when they did. */
export const certificateOperations = ({
  state,
  inventory,
  readHistory,
}: ApiSources): readonly Operation[] => [
  operation({
    id: "listCertificates",
    path: "/api/v1/certificates",
    summary: "Certificates that servers send now, the first to expire first",
    query: { endpoint: LINK_FILTERS.endpoint, ...PAGING },
    problems: ["cursor-gone"],
    response: z.strictObject({
      certificates: z.array(CertificateSchema),
      next: z.string().optional(),
    }),
    handle: async ({ query }) => {
      const chosen = await choose(state.endpoints, ({ endpoint }) =>
        matches(query.endpoint, endpoint.name),
      );
      const page = pageOf(await seenAt(chosen), query, ({ certificate }) => certificate.sha256);
      if (!page.ok) return page;
      const senders = await linksByCertificate(state.links);
      const show = ({ certificate, places }: Seen): Shown => ({
        ...dated(certificate),
        places,
        links: senders.get(certificate.sha256) ?? 0,
      });
      return ok({ kind: "list", head: {}, name: "certificates", show, ...page.value });
    },
  }),
  operation({
    id: "getCertificate",
    path: "/api/v1/certificates/{sha256}",
    summary: "A certificate that was seen or that a truststore holds, decoded, with where and when",
    params: { sha256: z.string().regex(/^[0-9a-f]{64}$/, "Expected 64 hexadecimal digits") },
    problems: ["not-found", "history-unavailable"],
    response: CertificateDetailSchema,
    handle: ({ params: { sha256 } }) => {
      const found = readHistory((database) => certificateHistory(database, sha256));
      if (found === undefined) return fail(HISTORY_UNAVAILABLE);
      const der = found?.der ?? heldIn(inventory(), sha256);
      if (der === undefined) return fail(refusal("not-found", "No such certificate was seen"));
      const seen = (found?.seen ?? []).map(({ firstSeen, lastSeen, ...place }) => ({
        ...place,
        firstSeen: timeText(firstSeen),
        lastSeen: timeText(lastSeen),
      }));
      const value: Detail = {
        ...describe(sha256, der),
        details: detailsOf(der),
        pem: writePem("CERTIFICATE", der),
        seen,
      };
      return ok({ kind: "json", value });
    },
  }),
];

function heldIn({ truststores }: Inventory, sha256: string): Uint8Array | undefined {
  for (const { store } of truststores)
    for (const { entries } of store.ok ? store.value.files : [])
      for (const entry of entries) if (entry.sha256 === sha256) return entry.der;
  return undefined;
}

/** Longest value of an extension that is told, in characters. */
const MAX_VALUE = 4000;

function detailsOf(der: Uint8Array): Detail["details"] {
  const parsed = parseCertificate(der);
  if (!parsed.ok) return null;
  const { version, signatureAlgorithm } = parsed.value;
  return {
    version,
    key: keyText(parsed.value.publicKey),
    signatureAlgorithm: signatureAlgorithm?.javaName ?? null,
    extensions: extensionTexts(parsed.value).map(({ name, critical, value }) => ({
      name,
      critical,
      value: value.length > MAX_VALUE ? `${value.slice(0, MAX_VALUE)}…` : value,
    })),
  };
}

async function seenAt(endpoints: readonly EndpointState[]): Promise<readonly Seen[]> {
  const seen = new Map<string, Seen>();
  await visit(endpoints, ({ endpoint, addresses }) => {
    for (const { address, certificates } of addresses)
      for (const [position, certificate] of certificates.entries()) {
        const known = seen.get(certificate.sha256) ?? { certificate, places: [] };
        known.places.push({ endpoint: endpoint.name, address, position });
        seen.set(certificate.sha256, known);
      }
  });
  const end = ({ certificate }: Seen): number => certificate.notAfter ?? Number.POSITIVE_INFINITY;
  return [...seen.values()].toSorted((a, b) => {
    const [first, second] = [end(a), end(b)];
    if (first !== second) return first < second ? -1 : 1;
    return a.certificate.sha256 < b.certificate.sha256 ? -1 : 1;
  });
}

async function linksByCertificate(
  links: readonly LinkState[],
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  await visit(links, ({ chain }) => {
    for (const sha256 of new Set(chain.map((sent) => sent.sha256)))
      counts.set(sha256, (counts.get(sha256) ?? 0) + 1);
  });
  return counts;
}

const dated = (certificate: SentCertificate): Omit<Shown, "places" | "links"> => ({
  ...certificate,
  notBefore: timeText(certificate.notBefore),
  notAfter: timeText(certificate.notAfter),
});

function describe(sha256: string, der: Uint8Array): Omit<Shown, "places" | "links"> {
  const parsed = parseCertificate(der);
  if (!parsed.ok)
    return dated({
      sha256,
      subject: null,
      issuer: null,
      serial: null,
      notBefore: null,
      notAfter: null,
    });
  const { subject, issuer, serialNumber, notBefore, notAfter } = parsed.value;
  return dated({
    sha256,
    subject: subject.text,
    issuer: issuer.text,
    serial: serialNumber,
    notBefore,
    notAfter,
  });
}
