/** A RuntimeException that escapes from the trust manager: neither accepted nor refused in order, the handshake ends. */
export class JavaCrash extends Error {
  /** The exception and its causes, as `Throwable.toString` prints them. */
  readonly exceptions: readonly string[];

  constructor(exceptions: readonly string[]) {
    super(exceptions[0] ?? "");
    this.name = "JavaCrash";
    this.exceptions = exceptions;
  }
}
