import type { AlertJson } from "../alert-json.ts";
import type { LinkState } from "../link-state.ts";

/** A change as the feed keeps it; alerts carry the number of the last change of a link before them. */
export type FeedChange =
  | { readonly type: "link"; readonly sequence: number; readonly link: LinkState }
  | { readonly type: "alert"; readonly sequence: number; readonly alert: AlertJson };

/** The latest changes, for readers who come back. */
export class RecentChanges {
  readonly #most: number;
  #changes: FeedChange[] = [];
  /** Place of the oldest change in the array; what is before it is forgotten. */
  #first = 0;
  /** Number of the latest change that is not kept: readers who know it have missed nothing else. */
  #forgotten: number;

  /** @param sequence number of the latest change before these */
  constructor(most: number, sequence: number) {
    this.#most = most;
    this.#forgotten = sequence;
  }

  /** Keeps a change, and forgets the oldest when there are too many. */
  add(change: FeedChange): void {
    this.#changes.push(change);
    if (this.#changes.length - this.#first <= this.#most) return;
    const oldest = this.#changes[this.#first];
    // whoever knows the number of an alert need not have been told the alert
    if (oldest !== undefined) this.#forgotten = oldest.sequence + (oldest.type === "alert" ? 1 : 0);
    this.#first++;
    // moving the rest to the front only now and then keeps the cost of a change constant
    if (this.#first <= this.#most) return;
    this.#changes = this.#changes.slice(this.#first);
    this.#first = 0;
  }

  /** Forgets everything: only the whole tells what came and went. */
  clear(sequence: number): void {
    this.#changes = [];
    this.#first = 0;
    this.#forgotten = sequence;
  }

  /**
   * What came after a number, oldest first; null when a part of it is forgotten, or the number is none that was told.
   * Alerts with the very number may have been told before.
   */
  since(sequence: number): readonly FeedChange[] | null {
    const latest = this.#changes.findLast(({ type }) => type === "link")?.sequence;
    if (sequence < this.#forgotten || sequence > (latest ?? this.#forgotten)) return null;
    return this.#changes
      .slice(this.#first)
      .filter((change) =>
        change.type === "alert" ? change.sequence >= sequence : change.sequence > sequence,
      );
  }
}
