import type { Certificate } from "../../../x509/certificate.ts";
import {
  attributesOf,
  differenceText,
  nameDifferences,
  parseWrittenName,
} from "../distinguished-name.ts";
import type { ImportBuilder } from "../import-builder.ts";
import { placeOf } from "../origin.ts";
import type { GatewayConfiguration } from "./gateway.ts";

/** A client certificate that is known to be presented to the gateway. */
export interface PresentedCertificate {
  readonly certificate: Certificate;
  /** File, alias or part of the bundle that holds it. */
  readonly source: string;
}

/**
 * Compares the name of every federated user with the subject that its client really presents: the certificate in the
 * bundle, or one of those that were given beside the bundle and has the same common name. Case and blanks do not count
 * for the gateway; order and the set of attributes do.
 */
export function checkUsers(
  { users }: GatewayConfiguration,
  presented: readonly PresentedCertificate[],
  builder: ImportBuilder,
): void {
  for (const { name, subject, certificate } of users) {
    if (subject === null) continue;
    const place = placeOf(subject);
    const written = parseWrittenName(subject.value);
    if (written === null) {
      builder.note(`The subject of the federated user "${name}" is no distinguished name`, place);
      continue;
    }
    const commonName = written.find(({ type }) => type === "CN")?.value.toLowerCase();
    const own = certificate === null ? [] : [{ certificate, source: "the bundle" }];
    const candidates = [
      ...own,
      ...presented.filter((each) =>
        attributesOf(each.certificate.subject).some(
          ({ type, value }) => type === "CN" && value.toLowerCase() === commonName,
        ),
      ),
    ];
    for (const candidate of candidates) {
      const differences = nameDifferences(written, attributesOf(candidate.certificate.subject));
      const counting = differences.filter(({ kind }) => kind !== "case");
      if (counting.length === 0) continue;
      const actual = candidate.certificate.subject.text;
      builder.issue({
        code: "estate.client-subject-differs",
        severity: "warning",
        summary: `The federated user "${name}" does not fit the client certificate in ${candidate.source}: ${counting.slice(0, 3).map(differenceText).join(", ")}`,
        place,
        remedy: [
          `Set the user's X.509 subject DN to the certificate's own: ${actual}`,
          "Compare it with what the client really presents: anchorwatch store show FILE",
        ],
      });
    }
  }
}
