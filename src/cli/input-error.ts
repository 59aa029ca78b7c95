/** Something to be judged that cannot be read: printed without a stack, exit code 3. */
export class InputError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "InputError";
  }
}
