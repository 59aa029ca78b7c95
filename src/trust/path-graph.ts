import type { Certificate } from "../x509/certificate.ts";
import type { Reason } from "./reason.ts";

/** Where a certificate of a path comes from. */
export type NodeSource = "sent" | "store" | "sent-and-store";

/** One certificate of a candidate path with what is wrong with it at that position. */
export interface PathNode {
  readonly certificate: Certificate;
  readonly source: NodeSource;
  /** Defects of the certificate itself: dates, constraints, usages. */
  readonly defects: readonly Reason[];
  /** Defects of the edge to the next certificate (its issuer): signature, names, key identifiers. */
  readonly edge: readonly Reason[];
}

/** How a candidate path ends. */
export type PathEnd = "anchor" | "self-signed" | "issuer-unknown";

/** One way from the leaf upwards, usable or not. */
export interface CandidatePath {
  readonly nodes: readonly PathNode[];
  readonly end: PathEnd;
}
