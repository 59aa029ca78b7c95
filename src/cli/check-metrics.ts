import { METRICS, type MetricFamily } from "../daemon/metric-catalogue.ts";
import { exposition } from "../daemon/exposition.ts";
import type { Sample } from "../daemon/sample.ts";
import type { Assessment } from "../diagnosis/assessment.ts";
import type { Severity } from "../diagnosis/finding.ts";
import { internCertificate } from "../x509/certificate-cache.ts";
import type { CheckRenderer } from "../report/check-renderer.ts";

const SEVERITIES: readonly Severity[] = ["critical", "warning", "info"];

/** Longest distinguished name in a label. */
const MAX_NAME = 256;

/**
 * The text format of Prometheus, for the textfile collector of its node exporter: the families of the daemon, with the
 * target as `endpoint`. All samples of a family stand together in it, so they are kept until the end: about 5 KiB for
 * each target. What has no value has no sample; of several addresses the worst decides about the link.
 */
export function prometheusRenderer(): CheckRenderer {
  const samples = new Samples();
  return {
    begin: () => "",
    target: (result) => {
      if (result.kind === "invalid") return "";
      const { target, assessments } = result;
      const links = Map.groupBy(assessments, ({ client }) => client.name);
      for (const [client, link] of links) addLink(samples, [client, target], link);
      const addresses = Map.groupBy(assessments, ({ handshake }) => handshake.address ?? "");
      for (const [address, [first]] of addresses)
        if (first !== undefined) addAddress(samples, [target, address], first);
      return "";
    },
    end: () => [...exposition(samples.families())].join(""),
  };
}

/** Samples by family and labels: a target that was named twice has one series. */
class Samples {
  readonly #families = new Map<MetricFamily, Map<string, Sample>>();

  set(family: MetricFamily, labels: readonly string[], value: number | null): void {
    if (value === null) return;
    let known = this.#families.get(family);
    if (known === undefined) {
      known = new Map();
      this.#families.set(family, known);
    }
    known.set(JSON.stringify(labels), { labels, value });
  }

  *families(): Generator<{ readonly family: MetricFamily; readonly samples: Iterable<Sample> }> {
    for (const family of Object.values(METRICS)) {
      const samples = this.#families.get(family);
      if (samples !== undefined) yield { family, samples: samples.values() };
    }
  }
}

/** False when one of them is false, null when one is not known. */
function all(values: readonly (boolean | null)[]): number | null {
  if (values.includes(false)) return 0;
  return values.includes(null) ? null : 1;
}

function addLink(
  samples: Samples,
  labels: readonly [client: string, endpoint: string],
  link: readonly Assessment[],
): void {
  samples.set(METRICS.linkOk, labels, all(link.map(({ ok }) => ok)));
  samples.set(
    METRICS.linkTrusted,
    labels,
    all(link.map(({ verdict }) => verdict?.trusted ?? null)),
  );
  samples.set(
    METRICS.linkNameMatch,
    labels,
    all(link.map(({ verdict }) => verdict?.nameMatch ?? null)),
  );
  const breaks = link.flatMap(({ breaksAt }) => (breaksAt === null ? [] : [breaksAt / 1000]));
  samples.set(METRICS.linkBreaks, labels, breaks.length === 0 ? null : Math.min(...breaks));
  const found = new Set(
    link.flatMap(({ findings }) => findings.map(({ code, severity }) => `${code} ${severity}`)),
  );
  for (const severity of SEVERITIES) {
    const count = [...found].filter((each) => each.endsWith(` ${severity}`)).length;
    samples.set(METRICS.linkFindings, [...labels, severity], count);
  }
  for (const each of found) {
    const [code = "", severity = ""] = each.split(" ");
    samples.set(METRICS.findingInfo, [...labels, code, severity], 1);
  }
}

function addAddress(
  samples: Samples,
  labels: readonly [endpoint: string, address: string],
  { handshake }: Assessment,
): void {
  const { outcome, startedAt, failure, version, cipherSuite, group, certificates } = handshake;
  samples.set(METRICS.endpointUp, labels, outcome === "complete" ? 1 : 0);
  samples.set(METRICS.endpointLastProbe, labels, Date.parse(startedAt) / 1000);
  samples.set(
    METRICS.endpointFailureInfo,
    [...labels, failure?.code ?? ""],
    failure === null ? null : 1,
  );
  samples.set(
    METRICS.endpointTlsInfo,
    [...labels, version ?? "", cipherSuite ?? "", group ?? ""],
    version === null ? null : 1,
  );
  for (const [index, der] of certificates.entries()) {
    const parsed = internCertificate(der);
    if (!parsed.ok) continue;
    const { sha256, subject, issuer, serialNumber, notBefore, notAfter } = parsed.value;
    const place = [...labels, String(index)];
    samples.set(METRICS.endpointNotAfter, place, notAfter / 1000);
    samples.set(METRICS.endpointNotBefore, place, notBefore / 1000);
    const names = [subject.text, issuer.text, serialNumber].map((text) => text.slice(0, MAX_NAME));
    samples.set(METRICS.endpointCertificateInfo, [...place, sha256, ...names], 1);
  }
}
