/** Whether a certificate carries the name that was asked for; the text is what the client prints otherwise. */
export type NameMatch =
  | { readonly matches: true }
  | { readonly matches: false; readonly text: string };

/** The shared success. */
export const MATCHES: NameMatch = { matches: true };

/** A failed match with the client's text. */
export const mismatch = (text: string): NameMatch => ({ matches: false, text });
