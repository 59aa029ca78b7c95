import { type Certificate, isSelfIssued } from "../x509/certificate.ts";
import {
  authorityKeyIdentifier,
  basicConstraints,
  extendedKeyUsage,
  keyUsage,
  subjectKeyIdentifier,
  valueOf,
} from "../x509/extensions.ts";
import { canonicalName } from "../x509/name.ts";
import { KeyPurpose } from "../x509/oids.ts";
import { isSignedBy } from "../x509/verify-signature.ts";
import type { CandidatePath, NodeSource, PathEnd, PathNode } from "./path-graph.ts";
import { type Reason, reason } from "./reason.ts";
import type { JudgeInput } from "./verdict.ts";

const MAX_PATHS = 64;
const MAX_DEPTH = 20;
const MAX_STEPS = 2000;
const MAX_SIGNATURES = 200;

/**
 * Every way from the leaf upwards through what was sent and what the store holds, with the defects of each certificate
 * and of each edge, cheapest repair first. An edge whose names fit but whose signature fails is kept: it is the
 * explanation. Independent of the client; the client's own strategy decides the verdict.
 */
export function explorePaths(
  chain: readonly Certificate[],
  input: JudgeInput,
): readonly CandidatePath[] {
  const [leaf] = chain;
  if (leaf === undefined) return [];
  const nodes = new Map<string, { certificate: Certificate; source: NodeSource }>();
  for (const certificate of chain) nodes.set(certificate.sha256, { certificate, source: "sent" });
  const storeIssuers = issuersIn(input.anchors);
  const sentIssuers = Map.groupBy(chain, ({ subject }) => canonicalName(subject, "openssl"));
  const stored = storeIdentities(input.anchors);
  const search: Search = {
    input,
    sourceOf: (certificate) =>
      nodes.has(certificate.sha256)
        ? stored.has(certificate.sha256)
          ? "sent-and-store"
          : "sent"
        : "store",
    issuersOf: (certificate) => {
      const key = canonicalName(certificate.issuer, "openssl");
      const found = [...(sentIssuers.get(key) ?? []), ...(storeIssuers.get(key) ?? [])];
      return [...new Map(found.map((each) => [each.sha256, each])).values()];
    },
    paths: [],
    steps: 0,
    signatures: 0,
  };
  walk([leaf], search);
  return search.paths.toSorted((a, b) => cost(a) - cost(b));
}

const issuerIndexes = new WeakMap<
  readonly Certificate[],
  ReadonlyMap<string, readonly Certificate[]>
>();
const identityIndexes = new WeakMap<readonly Certificate[], ReadonlySet<string>>();

function issuersIn(anchors: readonly Certificate[]): ReadonlyMap<string, readonly Certificate[]> {
  let index = issuerIndexes.get(anchors);
  if (index === undefined) {
    index = Map.groupBy(anchors, ({ subject }) => canonicalName(subject, "openssl"));
    issuerIndexes.set(anchors, index);
  }
  return index;
}

function storeIdentities(anchors: readonly Certificate[]): ReadonlySet<string> {
  let index = identityIndexes.get(anchors);
  if (index === undefined) {
    index = new Set(anchors.map(({ sha256 }) => sha256));
    identityIndexes.set(anchors, index);
  }
  return index;
}

interface Search {
  readonly input: JudgeInput;
  readonly sourceOf: (certificate: Certificate) => NodeSource;
  readonly issuersOf: (certificate: Certificate) => readonly Certificate[];
  readonly paths: CandidatePath[];
  steps: number;
  signatures: number;
}

function walk(path: readonly Certificate[], search: Search): void {
  const top = path.at(-1);
  if (top === undefined || search.paths.length >= MAX_PATHS || ++search.steps > MAX_STEPS) return;
  if (search.sourceOf(top) !== "sent") {
    search.paths.push(describe(path, "anchor", search));
    return;
  }
  const isRoot = isSelfIssued(top) && verified(top, top, search);
  const issuers = isRoot
    ? []
    : search
        .issuersOf(top)
        .filter((issuer) => !path.some(({ sha256 }) => sha256 === issuer.sha256));
  if (issuers.length === 0 || path.length >= MAX_DEPTH) {
    search.paths.push(describe(path, isRoot ? "self-signed" : "issuer-unknown", search));
    return;
  }
  for (const issuer of issuers) walk([...path, issuer], search);
}

/** A signature result within the budget; beyond it an edge counts as not verified. */
function verified(certificate: Certificate, issuer: Certificate, search: Search): boolean {
  return ++search.signatures <= MAX_SIGNATURES && isSignedBy(certificate, issuer);
}

function describe(path: readonly Certificate[], end: PathEnd, search: Search): CandidatePath {
  const nodes = path.map((certificate, depth): PathNode => {
    const issuer = path[depth + 1];
    return {
      certificate,
      source: search.sourceOf(certificate),
      defects: certificateDefects(path, certificate, depth, search.input),
      edge: issuer === undefined ? [] : edgeDefects(certificate, issuer, depth, search),
    };
  });
  return { nodes, end };
}

function certificateDefects(
  path: readonly Certificate[],
  certificate: Certificate,
  depth: number,
  { at, purpose }: JudgeInput,
): readonly Reason[] {
  const where = { sha256: certificate.sha256, depth };
  const defects: Reason[] = [];
  if (at > certificate.notAfter)
    defects.push(
      reason("expired", { ...where, detail: new Date(certificate.notAfter).toISOString() }),
    );
  if (at < certificate.notBefore)
    defects.push(
      reason("not-yet-valid", { ...where, detail: new Date(certificate.notBefore).toISOString() }),
    );
  if (depth > 0) {
    const constraints = valueOf(basicConstraints(certificate));
    if (certificate.version === 3 && constraints?.ca !== true)
      defects.push(reason("not-a-ca", where));
    const usage = valueOf(keyUsage(certificate));
    if (usage !== undefined && !usage.has("keyCertSign"))
      defects.push(reason("key-cert-sign-missing", where));
    const allowed = constraints?.pathLength ?? null;
    const below = path.slice(1, depth).filter((each) => !isSelfIssued(each)).length;
    if (allowed !== null && below > allowed) defects.push(reason("path-length-exceeded", where));
  }
  const purposes = valueOf(extendedKeyUsage(certificate));
  const wanted = purpose === "server" ? KeyPurpose.serverAuth : KeyPurpose.clientAuth;
  if (purposes !== undefined && !purposes.includes(wanted) && !purposes.includes(KeyPurpose.any))
    defects.push(reason("extended-key-usage", { ...where, detail: purposes.join(", ") }));
  return defects;
}

function edgeDefects(
  certificate: Certificate,
  issuer: Certificate,
  depth: number,
  search: Search,
): readonly Reason[] {
  const where = { sha256: certificate.sha256, depth };
  const defects: Reason[] = [];
  const wanted = valueOf(authorityKeyIdentifier(certificate))?.keyIdentifier ?? null;
  const own = valueOf(subjectKeyIdentifier(issuer));
  if (wanted !== null && own !== undefined && wanted !== own)
    defects.push(
      reason("key-identifier-mismatch", { ...where, detail: `wants ${wanted}, issuer has ${own}` }),
    );
  if (!verified(certificate, issuer, search)) defects.push(reason("signature-invalid", where));
  return defects;
}

const END_COST: Record<PathEnd, number> = { anchor: 0, "self-signed": 50, "issuer-unknown": 60 };

/** How much would have to change for this path to work: a wrong key costs most, an expired certificate little. */
function cost({ nodes, end }: CandidatePath): number {
  const defects = nodes.reduce((sum, node) => sum + node.defects.length * 10, 0);
  const broken = nodes.reduce((sum, node) => sum + (node.edge.length > 0 ? 100 : 0), 0);
  return END_COST[end] + defects + broken + nodes.length;
}
