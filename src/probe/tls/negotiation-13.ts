import { Abort } from "./abort.ts";
import { cipherSuiteName } from "./cipher-suite-names.ts";
import { type CipherSuite13, cipherSuite13 } from "./cipher-suites-13.ts";
import { type Conversation, illegal } from "./conversation.ts";
import { checkAnswers } from "./extension-answers.ts";
import { ExtensionType } from "./extensions.ts";
import { type Group, groupName, shareableGroup } from "./groups.ts";
import { type HelloShape, offeredExtensions } from "./hello-shape.ts";
import type { KeyShare } from "./key-agreement.ts";
import { keyExchangeRecord } from "./key-exchange-record.ts";
import {
  decodeCookie,
  decodeKeyShare,
  decodeRetryGroup,
  type ServerHello,
} from "./server-hello.ts";
import { Version, versionName } from "./versions.ts";

/** What our latest hello offered for TLS 1.3. */
export interface Offer13 {
  readonly shape: HelloShape;
  readonly sessionId: Uint8Array;
  readonly keyShares: readonly KeyShare[];
}

/** A HelloRetryRequest that can be followed. */
export interface Retry {
  readonly suite: CipherSuite13;
  /** Group of which a share is wanted; null to send the same shares again. */
  readonly group: Group | null;
  readonly cookie: Uint8Array | null;
}

/** Reads and checks a HelloRetryRequest (RFC 8446 section 4.1.4). @throws {Abort} @throws {DecodeError} */
export function acceptRetry(hello: ServerHello, offer: Offer13): Retry {
  const suite = acceptHello(hello, offer, "HelloRetryRequest");
  const wanted = hello.extensions.get(ExtensionType.keyShare);
  const cookie = hello.extensions.get(ExtensionType.cookie);
  if (wanted === undefined && cookie === undefined)
    throw illegal("Server's HelloRetryRequest asks for no change");
  return {
    suite,
    group: wanted === undefined ? null : retryGroup(decodeRetryGroup(wanted), offer),
    cookie: cookie === undefined ? null : decodeCookie(cookie),
  };
}

function retryGroup(code: number, { shape, keyShares }: Offer13): Group {
  const group = shape.groups.includes(code) ? shareableGroup(code) : undefined;
  if (group === undefined || keyShares.some((share) => share.group === group))
    throw illegal(
      `Server's HelloRetryRequest asks for group ${groupName(code)}, which was not offered or whose share it had`,
    );
  return group;
}

/** What a ServerHello of TLS 1.3 settled. */
export interface Agreement13 {
  readonly suite: CipherSuite13;
  /** The secret of the key agreement. */
  readonly secret: Uint8Array;
  /** The group of the key agreement. */
  readonly group: Group;
}

/**
 * Reads and checks a ServerHello of TLS 1.3, and agrees on the secret (RFC 8446 section 4.1.3). `retry` is the
 * HelloRetryRequest that came before it.
 * @throws {Abort} @throws {DecodeError}
 */
export function acceptHello13(
  conversation: Conversation,
  hello: ServerHello,
  offer: Offer13,
  retry: Retry | null,
): Agreement13 {
  const suite = acceptHello(hello, offer, "ServerHello");
  conversation.emit({ kind: "cipher-suite", name: suite.name });
  if (retry !== null && retry.suite !== suite)
    throw illegal(
      `Server changed from ${retry.suite.name} to ${suite.name} after its HelloRetryRequest`,
    );
  const extension = hello.extensions.get(ExtensionType.keyShare);
  if (extension === undefined)
    throw new Abort("parameter-unsupported", "missing_extension", "Server sent no key share");
  const { group: code, publicKey } = decodeKeyShare(extension);
  const share = offer.keyShares.find(({ group }) => group.code === code);
  if (share === undefined)
    throw illegal(`Server sent a key share for group ${groupName(code)}, which it was not offered`);
  conversation.emit({ kind: "key-exchange", keyExchange: keyExchangeRecord(share.group) });
  const secret = share.agree(publicKey);
  if (secret === null)
    throw new Abort(
      "malformed-message",
      "illegal_parameter",
      `Server's key share of ${publicKey.length} bytes is not a value of ${share.group.name}`,
    );
  return { suite, secret, group: share.group };
}

/** What a ServerHello and a HelloRetryRequest must both keep to. */
function acceptHello(
  hello: ServerHello,
  { shape, sessionId }: Offer13,
  message: "ServerHello" | "HelloRetryRequest",
): CipherSuite13 {
  const { version, versionExtension, extensions } = hello;
  if (!versionExtension || version !== Version.tls13 || !shape.versions.includes(version))
    throw new Abort(
      "version-unsupported",
      "protocol_version",
      `Server selected ${versionName(version)}, which was not offered`,
    );
  if (!Buffer.from(sessionId).equals(hello.sessionId))
    throw illegal("Server did not echo the session identifier");
  if (hello.compression !== 0)
    throw illegal(`Server selected compression method ${hello.compression} in TLSv1.3`);
  checkAnswers(extensions.keys(), message, offeredExtensions(shape));
  const suite = shape.cipherSuites.includes(hello.cipherSuite)
    ? cipherSuite13(hello.cipherSuite)
    : undefined;
  if (suite === undefined)
    throw illegal(
      `Server chose cipher suite ${cipherSuiteName(hello.cipherSuite)}, which was not offered for ${versionName(version)}`,
    );
  return suite;
}
