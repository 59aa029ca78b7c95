import type { Handshake } from "../../probe/handshake.ts";
import type { Assessment, RelyingParty } from "../assessment.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { nameToCheck, printable } from "../words.ts";

/** What is known of a conversation of a client that checks no chains. */
export interface UncheckedFacts {
  readonly handshake: Handshake;
  /** Whether the handshake came to its end, with what the client offers. */
  readonly completes: boolean;
  /** What came of it if the client checked against its truststores. */
  readonly checked: Assessment;
}

/**
 * What a client that checks no chains makes of a conversation: there is no verdict and no day on which it ends. Some
 * such clients compare names all the same.
 */
export function assessUnchecked(
  client: RelyingParty,
  { handshake, completes, checked }: UncheckedFacts,
): Assessment {
  const aboutName =
    client.nameCheck === "none"
      ? []
      : checked.findings.filter(
          ({ code, severity }) => severity === "critical" && code.startsWith("name."),
        );
  const ok = completes && aboutName.length === 0;
  const ifChecked = ok && client.truststores.length > 0 ? outcomeWords(checked) : "";
  return {
    client,
    handshake,
    verdict: null,
    ok,
    findings: [...aboutName, peerCheckOffFinding(client, handshake, ifChecked)],
    breaksAt: null,
  };
}

function peerCheckOffFinding(
  { name, truststores }: RelyingParty,
  handshake: Handshake,
  ifChecked: string,
): Finding {
  const client = printable(name);
  const server = printable(nameToCheck(handshake));
  const stores = truststores.map((store) => printable(store.name)).join(", ");
  return makeFinding("estate.peer-check-off", {
    severity: "warning",
    summary: `${client} checks no chain of certificates: it takes whoever answers for ${server}${ifChecked}`,
    remedy: [
      stores === ""
        ? `Put the CA of ${server} into a truststore for ${client}; compare its fingerprint with the owner`
        : `Make sure that ${stores} holds the CA of everything that ${client} dials`,
      `Let a plan with the change { client: ${JSON.stringify(client)}, peerCheck: chain${stores === "" ? ", trust: STORE" : ""} } show which links break once it checks:`,
      "anchorwatch whatif plan.yaml",
      `Switch the check on in the configuration of ${client}`,
    ],
  });
}

function outcomeWords(checked: Assessment): string {
  if (checked.ok) return "; with the check switched on it would accept this server";
  const [headline] = checked.findings;
  return headline === undefined
    ? ""
    : `; with the check switched on it would refuse this server: ${headline.summary}`;
}
