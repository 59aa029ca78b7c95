import type { Finding } from "../../diagnosis/finding.ts";
import type { TargetResult } from "../check-result.ts";
import { causeKey, causesOf } from "./causes.ts";

/** One cause and the targets that it spoils. */
export interface CountedCause {
  readonly finding: Finding;
  readonly remedy: readonly string[];
  /** Number of targets. */
  readonly count: number;
  /** The first of them. */
  readonly targets: readonly string[];
  /** Clients that are concerned, of any target. */
  readonly clients: readonly string[];
  /** Whether every target's finding is worded as `finding` is. */
  readonly isSameSummary: boolean;
}

/** Different causes that are told apart; what comes after them is counted only. */
const MAX_CAUSES = 500;

/** Targets of a cause that are named. */
const MAX_TARGETS = 5;

/** Clients of a cause that are named. */
const MAX_CLIENTS = 20;

/**
 * Counts causes over any number of targets in bounded memory: one that breaks forty targets is one entry. Findings
 * that are merely worth knowing are left out, and so are those that stand behind a target's headline.
 */
export class CauseTally {
  readonly #causes = new Map<string, CountedCause>();
  #left = 0;

  /** Takes in one target. */
  add(result: TargetResult): void {
    if (result.kind === "invalid") return;
    const [worst] = causesOf(result.assessments);
    if (worst === undefined || worst.finding.severity === "info") return;
    const key = keyOf(worst.finding);
    const known = this.#causes.get(key);
    if (known === undefined && this.#causes.size >= MAX_CAUSES) {
      this.#left++;
      return;
    }
    const { finding, remedy, clients } = worst;
    this.#causes.set(
      key,
      known === undefined
        ? {
            finding,
            remedy,
            clients: [...new Set(clients)],
            count: 1,
            targets: [result.target],
            isSameSummary: true,
          }
        : {
            ...known,
            count: known.count + 1,
            targets:
              known.targets.length < MAX_TARGETS && !known.targets.includes(result.target)
                ? [...known.targets, result.target]
                : known.targets,
            clients: [...new Set([...known.clients, ...clients])].slice(0, MAX_CLIENTS),
            isSameSummary: known.isSameSummary && known.finding.summary === finding.summary,
          },
    );
  }

  /** The causes, those that break something before those that will, and with most targets first. */
  causes(): readonly CountedCause[] {
    const isAhead = ({ finding }: CountedCause): number => Number(finding.severity !== "critical");
    return [...this.#causes.values()].toSorted(
      (a, b) => isAhead(a) - isAhead(b) || b.count - a.count,
    );
  }

  /** Targets whose cause came after too many others. */
  get left(): number {
    return this.#left;
  }
}

/** A cause without certificates, such as a network's, is the same wherever its code is. */
function keyOf(finding: Finding): string {
  return `${finding.severity}\n${causeKey(finding)}`;
}
