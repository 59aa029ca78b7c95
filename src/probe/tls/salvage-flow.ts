import { Abort } from "./abort.ts";
import type { Conversation, Flow } from "./conversation.ts";
import { DecodeError } from "./cursor.ts";
import type { HandshakeMessage } from "./handshake-type.ts";

/** What is still worth reading of a conversation that cannot succeed any more. */
export interface Salvage extends Pick<Flow, "readsPastWarnings"> {
  /** Takes down what a message says; false where nothing more is to be expected. */
  readonly record: (message: HandshakeMessage) => boolean;
}

/** Reads on, and fails for the reason that was known before, whatever is wrong with the rest. */
export class SalvageFlow implements Flow {
  readonly readsPastWarnings: boolean;
  readonly #record: Salvage["record"];
  readonly #reason: Abort;

  constructor(conversation: Conversation, reason: Abort, { readsPastWarnings, record }: Salvage) {
    this.readsPastWarnings = readsPastWarnings;
    this.#record = record;
    this.#reason = reason;
    conversation.doom = reason;
  }

  handshake(message: HandshakeMessage): void {
    try {
      if (this.#record(message)) return;
    } catch (error) {
      if (!(error instanceof Abort || error instanceof DecodeError)) throw error;
    }
    throw this.#reason;
  }

  changeCipherSpec(): void {
    throw this.#reason;
  }

  applicationData(): void {
    throw this.#reason;
  }
}
