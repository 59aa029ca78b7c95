import type { Assessment } from "../../diagnosis/assessment.ts";
import { hostPort } from "../../diagnosis/words.ts";
import { internCertificate } from "../../x509/certificate-cache.ts";

/** What one or several addresses of a target answered, and what each client makes of it. */
export interface Answer {
  /** As dialled, with the port where it is not the target's; empty where the host has none or a proxy resolves it. */
  readonly addresses: readonly string[];
  /** One for each client, in the order in which they were asked for; of several addresses those of the first. */
  readonly assessments: readonly Assessment[];
}

/**
 * Assessments of one target, addresses with the same answer taken together: same certificates, same verdicts, same
 * findings. Times and durations are left aside.
 */
export function answersOf(assessments: readonly Assessment[]): readonly Answer[] {
  const byAddress = Map.groupBy(assessments, ({ handshake }) => addressText(handshake) ?? "");
  const bySignature = Map.groupBy(byAddress, ([address, group]) =>
    JSON.stringify(group.map((assessment) => signatureOf(assessment, address))),
  );
  return [...bySignature.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const addresses = group.map(([address]) => address).filter((address) => address !== "");
    return [{ addresses, assessments: first[1] }];
  });
}

/** The address that was dialled, with the port where it is not the target's own; null where there is none. */
export function addressText({
  address,
  dialledPort,
  endpoint,
}: Assessment["handshake"]): string | null {
  if (address === null) return null;
  return dialledPort === endpoint.port ? address : hostPort({ host: address, port: dialledPort });
}

/** Everything that may differ between addresses and matters; sentences name the address, which does not. */
function signatureOf(assessment: Assessment, address: string): readonly unknown[] {
  const { client, handshake, verdict, ok, findings, breaksAt } = assessment;
  const own = handshake.address ?? address;
  return [
    client.name,
    ok,
    verdict?.trusted ?? null,
    verdict?.nameMatch ?? null,
    breaksAt,
    findings.map(({ code, severity, summary }) => [
      code,
      severity,
      own === "" ? summary : summary.replaceAll(own, ""),
    ]),
    handshake.outcome,
    handshake.failure?.code ?? null,
    handshake.version,
    handshake.certificates.map((der) => {
      const parsed = internCertificate(der);
      return parsed.ok ? parsed.value.sha256 : der.length;
    }),
  ];
}
