import { parseAddress } from "./general-name.ts";

/** A network by its first address and the number of bits that its addresses share. */
interface Network {
  readonly base: Uint8Array;
  readonly bits: number;
}

/** Reads an address or a network such as `10.0.0.0/8` or `fd00::/8`; null when it is neither. */
export function parseNetwork(text: string): Network | null {
  const slash = text.indexOf("/");
  const base = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (base === null) return null;
  const most = base.length * 8;
  if (slash < 0) return { base, bits: most };
  const digits = text.slice(slash + 1);
  const bits = /^\d{1,3}$/.test(digits) ? Number(digits) : Number.NaN;
  return bits <= most ? { base, bits } : null;
}

/** Whether an address literal belongs to one of these addresses and networks. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  const bytes = parseAddress(address.replace(/%.*$/, ""));
  if (bytes === null) return false;
  return networks.some((text) => {
    const network = parseNetwork(text);
    return network !== null && covers(network, bytes);
  });
}

function covers({ base, bits }: Network, address: Uint8Array): boolean {
  if (base.length !== address.length) return false;
  const whole = bits >> 3;
  for (let i = 0; i < whole; i++) if (base[i] !== address[i]) return false;
  const rest = bits & 7;
  if (rest === 0) return true;
  const mask = (0xff << (8 - rest)) & 0xff;
  return ((base[whole] ?? 0) & mask) === ((address[whole] ?? 0) & mask);
}
