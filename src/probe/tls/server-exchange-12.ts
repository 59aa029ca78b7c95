import { answerCurve, answerField, type ClientKeyExchange } from "./client-key-exchange.ts";
import { type Conversation, illegal } from "./conversation.ts";
import type { Entropy } from "./entropy.ts";
import { ExtensionType } from "./extensions.ts";
import { groupName } from "./groups.ts";
import { type HelloShape, offeredExtensions } from "./hello-shape.ts";
import { parametersRecord } from "./key-exchange-record.ts";
import type { Parameters12 } from "./negotiation-12.ts";
import { checkProof, checkSignature } from "./server-certificate.ts";
import { decodeServerKeyExchange, type ServerKeyExchange } from "./server-key-exchange.ts";
import { SCHEMES_BEFORE_12, SHA1_SCHEMES } from "./signature-schemes.ts";
import type { SigningKey } from "./signatures.ts";
import { versionName } from "./versions.ts";

/** What decides about a ServerKeyExchange beside its content. */
export interface ExchangeContext {
  readonly parameters: Parameters12;
  readonly shape: HelloShape;
  /** Key of the server's certificate, which signs the exchange. */
  readonly key: SigningKey;
  readonly entropy: Entropy;
}

/**
 * Records a ServerKeyExchange, checks that the server's key signed it, and makes our half.
 * @throws {Abort} @throws {DecodeError}
 */
export function agreeWithServer(
  conversation: Conversation,
  body: Uint8Array,
  { parameters: settled, shape, key, entropy }: ExchangeContext,
): ClientKeyExchange {
  const kind = settled.suite.keyExchange === "dhe" ? "dhe" : "ecdhe";
  const exchange = decodeServerKeyExchange(body, kind, settled.version);
  const { parameters } = exchange;
  conversation.emit({ kind: "key-exchange", keyExchange: parametersRecord(parameters) });
  if (parameters.kind === "ecdhe") checkOffered(parameters.group, shape);
  checkExchange(conversation, exchange, settled, shape, key);
  return parameters.kind === "dhe"
    ? answerField(parameters, entropy)
    : answerCurve(parameters, entropy);
}

/** A hello without the extension leaves the choice to the server (RFC 8422 section 4). */
function checkOffered(group: number, shape: HelloShape): void {
  if (offeredExtensions(shape).has(ExtensionType.supportedGroups) && !shape.groups.includes(group))
    throw illegal(`Server chose group ${groupName(group)}, which was not offered`);
}

function checkExchange(
  conversation: Conversation,
  { signed, proof }: ServerKeyExchange,
  { randoms, version }: Parameters12,
  shape: HelloShape,
  key: SigningKey,
): void {
  const content = Buffer.concat([randoms.client, randoms.server, signed]);
  const { scheme, signature } = proof;
  if (scheme === null) {
    const implied = SCHEMES_BEFORE_12.find(({ keyType }) => keyType === key.type);
    if (implied === undefined)
      throw illegal(
        `Server's certificate holds a key of type ${key.type}, which cannot sign in ${versionName(version)}`,
      );
    checkSignature(conversation, implied, { key, signature, content, tls13: false });
    return;
  }
  const offered = offeredExtensions(shape).has(ExtensionType.signatureAlgorithms)
    ? shape.signatureSchemes
    : SHA1_SCHEMES;
  checkProof(conversation, { key, signed: { scheme, signature }, content, tls13: false, offered });
}
