import type { Handshake, TargetScheme, UpgradeScheme } from "../../probe/handshake.ts";
import { isUpgradeScheme, UPGRADES } from "../../probe/schemes.ts";
import { foreignProtocol } from "../../probe/tls/foreign-protocols.ts";
import { hostPort } from "../words.ts";

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

/** The target under which the server can be asked with TLS; null where what it said does not tell. */
export function rightUrl(handshake: Handshake): string | null {
  const [scheme, ...others] = likelySchemes(handshake);
  if (scheme === undefined || others.length > 0 || handshake.firstBytes === null) return null;
  return `${scheme}://${hostPort(handshake.endpoint)}`;
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

/** The scheme of the same protocol that begins with TLS; null where there is none. */
export function directOf(scheme: TargetScheme): TargetScheme | null {
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

/** A protocol as operators call it. */
export function protocolName(scheme: TargetScheme): string {
  return isUpgradeScheme(scheme) ? UPGRADES[scheme].name : "TLS";
}
