import { type HelloName, knownHello } from "../probe/hellos/known-hellos.ts";
import type { HelloShape } from "../probe/tls/hello-shape.ts";
import { Version } from "../probe/tls/versions.ts";
import { javaHandshake } from "./java/java-handshake.ts";
import type { Profile } from "./profile.ts";
import type { ProfileName } from "./profile-names.ts";

/** How a kind of client makes handshakes: what it offers, and what of it it would really complete. */
export interface ClientHandshake {
  /** Whose hello it sends; null for a profile that is no client. */
  readonly hello: HelloName | null;
  /** That hello as this client's settings leave it; null for a profile that is no client. */
  readonly shape: HelloShape | null;
  /** Oldest version that it completes, as in hello messages. */
  readonly oldestVersion: number;
  /** Oldest version in which it accepts that the server signs its share; OpenSSL refuses MD5 and SHA-1 there. */
  readonly oldestSignedVersion: number;
  /** Smallest Diffie-Hellman prime that it accepts, in bits; 0 where it offers none at all. */
  readonly leastPrime: number;
}

/** What a profile says about its client's handshakes. */
export type HandshakeLimits = Omit<ClientHandshake, "shape">;

const java = (hello: HelloName): HandshakeLimits => ({
  hello,
  oldestVersion: Version.tls12,
  oldestSignedVersion: Version.tls12,
  leastPrime: 1024,
});

/** OpenSSL 3 at security level 2, which offers TLS 1.0 and completes it where nothing is signed (static RSA). */
const OPENSSL: HandshakeLimits = {
  hello: "openssl-3",
  oldestVersion: Version.tls10,
  oldestSignedVersion: Version.tls12,
  leastPrime: 2048,
};

const since12 = (hello: HelloName | null, leastPrime: number): HandshakeLimits => ({
  hello,
  oldestVersion: Version.tls12,
  oldestSignedVersion: Version.tls12,
  leastPrime,
});

/**
 * Measured against the clients themselves, but for those of which no measurement exists: releases 8, 11 and 21 of
 * OpenJDK by their `java.security`, GSKit by the defaults of IBM HTTP Server 9, Schannel by its documentation.
 * Node.js 20 runs OpenSSL at security level 1, which asks for 1024 bits, later ones at 2.
 */
const LIMITS: Readonly<Record<ProfileName, HandshakeLimits>> = {
  "openjdk-8": java("openjdk-8"),
  "openjdk-11": java("openjdk-11"),
  "openjdk-17": java("openjdk-17"),
  "openjdk-21": java("openjdk-21"),
  "openjdk-25": java("openjdk-25"),
  "openjdk-17-sunx509": java("openjdk-17"),
  "ibm-java-8": java("ibm-java-8"),
  layer7: java("layer7"),
  "openssl-3": OPENSSL,
  "openssl-3-partial": OPENSSL,
  "nodejs-20": since12("nodejs-20", 1024),
  "nodejs-24": since12("nodejs-24", 2048),
  go: since12("go", 0),
  gskit: since12("gskit", 0),
  "dotnet-windows": since12("dotnet-windows", 1024),
  strict: since12(null, 2048),
};

const made = new WeakMap<Profile, ClientHandshake>();

/** How the client of a profile makes handshakes; a Java client as its `jdk.tls.disabledAlgorithms` leave it. */
export function clientHandshake(profile: Profile): ClientHandshake {
  const kept = made.get(profile);
  if (kept !== undefined) return kept;
  const limits = LIMITS[profile.name];
  const shape = limits.hello === null ? null : knownHello(limits.hello).shape;
  const { rules } = profile;
  const handshake =
    rules.kind === "java" && shape !== null
      ? { ...limits, ...javaHandshake(rules, shape) }
      : { ...limits, shape };
  made.set(profile, handshake);
  return handshake;
}
