/** Raised inside the judge when the work for one verdict exceeds its bound; becomes `trusted: null` at the edge. */
export class BudgetExceeded extends Error {
  constructor(what: string) {
    super(`Too many ${what} for one verdict`);
    this.name = "BudgetExceeded";
  }
}

/** Work that one verdict may cost; hostile chains end here instead of burning the processor. */
export class Budget {
  #signatures = 100; // Go's limit, its answer to CVE-2018-16875
  #steps = 50_000;
  #comparisons = 8_000_000; // above the largest constraint set that deployed clients evaluate to the end

  /** Counts one signature check. @throws {BudgetExceeded} */
  signature(): void {
    if (--this.#signatures < 0) throw new BudgetExceeded("signature checks");
  }

  /** Counts one step of a path search. @throws {BudgetExceeded} */
  step(): void {
    if (--this.#steps < 0) throw new BudgetExceeded("path-building steps");
  }

  /** Counts comparisons of a name with a constraint. @throws {BudgetExceeded} */
  comparisons(count: number): void {
    this.#comparisons -= count;
    if (this.#comparisons < 0) throw new BudgetExceeded("name constraint comparisons");
  }
}
