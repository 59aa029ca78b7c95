import { isIP } from "node:net";
import type { ImportBuilder } from "./import-builder.ts";
import { byDefault, derived, type Place, type Sourced } from "./origin.ts";

/** Addresses that stand for every address of a machine. */
const ANY_ADDRESS: ReadonlySet<string> = new Set([
  "",
  "*",
  "0.0.0.0",
  "::",
  "[::]",
  "[::0]",
  "::0",
  "_default_",
]);

/** Whether an address to listen on stands for all of the machine's. */
export const isAnyAddress = (address: string): boolean => ANY_ADDRESS.has(address.toLowerCase());

/** What is known about the name by which others reach a listener. */
export interface ListenerNames {
  /** Names that the configuration gives the listener, e.g. of a virtual host; only those that are host names count. */
  readonly named: readonly Sourced<string>[];
  /** The address that it binds; null when none is written. */
  readonly address: Sourced<string> | null;
  /** The name that the user gave the system; null when nobody says. */
  readonly host: string | null;
  readonly place: Place;
}

/**
 * The host under which a listener is probed: what the user says, else the name that the configuration gives it, else the
 * one address that it binds. Where none of these is there it is this machine, and a note says so.
 */
export function listenerHost(names: ListenerNames, builder: ImportBuilder): Sourced<string> {
  const { named, address, host, place } = names;
  if (host !== null) return derived(host, "the host that was named for this import", []);
  const [first] = named.filter(({ value }) => isHostName(value));
  if (first !== undefined) return first;
  if (address !== null && !isAnyAddress(address.value))
    return { ...address, value: address.value.replace(/^\[|\]$/gu, "") };
  builder.note(
    "The configuration does not say under which name others reach this listener, so localhost is taken; name it with --host or host:",
    place,
  );
  return byDefault("localhost", "no name is configured", place);
}

const isHostName = (text: string): boolean =>
  isIP(text) !== 0 || /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/iu.test(text);
