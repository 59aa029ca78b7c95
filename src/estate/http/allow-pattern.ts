import { isIP } from "node:net";
import { isWithin, parseNetwork } from "../../x509/networks.ts";

/** Targets that may be checked though the estate does not name them. */
export interface AllowPattern {
  /** A name in lower case, in which `*` stands for one label or the beginning of one; or an address or network. */
  readonly host: { readonly kind: "name" | "network"; readonly text: string };
  /** Null: every port. */
  readonly port: number | null;
}

const NAME =
  /^(?:[a-z0-9_*]([a-z0-9_*-]{0,61}[a-z0-9_*])?\.)*[a-z0-9_*]([a-z0-9_*-]{0,61}[a-z0-9_*])?$/;

/** Reads `HOST:PORT`, where HOST is a name, an address or a network, and `*` stands for labels or the port. */
export function parseAllowPattern(text: string): AllowPattern | null {
  const [, bracketed, plain, digits] =
    /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5}|\*)$/.exec(text) ?? [];
  const written = bracketed ?? plain;
  if (written === undefined || written.length > 253) return null;
  const port = digits === "*" ? null : Number(digits);
  if (port !== null && (port < 1 || port > 65_535)) return null;
  if (parseNetwork(written) !== null) return { host: { kind: "network", text: written }, port };
  const name = written.toLowerCase();
  const isName = bracketed === undefined && NAME.test(name) && !/^[\d.]+$/.test(name);
  return isName ? { host: { kind: "name", text: name }, port } : null;
}

/** Whether a host (name, or address without brackets) at a port is what a pattern names. */
export function fitsAllowPattern(
  { host: { kind, text }, port: only }: AllowPattern,
  host: string,
  port: number,
): boolean {
  if (only !== null && only !== port) return false;
  if (kind === "network") return isIP(host) !== 0 && isWithin(host, [text]);
  if (isIP(host) !== 0) return false;
  const labels = host.toLowerCase().replace(/\.$/, "").split(".");
  const wanted = text.split(".");
  return (
    labels.length === wanted.length &&
    wanted.every((pattern, index) => fitsLabel(pattern, labels[index] ?? ""))
  );
}

/** A label is short, so that trying every split is cheap, and one star is enough for every use. */
function fitsLabel(pattern: string, label: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.at(-1);
  if (last === undefined) return pattern === label;
  return (
    label.length >= first.length + last.length && label.startsWith(first) && label.endsWith(last)
  );
}
