interface Slot {
  readonly id: string;
  readonly due: number;
}

/** A priority queue of names by time, with removal and change by name in logarithmic time. */
export class DueHeap {
  readonly #slots: Slot[] = [];
  readonly #positions = new Map<string, number>();

  get size(): number {
    return this.#slots.length;
  }

  /** Time at which a name is due; undefined when it is not queued. */
  dueOf(id: string): number | undefined {
    const position = this.#positions.get(id);
    return position === undefined ? undefined : this.#slots[position]?.due;
  }

  /** Time of the earliest; undefined when the queue is empty. */
  earliest(): number | undefined {
    return this.#slots[0]?.due;
  }

  /** Queues a name, or moves it to another time. */
  set(id: string, due: number): void {
    this.remove(id);
    this.#slots.push({ id, due });
    this.#rise(this.#slots.length - 1);
  }

  /** Takes the earliest name out; undefined when the queue is empty. */
  pop(): Slot | undefined {
    const first = this.#slots[0];
    if (first !== undefined) this.remove(first.id);
    return first;
  }

  /** Takes a name out, if it is queued. */
  remove(id: string): void {
    const position = this.#positions.get(id);
    if (position === undefined) return;
    this.#positions.delete(id);
    const last = this.#slots.pop();
    if (last === undefined || last.id === id) return;
    this.#place(position, last);
    this.#rise(position);
    this.#sink(this.#positions.get(last.id) ?? position);
  }

  #place(position: number, slot: Slot): void {
    this.#slots[position] = slot;
    this.#positions.set(slot.id, position);
  }

  #rise(start: number): void {
    let position = start;
    const slot = this.#slots[position];
    if (slot === undefined) return;
    while (position > 0) {
      const above = (position - 1) >> 1;
      const parent = this.#slots[above];
      if (parent === undefined || parent.due <= slot.due) break;
      this.#place(position, parent);
      position = above;
    }
    this.#place(position, slot);
  }

  #sink(start: number): void {
    let position = start;
    const slot = this.#slots[position];
    if (slot === undefined) return;
    for (;;) {
      const left = 2 * position + 1;
      const right = left + 1;
      const lower = this.#dueAt(right) < this.#dueAt(left) ? right : left;
      const child = this.#slots[lower];
      if (child === undefined || child.due >= slot.due) break;
      this.#place(position, child);
      position = lower;
    }
    this.#place(position, slot);
  }

  #dueAt(position: number): number {
    return this.#slots[position]?.due ?? Number.POSITIVE_INFINITY;
  }
}
