import type { HandshakeFailure } from "./handshake.ts";

/** The failure of whatever its caller ended. */
export const CANCELLED: HandshakeFailure = {
  code: "cancelled",
  message: "The probe was cancelled",
};
