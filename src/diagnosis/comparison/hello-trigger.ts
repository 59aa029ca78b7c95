import {
  experimentOf,
  type Investigation,
  isAnswered,
  type Variation,
} from "../../probe/investigation/investigation.ts";

/** What in a hello makes a server, or something on the way, drop or refuse it. */
export type HelloTrigger =
  /** A key share of a post-quantum group, which makes the hello longer than one packet. */
  | "post-quantum-share"
  /** Its length, or something in it that a plain hello leaves out. */
  | "long-hello"
  | "alpn"
  | "tls13"
  /** The name that it asks for; without it, and with another one, it is answered. */
  | "this-server-name"
  /** A name that the server does not have; without one it is answered. */
  | "unknown-server-name";

/** What further conversations showed about a hello that was not answered. */
export type HelloCause =
  | { readonly kind: "trigger"; readonly trigger: HelloTrigger }
  /** The same hello was answered later. */
  | { readonly kind: "sporadic" }
  /** No hello was answered: it is not about what the hello says. */
  | { readonly kind: "every-hello" };

/** Concludes from the answers to changed hellos; null where none were asked. */
export function causeOf(investigation: Investigation): HelloCause | null {
  const answers = (variation: Variation): boolean | null => {
    const handshake = experimentOf(investigation, variation);
    return handshake === null ? null : isAnswered(handshake);
  };
  if (answers("again") === true) return { kind: "sporadic" };
  const trigger = triggerOf(answers);
  if (trigger !== null) return { kind: "trigger", trigger };
  return answers("small-hello") === false ? { kind: "every-hello" } : null;
}

function triggerOf(answers: (variation: Variation) => boolean | null): HelloTrigger | null {
  if (answers("no-post-quantum") === true) return "post-quantum-share";
  if (answers("no-alpn") === true) return "alpn";
  if (answers("small-hello") === true) return "long-hello";
  if (answers("tls12-only") === true) return "tls13";
  if (answers("no-server-name") !== true) return null;
  return answers("other-server-name") === true ? "this-server-name" : "unknown-server-name";
}
