import type { Assessment } from "../../diagnosis/assessment.ts";
import { fingerprint, printable } from "../../diagnosis/words.ts";
import type { CandidatePath } from "../../trust/path-graph.ts";
import type { Reason } from "../../trust/reason.ts";
import type { Verdict } from "../../trust/verdict.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { nameText } from "./name-text.ts";

/** Where a certificate of a path comes from. */
export interface PathPlace {
  /** Position in the chain as sent; null when it was not sent. */
  readonly sent: number | null;
  readonly inStore: boolean;
}

/** One certificate of a path as it is drawn, with what is wrong with it and with the step to the next one. */
export interface PathStep {
  readonly certificate: Certificate;
  readonly place: PathPlace;
  readonly faults: readonly string[];
  /** Faults of the edge to the issuer above it. */
  readonly edgeFaults: readonly string[];
}

/** One way from the server's certificate upwards, ready to be drawn. */
export interface DrawnPath {
  readonly steps: readonly PathStep[];
  /** What is missing or wrong above the last certificate; null where that is the anchor. */
  readonly end: string | null;
  /** Whether the client goes this way: faults on it are ones that it accepts. */
  readonly isAccepted: boolean;
}

/** Most paths that are drawn; a hostile chain may have many more. */
const MAX_PATHS = 8;

/**
 * The ways that were found, the accepted or nearest one first.
 * @param total number of all ways, those that are left out included
 */
export function drawnPaths({ handshake, verdict }: Assessment): {
  readonly paths: readonly DrawnPath[];
  readonly total: number;
} {
  if (verdict === null) return { paths: [], total: 0 };
  const { candidates } = verdict;
  const accepted =
    verdict.trusted === true
      ? candidates.find(({ nodes }) => isSamePath(nodes, verdict.path))
      : undefined;
  const first = accepted ?? candidates[0];
  const ordered =
    first === undefined ? [] : [first, ...candidates.filter((each) => each !== first)];
  const positions = new Map<string, number>();
  for (const [index, der] of handshake.certificates.entries()) {
    const known = candidates
      .flatMap(({ nodes }) => nodes)
      .find(({ certificate }) => sameBytes(certificate.der, der));
    if (known !== undefined && !positions.has(known.certificate.sha256))
      positions.set(known.certificate.sha256, index);
  }
  const paths = ordered
    .slice(0, MAX_PATHS)
    .map((path, index) => drawn(path, { verdict, positions, isFirst: index === 0 }));
  return { paths, total: candidates.length };
}

function isSamePath(nodes: CandidatePath["nodes"], path: readonly Certificate[]): boolean {
  return (
    nodes.length === path.length &&
    nodes.every(({ certificate }, index) => certificate.sha256 === path[index]?.sha256)
  );
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a === b || Buffer.compare(a, b) === 0;
}

function drawn(
  { nodes, end }: CandidatePath,
  {
    verdict,
    positions,
    isFirst,
  }: {
    readonly verdict: Verdict;
    readonly positions: ReadonlyMap<string, number>;
    readonly isFirst: boolean;
  },
): DrawnPath {
  const steps = nodes.map(({ certificate, source, defects, edge }): PathStep => ({
    certificate,
    place: {
      sent: source === "store" ? null : (positions.get(certificate.sha256) ?? null),
      inStore: source !== "sent",
    },
    faults: defects.map(faultText),
    edgeFaults: edge.filter(isOwnFault).map(faultText),
  }));
  const top = nodes.at(-1)?.certificate;
  const isSpoilt = steps.some(({ faults, edgeFaults }) => faults.length + edgeFaults.length > 0);
  return {
    steps,
    end: top === undefined ? null : endText(top, end, isFirst && !isSpoilt ? verdict.reason : null),
    isAccepted: isFirst && verdict.trusted === true,
  };
}

/** Identifiers that differ are the consequence where the signature is another key's, too. */
function isOwnFault({ code }: Reason, _index: number, all: readonly Reason[]): boolean {
  return (
    code !== "key-identifier-mismatch" || !all.some((each) => each.code === "signature-invalid")
  );
}

const WORDS: Partial<Record<Reason["code"], string>> = {
  expired: "expired",
  "not-yet-valid": "not valid yet",
  "not-a-ca": "not marked as a CA",
  "key-cert-sign-missing": "may not sign certificates",
  "signature-invalid": "not signed by this key",
  "key-identifier-mismatch": "it asks for another key than this one",
  "path-length-exceeded": "more CAs below it than it allows",
  "extended-key-usage": "not for this use",
};

/** A reason in words; the certificate beside it shows which one is meant. */
export function faultText({ code, detail }: Reason): string {
  const words = WORDS[code] ?? code.replaceAll("-", " ");
  if (detail === "" || code === "key-identifier-mismatch") return words;
  const shown = /^\d{4}-\d\d-\d\dT/.test(detail) ? detail.slice(0, 10) : printable(detail);
  return code === "expired"
    ? `${words} ${shown}`
    : code === "not-yet-valid"
      ? `${words}, from ${shown}`
      : `${words} (${shown})`;
}

/** What ends a path above its last certificate; null where that is the anchor. */
function endText(
  top: Certificate,
  end: CandidatePath["end"],
  reason: Reason | null,
): string | null {
  switch (end) {
    case "self-signed":
      return `not in the truststore: SHA-256 ${fingerprint(top)}`;
    case "issuer-unknown":
      return `missing: ${nameText(top.issuer)}`;
    case "anchor":
      // a path that looks whole, but not to this client: OpenSSL wants its root, too
      if (reason === null) return null;
      return reason.code === "issuer-unknown" || reason.code === "partial-chain"
        ? `missing: ${nameText(top.issuer)}`
        : faultText(reason);
  }
}
