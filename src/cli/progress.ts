/** Delay before progress is shown, so that quick work stays silent; milliseconds. */
const DELAY = 1000;

const CLEAR = "\r\u001b[K";

/** A counter on standard error for work that takes longer than a second; silent where that is no terminal. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #timer: NodeJS.Timeout | null;
  #done = 0;
  #shown = false;
  readonly #words: string;

  /** `words` follow the count. */
  constructor(stream: NodeJS.WriteStream, words = "checked") {
    this.#words = words;
    this.#stream = stream;
    this.#timer = stream.isTTY ? setInterval(() => this.#show(), DELAY) : null;
    this.#timer?.unref();
  }

  /** Counts one finished target. */
  count(): void {
    this.#done++;
  }

  /** Removes the line, so that something else can be printed there. */
  hide(): void {
    if (this.#shown) this.#stream.write(CLEAR);
    this.#shown = false;
  }

  /** Removes the line for good. */
  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.hide();
  }

  #show(): void {
    this.#shown = true;
    this.#stream.write(`${CLEAR}${this.#done} ${this.#words}`);
  }
}
