import type { Severity } from "../diagnosis/finding.ts";
import type { EstateEndpoint } from "../estate/estate.ts";
import type { AddressState, EndpointState } from "./endpoint-state.ts";
import type { LinkState } from "./link-state.ts";
import { METRICS, type MetricFamily } from "./metric-catalogue.ts";
import { type FamilySamples, PAUSE, type Sample } from "./sample.ts";
import type { State } from "./state.ts";

/** Longest distinguished name in a label; certificates may carry names of any length. */
const MAX_NAME = 256;

const SEVERITIES: readonly Severity[] = ["critical", "warning", "info"];

/** The families about links and endpoints. What has no value has no sample. */
export function stateFamilies(state: State): readonly FamilySamples[] {
  const { links, endpoints } = state;
  const ofLink = (
    family: MetricFamily,
    samples: (link: LinkState) => readonly Sample[],
  ): FamilySamples => ({
    family,
    samples: each(links, (link) => (link.checkedAt === null ? [] : samples(link))),
  });
  const ofAddress = (
    family: MetricFamily,
    samples: (address: AddressState, labels: readonly string[], of: EndpointState) => Sample[],
  ): FamilySamples => ({
    family,
    samples: each(endpoints, (endpoint) =>
      endpoint.addresses.flatMap((address) =>
        samples(address, [endpoint.endpoint.name, address.address ?? ""], endpoint),
      ),
    ),
  });
  return [
    ofLink(METRICS.linkOk, (link) => whether(link, link.ok)),
    ofLink(METRICS.linkTrusted, (link) => whether(link, link.trusted)),
    ofLink(METRICS.linkNameMatch, (link) => whether(link, link.nameMatch)),
    ofLink(METRICS.linkBreaks, ({ client, endpoint, breaksAt }) =>
      breaksAt === null ? [] : [{ labels: [client, endpoint], value: breaksAt / 1000 }],
    ),
    ofLink(METRICS.linkFindings, ({ client, endpoint, findings }) =>
      SEVERITIES.map((severity) => ({
        labels: [client, endpoint, severity],
        value: findings.filter((finding) => finding.severity === severity).length,
      })),
    ),
    ofLink(METRICS.findingInfo, distinctFindings),
    {
      family: METRICS.endpointLabelInfo,
      samples: each(endpoints, ({ endpoint }) => labelSamples(endpoint)),
    },
    {
      family: METRICS.endpointQuiet,
      samples: each(endpoints, ({ endpoint: { name, quiet = [] }, quietUntil }) =>
        quiet.length === 0 ? [] : [{ labels: [name], value: quietUntil === null ? 0 : 1 }],
      ),
    },
    ofAddress(METRICS.endpointUp, ({ handshake }, labels) => [
      { labels, value: handshake.outcome === "complete" ? 1 : 0 },
    ]),
    ofAddress(METRICS.endpointLastProbe, (_address, labels, { checkedAt }) =>
      checkedAt === null ? [] : [{ labels, value: checkedAt / 1000 }],
    ),
    ofAddress(METRICS.endpointFailureInfo, ({ handshake: { failure } }, labels) =>
      failure === null ? [] : [{ labels: [...labels, failure.code], value: 1 }],
    ),
    ofAddress(METRICS.endpointTlsInfo, ({ handshake: { version, cipherSuite, group } }, labels) =>
      version === null
        ? []
        : [{ labels: [...labels, version, cipherSuite ?? "", group ?? ""], value: 1 }],
    ),
    ofAddress(METRICS.endpointNotAfter, (address, labels) =>
      times(address, labels, ({ notAfter }) => notAfter),
    ),
    ofAddress(METRICS.endpointNotBefore, (address, labels) =>
      times(address, labels, ({ notBefore }) => notBefore),
    ),
    ofAddress(METRICS.endpointCertificateInfo, ({ certificates }, labels) =>
      certificates.map(({ sha256, subject, issuer, serial }, position) => ({
        labels: [
          ...labels,
          String(position),
          sha256,
          (subject ?? "").slice(0, MAX_NAME),
          (issuer ?? "").slice(0, MAX_NAME),
          (serial ?? "").slice(0, MAX_NAME),
        ],
        value: 1,
      })),
    ),
  ];
}

/** Items that are looked at in one go. */
const TURN = 500;

function* each<T>(
  items: readonly T[],
  samples: (item: T) => readonly Sample[],
): Generator<Sample | typeof PAUSE> {
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % TURN === 0) yield PAUSE;
    // not yield*, which costs an iterator for each of many short lists
    for (const sample of samples(item)) yield sample;
  }
}

const whether = ({ client, endpoint }: LinkState, value: boolean | null): readonly Sample[] =>
  value === null ? [] : [{ labels: [client, endpoint], value: value ? 1 : 0 }];

/** Two equal series would spoil the whole exposition. */
function distinctFindings({ client, endpoint, findings }: LinkState): readonly Sample[] {
  if (findings.length === 0) return [];
  const codes = new Map(
    findings.map(({ code, severity }) => [`${code} ${severity}`, { code, severity }]),
  );
  return [...codes.values()].map(({ code, severity }) => ({
    labels: [client, endpoint, code, severity],
    value: 1,
  }));
}

/** An endpoint without labels has one sample all the same: joins and filters must not lose it. */
function labelSamples({ name, labels }: EstateEndpoint): readonly Sample[] {
  const pairs = Object.entries(labels);
  return (pairs.length === 0 ? [["", ""]] : pairs).map((pair) => ({
    labels: [name, ...pair],
    value: 1,
  }));
}

const times = (
  { certificates }: AddressState,
  labels: readonly string[],
  timeOf: (certificate: AddressState["certificates"][number]) => number | null,
): Sample[] =>
  certificates.flatMap((certificate, position) => {
    const time = timeOf(certificate);
    return time === null ? [] : [{ labels: [...labels, String(position)], value: time / 1000 }];
  });
