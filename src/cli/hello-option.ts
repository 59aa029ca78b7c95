import { InvalidArgumentError } from "commander";
import { suggest } from "../estate/suggest.ts";
import type { HelloSent } from "../probe/handshake.ts";
import { HELLO_NAMES, isHelloName } from "../probe/hellos/known-hellos.ts";
import type { ProbeOptions } from "../probe/probe.ts";
import { clientHandshake } from "../trust/client-handshake.ts";
import { isProfileName, PROFILE_NAMES } from "../trust/profile-names.ts";
import { profileOf } from "../trust/profiles.ts";

/** Reads `--hello`: `wide`, a profile, or another client whose hello is known. */
export function parseHello(value: string): string {
  const known = knownNames();
  if (known.includes(value)) return value;
  const close = suggest(value, known);
  const hint = close === null ? "" : ` (did you mean ${close}?)`;
  throw new InvalidArgumentError(`The hellos of ${known.join(", ")} are known${hint}`);
}

function knownNames(): readonly string[] {
  const profiles = PROFILE_NAMES.filter((name) => clientHandshake(profileOf(name)).hello !== null);
  return ["wide", ...new Set([...profiles, ...HELLO_NAMES])];
}

/** The hello to send, as probes take it; nothing without the option, which leaves it to what is found. */
export function helloOf(
  name: string | undefined,
): Pick<ProbeOptions, "shape"> & { readonly hello?: HelloSent } {
  if (name === undefined) return {};
  if (isProfileName(name)) {
    const { shape, hello } = clientHandshake(profileOf(name));
    if (shape !== null && hello !== null) return { shape, hello };
  }
  return { hello: isHelloName(name) ? name : "wide" };
}
