import type { Link } from "../api/types.ts";

/** Whether two states of a link tell the same, apart from when it was checked. */
export const isSameVerdict = (a: Link, b: Link): boolean =>
  a.state === b.state &&
  a.headline === b.headline &&
  a.breaksAt === b.breaksAt &&
  a.since === b.since &&
  a.profile === b.profile &&
  a.findings.length === b.findings.length &&
  a.chain.length === b.chain.length &&
  a.chain.every(({ sha256 }, index) => sha256 === b.chain[index]?.sha256);
