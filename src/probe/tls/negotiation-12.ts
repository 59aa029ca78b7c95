import { Abort } from "./abort.ts";
import { cipherSuiteName } from "./cipher-suite-names.ts";
import { type CipherSuite12, cipherSuite12 } from "./cipher-suites-12.ts";
import { type Conversation, illegal } from "./conversation.ts";
import { Cursor } from "./cursor.ts";
import { ExtensionType } from "./extensions.ts";
import type { TranscriptHash } from "./hashes.ts";
import { type HelloShape, offeredExtensions } from "./hello-shape.ts";
import type { Randoms } from "./key-schedule-12.ts";
import { decodeAlpn, saysDowngraded, type ServerHello, unsolicited } from "./server-hello.ts";
import { Version, versionName } from "./versions.ts";

/** What both hellos settled for TLS 1.0 to 1.2. */
export interface Parameters12 {
  readonly version: number;
  readonly suite: CipherSuite12;
  /** What the session can be resumed with; empty for nothing. */
  readonly sessionId: Uint8Array;
  /** Hash of the transcript and of the key derivation. */
  readonly hash: TranscriptHash;
  readonly randoms: Randoms;
  readonly extendedMasterSecret: boolean;
  readonly encryptThenMac: boolean;
  /** Whether a session ticket comes before the server's Finished (RFC 5077 section 3.3). */
  readonly ticketPromised: boolean;
}

/**
 * Takes note of what a ServerHello of TLS 1.2 or older settles, and refuses what it may not.
 * @throws {Abort} after having reported the suite, also one that is not completed
 */
export function accept12(
  conversation: Conversation,
  hello: ServerHello,
  shape: HelloShape,
  clientRandom: Uint8Array,
): Parameters12 {
  const { version, extensions } = hello;
  conversation.emit({ kind: "cipher-suite", name: cipherSuiteName(hello.cipherSuite) });
  checkVersion(hello, shape);
  if (!shape.cipherSuites.includes(hello.cipherSuite)) throw wrongSuite(hello);
  const suite = completableSuite(hello);
  checkExtensions(hello, shape);
  const alpn = extensions.get(ExtensionType.alpn);
  if (alpn !== undefined) conversation.emit({ kind: "alpn", protocol: decodeAlpn(alpn) });
  return {
    version,
    suite,
    sessionId: hello.sessionId,
    hash: version === Version.tls12 ? suite.hash : "md5-sha1",
    randoms: { client: clientRandom, server: hello.random },
    extendedMasterSecret: extensions.has(ExtensionType.extendedMasterSecret),
    encryptThenMac: extensions.has(ExtensionType.encryptThenMac) && suite.protection.kind === "cbc",
    ticketPromised: extensions.has(ExtensionType.sessionTicket),
  };
}

function checkVersion({ version, versionExtension, random }: ServerHello, shape: HelloShape): void {
  if (versionExtension || !shape.versions.includes(version))
    throw new Abort(
      "version-unsupported",
      "protocol_version",
      `Server selected ${versionName(version)}, which was not offered`,
    );
  if (version < Version.tls10)
    throw new Abort(
      "version-unsupported",
      "handshake_failure",
      `Server selected ${versionName(version)}, which is recognised but not completed`,
    );
  if (Math.max(...shape.versions) > version && saysDowngraded(random))
    throw new Abort(
      "version-unsupported",
      "illegal_parameter",
      `Server speaks a later version but was talked down to ${versionName(version)} on the way (RFC 8446 section 4.1.3)`,
    );
}

function completableSuite(hello: ServerHello): CipherSuite12 {
  const suite = cipherSuite12(hello.cipherSuite);
  if (suite === undefined) throw wrongSuite(hello);
  const { firstVersion, lastVersion } = "because" in suite ? suite.facts : suite;
  if (hello.version < firstVersion || hello.version > lastVersion) throw wrongSuite(hello);
  if (!("because" in suite)) return suite;
  throw new Abort(
    "parameter-unsupported",
    "handshake_failure",
    `Server chose ${suite.facts.name}, which is not completed because ${suite.because}`,
  );
}

function checkExtensions({ extensions, compression }: ServerHello, shape: HelloShape): void {
  const stranger = unsolicited(extensions, offeredExtensions(shape));
  if (stranger !== undefined)
    throw new Abort(
      "parameter-unsupported",
      "unsupported_extension",
      `Server answered extension ${stranger}, which was not offered`,
    );
  if (compression !== 0)
    throw illegal(`Server selected compression method ${compression}; records are not compressed`);
  const renegotiation = extensions.get(ExtensionType.renegotiationInfo);
  if (renegotiation === undefined) return;
  const cursor = new Cursor(renegotiation);
  if (cursor.vector8("renegotiation_info").length > 0)
    throw illegal("Server's renegotiation_info is not empty in a first handshake");
  cursor.finish("renegotiation_info");
}

function wrongSuite({ cipherSuite, version }: ServerHello): Abort {
  return illegal(
    `Server chose cipher suite ${cipherSuiteName(cipherSuite)}, which was not offered for ${versionName(version)}`,
  );
}
