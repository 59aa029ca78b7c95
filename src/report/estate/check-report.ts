import type { EstateProblem } from "../../estate/estate.ts";
import type {
  EstateCheck,
  EstateFinding,
  EstatePart,
} from "../../links/estate-check/check-estate.ts";

/** What `estate check` found, ready to be reported. */
export interface EstateCheckReport {
  /** The estate file as it was given. */
  readonly file: string;
  /** Mistakes for which the estate cannot be used; empty when it can. */
  readonly problems: readonly EstateProblem[];
  readonly check: EstateCheck;
  /** Everything that was looked at. */
  readonly parts: readonly EstatePart[];
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** 64 for an estate that cannot be used, 2 with a critical finding, 1 with a warning, otherwise 0. */
export function exitCodeOfEstateCheck({ problems, check }: EstateCheckReport): 0 | 1 | 2 | 64 {
  if (problems.length > 0) return 64;
  const has = (severity: EstateFinding["severity"]): boolean =>
    check.findings.some((finding) => finding.severity === severity);
  return has("critical") ? 2 : has("warning") ? 1 : 0;
}
