import { type Certificate, sameKey } from "../../x509/certificate.ts";
import { basicConstraints, keyUsage, valueOf } from "../../x509/extensions.ts";
import { reason } from "../reason.ts";
import { type JavaContext, samePrincipal } from "./context.ts";
import { checkDistrust } from "./distrust.ts";
import { checkEndEntity } from "./end-entity.ts";
import { buildPath } from "./path-builder.ts";
import { checkPath, fitsKeyIdentifier } from "./path-checks.ts";
import { refusal, type Refusal } from "./refusal.ts";

/** What a Java trust manager makes of a chain: a path that ends at an anchor, or a refusal. */
export type JavaOutcome =
  | { readonly kind: "trusted"; readonly path: readonly Certificate[] }
  | { readonly kind: "refused"; readonly refusal: Refusal };

interface AnchoredPath {
  readonly path: readonly Certificate[];
  readonly anchor: Certificate;
  /** Layer that words a complaint about the anchor. */
  readonly layer: "anchor" | "built-anchor";
}

/** sun.security.validator.PKIXValidator with the end-entity and distrust checks of Validator.validate. */
export function validatePkix(chain: readonly Certificate[], context: JavaContext): JavaOutcome {
  const [leaf] = chain;
  if (leaf === undefined)
    return refused(refusal("message", reason("chain-empty"), "Empty server certificate chain"));
  if (context.anchors.all.length === 0)
    return refused(
      refusal("store", reason("no-anchors"), "the trustAnchors parameter must be non-empty"),
    );
  if (context.anchors.has(leaf)) return { kind: "trusted", path: [leaf] };
  const found = findPath(chain, context);
  if ("reason" in found) return refused(found);
  const { path, anchor, layer } = found;
  const late =
    (context.rules.allowNonCaAnchor ? null : checkAnchor(anchor, path.length, layer)) ??
    checkEndEntity(leaf, context) ??
    checkDistrust(leaf, anchor, context);
  return late === null ? { kind: "trusted", path: [...path, anchor] } : refused(late);
}

const refused = (cause: Refusal): JavaOutcome => ({ kind: "refused", refusal: cause });

/** Decides once between validating as sent and building; a failed validation is final. */
function findPath(chain: readonly Certificate[], context: JavaContext): AnchoredPath | Refusal {
  for (const [index, certificate] of chain.entries()) {
    const previous = chain[index - 1];
    if (previous === undefined) continue;
    if (!samePrincipal(certificate.subject, previous.issuer)) return build(chain, context);
    if (isTrusted(certificate, context)) return validate(chain.slice(0, index), context);
  }
  const last = chain.at(-1);
  return last !== undefined && context.anchors.bySubject(last.issuer).length > 0
    ? validate(chain, context)
    : build(chain, context);
}

/** An anchor, or a re-issued copy of one: same subject and same key. */
function isTrusted(certificate: Certificate, { anchors }: JavaContext): boolean {
  return (
    anchors.has(certificate) ||
    anchors.bySubject(certificate.subject).some((anchor) => sameKey(anchor, certificate))
  );
}

function validate(path: readonly Certificate[], context: JavaContext): AnchoredPath | Refusal {
  const top = path.at(-1);
  let last: Refusal = refusal(
    "validation",
    reason("anchor-mismatch", { depth: path.length }),
    "Path does not chain with any of the trust anchors",
    [],
  );
  if (top === undefined) return last;
  for (const anchor of context.anchors.bySubject(top.issuer)) {
    if (!fitsKeyIdentifier(anchor, top)) continue;
    const cause = checkPath(path, anchor, context, "validate");
    if (cause === null) return { path, anchor, layer: "anchor" };
    last = cause;
  }
  return last;
}

function build(chain: readonly Certificate[], context: JavaContext): AnchoredPath | Refusal {
  const result = buildPath(chain, context);
  return result.kind === "built"
    ? { path: result.path, anchor: result.anchor, layer: "built-anchor" }
    : result.refusal;
}

/** PKIXValidator.verifyTrustAnchor: the anchor that won must be a CA that may sign certificates. */
function checkAnchor(
  anchor: Certificate,
  depth: number,
  layer: "anchor" | "built-anchor",
): Refusal | null {
  if (anchor.version < 3) return null;
  const at = { sha256: anchor.sha256, depth };
  const who = `TrustAnchor with subject "${anchor.subject.text}"`;
  if (valueOf(basicConstraints(anchor))?.ca !== true)
    return refusal(layer, reason("anchor-not-a-ca", at), `${who} is not a CA certificate`);
  const usage = valueOf(keyUsage(anchor));
  if (usage !== undefined && !usage.has("keyCertSign"))
    return refusal(
      layer,
      reason("anchor-key-cert-sign-missing", at),
      `${who} does not have keyCertSign bit set in KeyUsage extension`,
    );
  return null;
}
