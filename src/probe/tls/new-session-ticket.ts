import type { TicketRecord } from "../handshake.ts";
import { Cursor } from "./cursor.ts";
import { type Extensions, ExtensionType, readExtensions } from "./extensions.ts";

/** A NewSessionTicket of TLS 1.3. */
export interface NewSessionTicket {
  /** What records keep of it. */
  readonly ticket: TicketRecord;
  readonly extensions: Extensions;
  readonly nonce: Uint8Array;
  /** The ticket itself. */
  readonly identity: Uint8Array;
  readonly ageSummand: number;
}

/** Decodes a NewSessionTicket of TLS 1.3 (RFC 8446 section 4.6.1). @throws {DecodeError} */
export function decodeNewSessionTicket13(body: Uint8Array): NewSessionTicket {
  const cursor = new Cursor(body);
  const lifetime = cursor.uint32("Ticket lifetime");
  const ageSummand = cursor.uint32("Ticket age summand");
  const nonce = cursor.vector8("ticket nonce");
  const identity = cursor.vector16("ticket", 1);
  const extensions = readExtensions(cursor, "NewSessionTicket");
  cursor.finish("NewSessionTicket");
  const early = extensions.get(ExtensionType.earlyData);
  return {
    ticket: {
      lifetime,
      length: identity.length,
      maxEarlyData: early === undefined ? null : earlyDataSize(early),
    },
    extensions,
    nonce,
    identity,
    ageSummand,
  };
}

function earlyDataSize(extension: Uint8Array): number {
  const cursor = new Cursor(extension);
  const size = cursor.uint32("Size of early data");
  cursor.finish("early_data");
  return size;
}
