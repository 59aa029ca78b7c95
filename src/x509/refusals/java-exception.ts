/** An exception that the JDK would throw while it reads; never leaves the folder. */
export class JavaException extends Error {
  /** The exception and its causes, outermost first, as Throwable.toString() prints them. */
  readonly exceptions: readonly string[];

  constructor(
    message: string,
    {
      type = "java.io.IOException",
      causes = [],
    }: { type?: string; causes?: readonly string[] } = {},
  ) {
    super(message);
    this.exceptions = [`${type}: ${message}`, ...causes];
  }

  /** Whether the exception is an IOException or one of its kind. */
  get isIo(): boolean {
    return this.exceptions[0]?.startsWith("java.io.") === true;
  }

  /** `new IOException(cause)`: its text is the cause's description. */
  static wrapping(cause: JavaException): JavaException {
    return new JavaException(cause.exceptions[0] ?? "", { causes: cause.exceptions });
  }
}
