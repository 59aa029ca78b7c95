import type { EstateEndpoint } from "../estate/estate.ts";
import type { Handshake, HandshakeStage } from "../probe/handshake.ts";
import { sentCertificates } from "../links/judge-link.ts";
import type { SentCertificate } from "./link-state.ts";
import type { Observation } from "./observe.ts";

/** What is known of one address of an endpoint. */
export interface AddressState {
  /** Null when the name could not be resolved. */
  readonly address: string | null;
  /** The handshake that got furthest, over all client certificates that were shown. */
  readonly handshake: Handshake;
  readonly certificates: readonly SentCertificate[];
}

/** The present state of one endpoint. Immutable. */
export interface EndpointState {
  readonly endpoint: EstateEndpoint;
  /** Names of the clients that depend on it. */
  readonly clients: readonly string[];
  /** Milliseconds since 1970; null before the first look. */
  readonly checkedAt: number | null;
  /** Milliseconds since 1970: until when it is not probed, by the estate's windows of quiet; null while it is. */
  readonly quietUntil: number | null;
  readonly addresses: readonly AddressState[];
}

const STAGES: readonly HandshakeStage[] = [
  "start",
  "dns",
  "connect",
  "hello",
  "certificate",
  "finished",
  "complete",
];

const progress = ({ outcome, stage }: Handshake): number =>
  outcome === "complete" ? STAGES.length : STAGES.indexOf(stage);

/** Sums up what a look at an endpoint gave, one entry per address. */
export function addressStates({ handshakes }: Observation): readonly AddressState[] {
  const furthest = new Map<string | null, Handshake>();
  for (const { handshake } of handshakes) {
    const known = furthest.get(handshake.address);
    if (known === undefined || progress(handshake) > progress(known))
      furthest.set(handshake.address, handshake);
  }
  return [...furthest].map(([address, handshake]) => ({
    address,
    handshake,
    certificates: sentCertificates(handshake),
  }));
}
