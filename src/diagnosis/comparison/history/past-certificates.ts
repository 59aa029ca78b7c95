import { internCertificate } from "../../../x509/certificate-cache.ts";
import type { Certificate } from "../../../x509/certificate.ts";
import type { Situation } from "../../situation.ts";
import type { PastAnswer } from "../history-facts.ts";

/** An answer of before with its certificates as far as they can be read. */
export interface PastChain {
  readonly answer: PastAnswer;
  readonly certificates: readonly Certificate[];
  readonly leaf: Certificate;
}

/** What the endpoint sent before, oldest first; answers without a readable certificate of the server are left out. */
export function pastChains({ history }: Situation): readonly PastChain[] {
  return (history?.previous ?? []).flatMap((answer) => {
    const certificates = answer.certificates.flatMap((der) => {
      const parsed = internCertificate(der);
      return parsed.ok ? [parsed.value] : [];
    });
    const [leaf] = certificates;
    return leaf === undefined ? [] : [{ answer, certificates, leaf }];
  });
}

/** When the present answer was given first, in milliseconds since 1970. */
export function presentSince({ history, at }: Situation): number {
  return history?.since ?? at;
}
