/** Sets of certificates that the runtime knows (tls.getCACertificates). */
export const RUNTIME_STORES = ["system", "default", "bundled", "extra"] as const;

/** A set of certificates that the runtime knows. */
export type RuntimeStore = (typeof RUNTIME_STORES)[number];

/** What the text after `--truststore` names. */
export type StoreLocation =
  /** A file, or a directory of any kind. */
  | { readonly kind: "path"; readonly path: string }
  /** `java-home:PATH`: the truststore of a JVM, by its own order of look-up. */
  | { readonly kind: "java-home"; readonly path: string }
  /** `node:NAME`: certificates of this Node.js. */
  | { readonly kind: "runtime"; readonly store: RuntimeStore }
  /** `inline:BASE64`: the bytes of a store without a password, usually one certificate as DER or PEM. */
  | { readonly kind: "inline"; readonly base64: string };

/** Understands a location; whatever has no known prefix is a path. */
export function parseLocation(text: string): StoreLocation {
  const [, prefix, rest = ""] = /^(java-home|node|inline):(.+)$/s.exec(text) ?? [];
  if (prefix === "java-home") return { kind: "java-home", path: rest };
  if (prefix === "inline" && /^[A-Za-z0-9+/]+={0,2}$/.test(rest))
    return { kind: "inline", base64: rest };
  const store = RUNTIME_STORES.find((name) => name === rest);
  return prefix === "node" && store !== undefined
    ? { kind: "runtime", store }
    : { kind: "path", path: text };
}

/** The same location with its path made absolute by `absolute`; whatever names no file stays. */
export function mapLocation(text: string, absolute: (path: string) => string): string {
  const location = parseLocation(text);
  switch (location.kind) {
    case "path":
      return absolute(location.path);
    case "java-home":
      return `java-home:${absolute(location.path)}`;
    case "runtime":
    case "inline":
      return text;
  }
}

/** The path that a location reads; null for certificates of the runtime and for bytes written in the location itself. */
export function locationPath(text: string): string | null {
  const location = parseLocation(text);
  return location.kind === "path" || location.kind === "java-home" ? location.path : null;
}
