import type { Certificate } from "../../x509/certificate.ts";
import type { Situation } from "../situation.ts";

/** A certificate that does not carry the name that was asked for. */
export interface NameFacts {
  readonly leaf: Certificate;
  /** The name asked for, printable. */
  readonly host: string;
  readonly situation: Situation;
}

/** What the client prints: the text about the name, unless it refuses the chain before it comes to the name. */
export function nameMessage({ situation }: NameFacts): string | null {
  return situation.verdict.trusted === true ? situation.verdict.clientMessage : null;
}

/** `, so CLIENT refuses the connection`. */
export function refusal({ situation }: NameFacts): string {
  return `, so ${situation.profile.title} refuses the connection`;
}
