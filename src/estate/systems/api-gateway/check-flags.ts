import { isAuthority } from "../certificate-text.ts";
import type { ImportBuilder } from "../import-builder.ts";
import type { ImportIssue } from "../model.ts";
import { placeOf } from "../origin.ts";
import type { GatewayConfiguration, GatewayTrustedCertificate } from "./gateway.ts";

/** Names of the flags as the Policy Manager shows them. */
const WORDS = {
  ssl: "Outbound SSL Connections",
  signingServer: "Signing Certificates for Outbound SSL Connections",
  signingClient: "Signing Client Certificates",
  trustAnchor: "Certificate is a Trust Anchor",
} as const;

/** Finds flags of trusted certificates that do not fit what the certificates are used for. */
export function checkFlags(configuration: GatewayConfiguration, builder: ImportBuilder): void {
  for (const each of configuration.trusted) {
    for (const summary of misfits(each, configuration)) builder.issue(flagIssue(each, summary));
    const { flags, hostnamePlace, name } = each;
    if ((flags.ssl || flags.signingServer) && !flags.verifyHostname)
      builder.issue({
        code: "estate.name-check-off",
        severity: "warning",
        summary: `The gateway does not check host names below the trusted certificate "${name}"`,
        place: hostnamePlace,
        remedy: [
          `Policy Manager: Tasks > Certificates, Keys and Secrets > Manage Certificates > ${name} > Properties > Validation: switch on Verify Hostnames for Outbound SSL Connections`,
        ],
      });
  }
}

interface Misfit {
  readonly summary: string;
  readonly missing: readonly (keyof typeof WORDS)[];
}

function misfits(
  each: GatewayTrustedCertificate,
  { providers, users }: GatewayConfiguration,
): readonly Misfit[] {
  const { name, ids, certificate, flags } = each;
  if (certificate === null) return [];
  const found: Misfit[] = [];
  const isCa = isAuthority(certificate);
  const issuesForProvider = providers.find(({ issuers }) =>
    issuers.some((issuer) => issuer === name || ids.includes(issuer)),
  );
  const issuedUser = users.find(
    (user) => user.certificate?.issuer.text === certificate.subject.text && isCa,
  );
  const dependant =
    issuesForProvider === undefined
      ? issuedUser === undefined
        ? null
        : `the federated user "${issuedUser.name}"`
      : `the federated provider "${issuesForProvider.name}"`;
  if (dependant !== null && isCa) {
    const missing = (["signingClient", "trustAnchor"] as const).filter((flag) => !flags[flag]);
    if (missing.length > 0)
      found.push({ summary: `issues the client certificates of ${dependant}`, missing });
  }
  const outbound = flags.ssl || flags.signingServer;
  if (isCa && outbound && !flags.trustAnchor && dependant === null)
    found.push({ summary: "is an authority for outbound connections", missing: ["trustAnchor"] });
  if (isCa && flags.signingClient && !flags.trustAnchor && dependant === null)
    found.push({ summary: "is an authority for client certificates", missing: ["trustAnchor"] });
  if (
    isCa &&
    flags.trustAnchor &&
    !outbound &&
    !flags.signingClient &&
    !flags.saml &&
    dependant === null
  )
    found.push({
      summary: "is a trust anchor for nothing",
      missing: ["signingServer", "signingClient"],
    });
  if (!isCa && (flags.signingServer || flags.signingClient) && !flags.ssl)
    found.push({
      summary: "is no authority, so nothing is issued below it, and it is trusted as issuer only",
      missing: ["ssl"],
    });
  return found;
}

function flagIssue({ name, place }: GatewayTrustedCertificate, misfit: Misfit): ImportIssue {
  const words = misfit.missing.map((flag) => `"${WORDS[flag]}"`).join(", ");
  return {
    code: "estate.trust-flags",
    severity: "warning",
    summary: `Trusted certificate "${name}" ${misfit.summary}, without ${words}`,
    place,
    remedy: [
      `Policy Manager: Tasks > Certificates, Keys and Secrets > Manage Certificates > ${name} > Properties > Options: switch on ${words}, as its use asks for`,
    ],
  };
}

/** Finds ports that ask for client certificates of which none can be accepted. */
export function checkClientIssuers(
  { ports, trusted }: GatewayConfiguration,
  builder: ImportBuilder,
): void {
  if (trusted.length === 0 || trusted.some(({ flags }) => flags.signingClient)) return;
  for (const { name, enabled, clientAuth } of ports)
    if (enabled && clientAuth?.value === "required")
      builder.issue({
        code: "estate.client-auth-unconfigured",
        severity: "warning",
        summary: `Listen port "${name}" requires client certificates, and no trusted certificate is one for "${WORDS.signingClient}"`,
        place: placeOf(clientAuth),
        remedy: [
          `Policy Manager: switch on "${WORDS.signingClient}" and "${WORDS.trustAnchor}" for the CA of the clients`,
        ],
      });
}
