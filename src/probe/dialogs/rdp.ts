import {
  type Dialog,
  heard,
  malformed,
  OtherProtocol,
  refused,
  sendMessage,
  take,
  type Talk,
} from "./talk.ts";

/**
 * TPKT, X.224 Connection Request and RDP_NEG_REQ for TLS, CredSSP over TLS and its early user authorization
 * (MS-RDPBCGR section 2.2.1.1): all of them begin with TLS, and a server may insist on any.
 */
const CONNECTION_REQUEST: Uint8Array = Buffer.from(
  "03000013" + "0ee00000000000" + "010008000b000000",
  "hex",
);

const TPKT_VERSION = 3;

const CONNECTION_CONFIRM = 0xd0;
const DISCONNECT_REQUEST = 0x80;

const NEGOTIATION_RESPONSE = 2;
const NEGOTIATION_FAILURE = 3;

/** MS-RDPBCGR section 2.2.1.2.2. */
const FAILURES: ReadonlyMap<number, string> = new Map([
  [1, "SSL_REQUIRED_BY_SERVER"],
  [2, "SSL_NOT_ALLOWED_BY_SERVER"],
  [3, "SSL_CERT_NOT_ON_SERVER"],
  [4, "INCONSISTENT_FLAGS"],
  [5, "HYBRID_REQUIRED_BY_SERVER"],
  [6, "SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER"],
]);

/** MS-RDPBCGR section 2.2.1.2.1. */
const PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [1, "TLS"],
  [2, "CredSSP"],
  [8, "CredSSP with early user authorization"],
]);

const MAX_CONFIRM = 1024;

/** RDP's negotiation of enhanced security. */
export function* rdp(): Dialog {
  yield* sendMessage(CONNECTION_REQUEST, "X.224 Connection Request for TLS or CredSSP");
  const [version, reserved, high = 0, low = 0] = yield* take(4, [TPKT_VERSION]);
  const length = high * 256 + low;
  if (version !== TPKT_VERSION || reserved !== 0 || length < 11 || length > MAX_CONFIRM)
    throw new OtherProtocol();
  const unit = Buffer.from(yield* take(length - 4));
  const type = unit.readUInt8(1) & 0xf0;
  if (unit.readUInt8(0) !== unit.length - 1) throw new OtherProtocol();
  if (type === DISCONNECT_REQUEST) {
    yield* heard("X.224 Disconnect Request");
    throw refused("Server refused the connection", "X.224 Disconnect Request");
  }
  if (type !== CONNECTION_CONFIRM) throw new OtherProtocol();
  const negotiation = unit.subarray(7);
  if (negotiation.length === 0) {
    yield* heard("X.224 Connection Confirm without negotiation");
    throw refused("Server does not offer TLS", "it knows only RDP's own encryption");
  }
  if (negotiation.length < 8) throw malformed("RDP negotiation is shorter than 8 bytes");
  yield* judge(negotiation.readUInt8(0), negotiation.readUInt32LE(4));
  return null;
}

function* judge(type: number, value: number): Talk<void> {
  if (type === NEGOTIATION_FAILURE) {
    const name = FAILURES.get(value) ?? `failure ${value}`;
    yield* heard(`X.224 Connection Confirm: ${name}`);
    throw refused("Server refused TLS", name);
  }
  if (type !== NEGOTIATION_RESPONSE)
    throw malformed(`RDP negotiation has the type ${type}, which is neither response nor failure`);
  const protocol = PROTOCOLS.get(value);
  yield* heard(`X.224 Connection Confirm: ${protocol ?? `protocol ${value}`}`);
  if (protocol === undefined)
    throw refused(
      "Server does not offer TLS",
      value === 0 ? "it chose RDP's own encryption" : `it chose protocol ${value}`,
    );
}
