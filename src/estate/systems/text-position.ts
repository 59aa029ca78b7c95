/** A place in a text: line and column, both from 1; columns count UTF-16 units. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** What spoils a text, and where. */
export interface TextFault {
  readonly position: TextPosition;
  /** Without a trailing full stop; never holds the text of a value. */
  readonly message: string;
}

/** A text that is walked forwards with its position; CRLF, CR and LF each end one line. */
export class TextCursor {
  readonly text: string;
  #offset = 0;
  #line = 1;
  #lineStart = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Offset of the next character. */
  get offset(): number {
    return this.#offset;
  }

  /** Whether everything was read. */
  get done(): boolean {
    return this.#offset >= this.text.length;
  }

  /** The character at a distance from the next one; empty behind the end. */
  peek(distance = 0): string {
    return this.text.charAt(this.#offset + distance);
  }

  /** Where the next character stands. */
  get position(): TextPosition {
    return { line: this.#line, column: this.#offset - this.#lineStart + 1 };
  }

  /** Steps over one character and returns it. */
  next(): string {
    const character = this.text.charAt(this.#offset);
    this.#offset += 1;
    const endsLine =
      character === "\n" || (character === "\r" && this.text.charAt(this.#offset) !== "\n");
    if (endsLine) {
      this.#line += 1;
      this.#lineStart = this.#offset;
    }
    return character;
  }

  /** Steps to an offset ahead. */
  skipTo(offset: number): void {
    while (this.#offset < offset && !this.done) this.next();
  }
}
