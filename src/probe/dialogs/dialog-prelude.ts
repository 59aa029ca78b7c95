import type { DialogLine, HandshakeFailure, UpgradeScheme } from "../handshake.ts";
import type { Prelude, PreludeEnd, PreludeStep } from "../prelude.ts";
import { UPGRADES } from "../schemes.ts";
import { describeForeign, isConclusive, KEPT_FIRST_BYTES } from "../tls/first-bytes.ts";
import { foreignProtocol } from "../tls/foreign-protocols.ts";
import { DIALOGS } from "./dialogs.ts";
import { DIALOG_LIMITS } from "./limits.ts";
import { type Dialog, DialogEnd, type DialogFacts, OtherProtocol, type Sizer } from "./talk.ts";

const NOTHING = new Uint8Array();

/** Lines at the beginning of a long transcript that stay when later ones push others out. */
const KEPT_HEAD = DIALOG_LIMITS.shownLines / 2;

/**
 * Carries one upgrade dialog: hands it the pieces that it asks for, keeps the transcript, and finds out what
 * a peer speaks that does not speak its protocol.
 */
export class DialogPrelude implements Prelude {
  readonly #scheme: UpgradeScheme;
  readonly #dialog: Dialog;
  readonly #lines: DialogLine[] = [];
  #arrived: Uint8Array = NOTHING;
  #first: Uint8Array = NOTHING;
  #received = 0;
  #pieces = 0;
  #output: Uint8Array[] = [];
  /** What the dialog waits for; null before it began and after it ended. */
  #size: Sizer | null = null;
  /** Whether the peer is known to speak another protocol, and merely which is open. */
  #isForeign = false;

  constructor(scheme: UpgradeScheme, facts: DialogFacts) {
    this.#scheme = scheme;
    this.#dialog = DIALOGS[scheme](facts);
  }

  /** What was said, in order: at most 64 lines, the first and the last of them when there were more. */
  get lines(): readonly DialogLine[] {
    return this.#lines;
  }

  /** First bytes of a peer that speaks another protocol, at most 64; null otherwise. */
  get firstBytes(): Uint8Array | null {
    return this.#isForeign ? this.#first : null;
  }

  /** Begins; servers of most protocols speak first. */
  start(): PreludeStep {
    return this.#guard(() => this.#resume(NOTHING));
  }

  /** Takes bytes as they arrive, cut anywhere. */
  receive(chunk: Uint8Array): PreludeStep {
    this.#received += chunk.length;
    if (this.#first.length < KEPT_FIRST_BYTES)
      this.#first = new Uint8Array(
        Buffer.concat([this.#first, chunk.subarray(0, KEPT_FIRST_BYTES - this.#first.length)]),
      );
    this.#arrived = this.#arrived.length === 0 ? chunk : Buffer.concat([this.#arrived, chunk]);
    return this.#guard(() => {
      if (this.#isForeign) throw new OtherProtocol();
      if (this.#received > DIALOG_LIMITS.totalBytes)
        throw tooLarge(`${DIALOG_LIMITS.totalBytes} bytes`);
      return this.#serve();
    });
  }

  /** What it means that the peer left; null where nothing better is known than that. */
  hangUp(how: "closed" | "reset"): HandshakeFailure | null {
    if (this.#isForeign) return this.#foreign();
    if (how === "reset") return null;
    const { name } = UPGRADES[this.#scheme];
    const where =
      this.#received > 0 ? `in the middle of the ${name} dialog` : `without a word of ${name}`;
    return { code: "connection-closed", message: `Server closed the connection ${where}` };
  }

  /** What it means that the peer stayed silent for so many milliseconds. */
  expire(afterMs: number): HandshakeFailure {
    if (this.#isForeign) return this.#foreign();
    const { name, direct } = UPGRADES[this.#scheme];
    const time = `within ${Math.round(afterMs)} ms`;
    if (this.#received > 0)
      return { code: "timeout-dialog", message: `Server did not end its ${name} dialog ${time}` };
    const hint =
      direct === null
        ? ""
        : `; where TLS begins at once, which is ${direct}://, a server is as silent`;
    return { code: "timeout-dialog", message: `Server said no word of ${name} ${time}${hint}` };
  }

  /** Serves the dialog with pieces for as long as there are whole ones. */
  #serve(): PreludeEnd | null {
    while (this.#size !== null) {
      const size = this.#size(this.#arrived);
      if (size === null) return null;
      if (++this.#pieces > DIALOG_LIMITS.pieces) throw tooLarge(`${DIALOG_LIMITS.pieces} lines`);
      const piece = this.#arrived.subarray(0, size);
      this.#arrived = this.#arrived.subarray(size);
      const end = this.#resume(piece);
      if (end !== null) return end;
    }
    return null;
  }

  /** Lets the dialog go on to its next wait, or its end. */
  #resume(piece: Uint8Array): PreludeEnd | null {
    this.#size = null;
    for (let next = this.#dialog.next(piece); ; next = this.#dialog.next(NOTHING)) {
      if (next.done === true) {
        if (this.#arrived.length > 0)
          throw new DialogEnd(
            "unexpected-message",
            "Server sent more behind its leave to begin TLS, where anyone on the way could have put it",
            true,
          );
        return {
          kind: "ready",
          rest: null,
          ...(next.value === null ? {} : { framing: next.value }),
        };
      }
      const want = next.value;
      switch (want.kind) {
        case "send":
          this.#output.push(want.bytes);
          break;
        case "note":
          if (this.#lines.length === DIALOG_LIMITS.shownLines) this.#lines.splice(KEPT_HEAD, 1);
          this.#lines.push(want.line);
          break;
        case "take":
          this.#size = want.size;
          return null;
      }
    }
  }

  #guard(act: () => PreludeEnd | null): PreludeStep {
    let end: PreludeEnd | null;
    try {
      end = act();
    } catch (error) {
      if (error instanceof DialogEnd) end = { kind: "failed", failure: this.#failure(error) };
      else if (error instanceof OtherProtocol) end = this.#stray();
      else throw error;
    }
    const output = this.#output.length === 0 ? null : Buffer.concat(this.#output);
    this.#output = [];
    return { output, end };
  }

  /** The end of a dialog with a peer of another kind, once its first bytes tell which. */
  #stray(): PreludeEnd | null {
    this.#isForeign = true;
    return isConclusive(this.#first) ? { kind: "failed", failure: this.#foreign() } : null;
  }

  /** A refusal by a peer that gave itself away as a server of another kind says nothing about TLS. */
  #failure({ code, message, isDoubtful }: DialogEnd): HandshakeFailure {
    const other = foreignProtocol(this.#first);
    this.#isForeign =
      isDoubtful &&
      other !== undefined &&
      other.ambiguous !== true &&
      !other.schemes.includes(this.#scheme);
    return this.#isForeign ? this.#foreign() : { code, message };
  }

  #foreign(): HandshakeFailure {
    const { name } = UPGRADES[this.#scheme];
    if (foreignProtocol(this.#first)?.schemes.includes(this.#scheme) === true)
      return { code: "malformed-message", message: `Server's first answer breaks ${name}` };
    return { code: "wrong-protocol", message: describeForeign(this.#first, name) };
  }
}

function tooLarge(amount: string): DialogEnd {
  return new DialogEnd(
    "message-too-large",
    `Server sent more than ${amount} before TLS could begin`,
  );
}
