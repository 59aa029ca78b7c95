import type { Handshake } from "../probe/handshake.ts";
import type { HelloName } from "../probe/hellos/known-hellos.ts";
import { mayAnswerOtherwise, tellingAnswer } from "../probe/hellos/outside-offer.ts";
import { wouldAnswerAlike } from "../probe/same-answer.ts";
import type { HelloShape } from "../probe/tls/hello-shape.ts";
import { clientHandshake } from "../trust/client-handshake.ts";
import type { Profile } from "../trust/profile.ts";
import type { ClientIdentity } from "./identity.ts";

/** Makes a conversation with one address. */
export type AskWithHello = (
  shape: HelloShape,
  hello: HelloName,
  identity: ClientIdentity | null,
) => Promise<Handshake>;

interface Made {
  readonly key: string;
  readonly identity: ClientIdentity | null;
  readonly handshake: Handshake;
}

/**
 * Conversations with one address that begin with clients' own hellos: at most one for each distinct shape, and one more
 * for each client certificate that the server would get another answer from.
 */
export class OwnHellos {
  readonly #ask: AskWithHello;
  readonly #made: Made[] = [];

  constructor(ask: AskWithHello) {
    this.#ask = ask;
  }

  /** Every conversation so far, in order. */
  get made(): readonly Handshake[] {
    return this.#made.map(({ handshake }) => handshake);
  }

  /**
   * The conversation with a client's own hello, or with that of another client where all that the server chose is
   * within this client's offer; null where the one that was made already tells what the server would answer.
   */
  async ask(
    profile: Profile,
    asked: Handshake,
    identity: ClientIdentity | null,
  ): Promise<Handshake | null> {
    const { shape, hello } = clientHandshake(profile);
    if (shape === null || hello === null || !mayAnswerOtherwise(asked, shape)) return null;
    const key = JSON.stringify(shape);
    const alike = this.#made.filter(
      (other) =>
        other.identity?.id === identity?.id ||
        wouldAnswerAlike(other.handshake, identity?.keyring ?? null),
    );
    const known = tellingAnswer(alike, shape, (other) => other.key === key);
    if (known !== undefined) return known.handshake;
    const answer = await this.#ask(shape, hello, identity);
    const handshake = {
      ...answer,
      clientAuth: answer.clientAuth ?? asked.clientAuth,
      request: answer.request ?? asked.request,
    };
    this.#made.push({ key, identity, handshake });
    return handshake;
  }
}
