import type { CertificateSpec } from "./certificate-spec.ts";
import type { EstateCase } from "./estate.ts";

/**
 * The smallest case that still disagrees: certificates, anchors and extensions are taken away one by one, oddities
 * replaced by the ordinary, for as long as `disagrees` stays true.
 */
export async function shrink(
  start: EstateCase,
  disagrees: (each: EstateCase) => Promise<boolean>,
): Promise<EstateCase> {
  let smallest = start;
  for (let progress = true; progress;) {
    progress = false;
    for (const smaller of simplifications(smallest))
      // each try builds on the last success
      // oxlint-disable-next-line no-await-in-loop
      if (await disagrees(smaller)) {
        smallest = smaller;
        progress = true;
        break;
      }
  }
  return smallest;
}

function* simplifications(each: EstateCase): Generator<EstateCase> {
  for (let i = each.chain.length - 1; i > 0; i--)
    yield { ...each, chain: each.chain.toSpliced(i, 1) };
  for (let i = each.anchors.length - 1; i >= 0; i--)
    yield { ...each, anchors: each.anchors.toSpliced(i, 1) };
  if (each.host !== null) yield { ...each, host: null };
  const specs = new Set([...each.chain, ...each.anchors]);
  for (const spec of specs)
    for (const simpler of simplerSpecs(spec, each.at))
      yield {
        ...each,
        chain: each.chain.map((one) => (one === spec ? simpler : one)),
        anchors: each.anchors.map((one) => (one === spec ? simpler : one)),
      };
}

const YEAR = 365 * 86_400_000;

function* simplerSpecs(spec: CertificateSpec, at: number): Generator<CertificateSpec> {
  for (let i = spec.extensions.length - 1; i >= 0; i--)
    yield { ...spec, extensions: spec.extensions.toSpliced(i, 1) };
  if (spec.hash !== "sha256") yield { ...spec, hash: "sha256" };
  if (spec.damage !== "none") yield { ...spec, damage: "none" };
  const now = Math.floor(at / 1000) * 1000;
  if (spec.notBefore !== now - YEAR || spec.notAfter !== now + YEAR)
    yield { ...spec, notBefore: now - YEAR, notAfter: now + YEAR };
}
