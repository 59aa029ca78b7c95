/** Whether a certificate carries the name that was asked for; the text is what the client prints otherwise. */
export type NameMatch =
  | { readonly matches: true }
  | {
      readonly matches: false;
      readonly text: string;
      /** Exceptions below, for clients that print them. */
      readonly causes: readonly string[];
    };

/** The shared success. */
export const MATCHES: NameMatch = { matches: true };

/** A failed match with the client's text. */
export const mismatch = (text: string, causes: readonly string[] = []): NameMatch => ({
  matches: false,
  text,
  causes,
});
