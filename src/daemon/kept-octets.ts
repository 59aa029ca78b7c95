import type { Handshake } from "../probe/handshake.ts";
import { internCertificate } from "../x509/certificate-cache.ts";
import { sameChain } from "./endpoint-past.ts";
import type { Observation } from "./observe.ts";

/**
 * An observation with the octets that are held already where servers sent the same again: from one look to the next,
 * and from one endpoint to another for certificates that are known. They are held once, and known without a hash.
 */
export function withKeptOctets(
  observation: Observation,
  before: Observation | undefined,
): Observation {
  const old = before === undefined ? [] : [...before.handshakes, ...(before.own ?? [])];
  // clients may share a conversation, and go on to do so
  const kept = new Map<Handshake, Handshake>();
  const keep = <T extends { readonly handshake: Handshake }>(observed: T): T => {
    const { handshake } = observed;
    let same = kept.get(handshake);
    if (same === undefined) {
      same = { ...handshake, certificates: keptChain(handshake, old) };
      kept.set(handshake, same);
    }
    return { ...observed, handshake: same };
  };
  const { handshakes, own } = observation;
  return {
    ...observation,
    handshakes: handshakes.map(keep),
    ...(own === undefined ? {} : { own: own.map(keep) }),
  };
}

function keptChain(
  { address, certificates }: Handshake,
  old: readonly { readonly handshake: Handshake }[],
): readonly Uint8Array[] {
  const known = old.find(
    ({ handshake }) =>
      handshake.address === address && sameChain(handshake.certificates, certificates),
  );
  return known?.handshake.certificates ?? certificates.map(keptCertificate);
}

function keptCertificate(der: Uint8Array): Uint8Array {
  const known = internCertificate(der);
  return known.ok ? known.value.der : der;
}
