import type { Handshake } from "../handshake.ts";
import type { ChainSurvey } from "./survey-record.ts";

/** Every chain that differs from the others, with what it was sent for. */
export function distinctChains(handshakes: readonly Handshake[]): readonly ChainSurvey[] {
  const chains = new Map<
    string,
    { chain: Handshake; versions: Set<string>; names: Set<string | null> }
  >();
  for (const handshake of handshakes) {
    const { certificates, version, serverName } = handshake;
    if (certificates.length === 0) continue;
    const key = certificates.map((der) => Buffer.from(der).toString("latin1")).join("|");
    const known = chains.get(key) ?? {
      chain: handshake,
      versions: new Set<string>(),
      names: new Set<string | null>(),
    };
    if (version !== null) known.versions.add(version);
    known.names.add(serverName);
    chains.set(key, known);
  }
  return [...chains.values()].map(({ chain, versions, names }) => ({
    certificates: chain.certificates,
    versions: [...versions].toSorted().toReversed(),
    serverNames: [...names],
  }));
}
