import type { Handshake, TargetScheme, UpgradeScheme } from "../probe/handshake.ts";
import { isUpgradeScheme, UPGRADES } from "../probe/schemes.ts";
import { foreignProtocol } from "../probe/tls/foreign-protocols.ts";
import type { HandshakeDiagnosis } from "./handshake-findings.ts";
import { hostPort } from "./words.ts";

/** The server speaks the protocol and does not begin TLS. `said` is its refusal. */
export function refusedUpgrade({ endpoint }: Handshake, said: string): HandshakeDiagnosis {
  const direct = directOf(endpoint.scheme);
  return {
    code: "handshake.upgrade-refused",
    summary: `${hostPort(endpoint)} does not upgrade to TLS: ${said}`,
    remedy: [
      `Switch TLS on in the configuration of the ${protocolName(endpoint.scheme)} server, with its certificate and key`,
      "Look into the log of the server: a key that it cannot read switches TLS off, too",
      ...(direct === null
        ? []
        : [`Or use the port on which the server begins with TLS, where it has one: ${direct}://`]),
    ],
  };
}

/** The port speaks another protocol than the scheme says. `said` names it where it can be told. */
export function wrongProtocol(handshake: Handshake, said: string): HandshakeDiagnosis {
  const { endpoint } = handshake;
  return {
    code: "topology.wrong-protocol",
    summary: `${hostPort(endpoint)} is no ${protocolName(endpoint.scheme)} server: ${said}`,
    remedy: ["Check the port: another service listens on it", ...schemeSteps(handshake)],
  };
}

/**
 * What to probe instead, where what the server said, or the port of a server that said nothing, tells its
 * protocol.
 */
export function schemeSteps(handshake: Handshake): readonly string[] {
  const { endpoint } = handshake;
  const [scheme, ...others] = likelySchemes(handshake);
  if (scheme === undefined) return [];
  const names = [scheme, ...others].map((each) => `${each}://`).join(" or ");
  return [
    `Name the protocol in the target, with ${names}`,
    `anchorwatch check ${scheme}://${hostPort(endpoint)}`,
  ];
}

function likelySchemes({ endpoint, dialog, firstBytes }: Handshake): readonly TargetScheme[] {
  if (firstBytes !== null) {
    const protocol = foreignProtocol(firstBytes);
    if (protocol?.name !== "TLS") return preferPort(protocol?.schemes ?? [], endpoint.port);
    return [directOf(endpoint.scheme) ?? "tls"];
  }
  if (!isUpgradeScheme(endpoint.scheme)) return schemesOfPort(endpoint.port);
  // a server that waits for TLS says nothing in any other protocol
  const isSilent = dialog?.every(({ direction }) => direction === "sent") ?? false;
  const direct = directOf(endpoint.scheme);
  return isSilent && direct !== null ? [direct] : [];
}

function directOf(scheme: TargetScheme): TargetScheme | null {
  return isUpgradeScheme(scheme) ? UPGRADES[scheme].direct : null;
}

/** Where one greeting has several protocols, the usual port of one of them decides. */
function preferPort(schemes: readonly UpgradeScheme[], port: number): readonly UpgradeScheme[] {
  const usual = schemesOfPort(port).filter((scheme) => schemes.includes(scheme));
  return usual.length > 0 ? usual : schemes;
}

function schemesOfPort(port: number): readonly UpgradeScheme[] {
  const schemes = (Object.keys(UPGRADES) as UpgradeScheme[]).filter(
    (scheme) => UPGRADES[scheme].port === port,
  );
  return port === 587 ? ["smtp"] : schemes;
}

function protocolName(scheme: TargetScheme): string {
  return isUpgradeScheme(scheme) ? UPGRADES[scheme].name : "TLS";
}
