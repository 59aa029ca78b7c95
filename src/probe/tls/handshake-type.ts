/** Handshake message types (RFC 8446 section 4, RFC 5246 section 7.4, RFC 6066 section 8). */
export const HandshakeType = {
  helloRequest: 0,
  clientHello: 1,
  serverHello: 2,
  newSessionTicket: 4,
  encryptedExtensions: 8,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  clientKeyExchange: 16,
  finished: 20,
  certificateStatus: 22,
  keyUpdate: 24,
  compressedCertificate: 25,
  messageHash: 254,
} as const;

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(HandshakeType).map(([name, type]) => [
    type,
    name.replace(/^./, (initial) => initial.toUpperCase()),
  ]),
);

/** Name of a message type such as `ServerHello`. */
export function handshakeTypeName(type: number): string {
  return NAMES.get(type) ?? `Message of type ${type}`;
}

/** One whole handshake message. */
export interface HandshakeMessage {
  readonly type: number;
  /** The message without its header of four bytes. */
  readonly body: Uint8Array;
  /** The message with its header, as it enters the transcript. */
  readonly bytes: Uint8Array;
}
