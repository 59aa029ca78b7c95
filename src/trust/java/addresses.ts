import { parseAddress, unmapAddress } from "../../x509/general-name.ts";

/**
 * The address behind an IP literal as java.net.InetAddress reads it: IPv4 with one to four decimal parts, of which the
 * last one fills the rest (IPAddressUtil.textToNumericFormatV4); an IPv4-mapped IPv6 address becomes the IPv4 address.
 */
export function javaAddress(text: string): Uint8Array | null {
  const v4 = ipv4(text);
  if (v4 !== null) return v4;
  const address = text.includes(":") ? parseAddress(text) : null;
  return address === null ? null : unmapAddress(address);
}

function ipv4(text: string): Uint8Array | null {
  if (text.length > 15 || !/^\d+(\.\d+){0,3}$/.test(text)) return null;
  const parts = text.split(".").map(Number);
  const last = parts.at(-1) ?? 0;
  const rest = 5 - parts.length;
  if (parts.slice(0, -1).some((part) => part > 255) || last >= 256 ** rest) return null;
  const tail = Array.from(
    { length: rest },
    (_, i) => Math.floor(last / 256 ** (rest - 1 - i)) % 256,
  );
  return Uint8Array.from([...parts.slice(0, -1), ...tail]);
}
