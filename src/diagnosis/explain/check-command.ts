import type { ProfileName } from "../../trust/profile-names.ts";
import { shellWord } from "../words.ts";
import type { Facts } from "./facts.ts";

/** What decides between the causes: a handshake, judged as the client in the text would. */
export interface DecidingCheck {
  /** TARGET of the command; null where the text names no host. */
  readonly target: string | null;
  readonly profile: ProfileName | null;
  readonly truststore: string | null;
  /** Client's clock as the text states it, RFC 3339; null for now. */
  readonly at: string | null;
  /** The whole command, with HOST:PORT where the text names no host. */
  readonly command: string;
}

/** The check that decides between the causes of a text. */
export function decidingCheck(facts: Facts, profile: ProfileName | null): DecidingCheck {
  const target = targetOf(facts);
  const truststore = truststoreOf(facts.truststore);
  const at = clockOf(facts.clock);
  const words = [
    "anchorwatch check",
    target ?? "HOST:PORT",
    ...(profile === null ? [] : ["--as", profile]),
    ...(truststore === null ? [] : ["--truststore", shellWord(truststore)]),
    ...(truststore !== null && /\.(?:p12|pfx|pkcs12)$/i.test(truststore)
      ? ["--truststore-password", "prompt"]
      : []),
    ...(at === null ? [] : ["--at", at]),
  ];
  return { target, profile, truststore, at, command: words.join(" ") };
}

const NAME = /^[a-z0-9_][a-z0-9_.-]{0,252}$/i;
const IPV6 = /^(?=[^:]*:)[0-9a-f:.]{2,45}$/i;

function targetOf({ host, port, scheme }: Facts): string | null {
  if (host === null || !(NAME.test(host) || IPV6.test(host))) return null;
  const name = host.includes(":") ? `[${host}]` : host;
  const number = port === null ? 0 : Number(port);
  const place = number >= 1 && number <= 65_535 ? `${name}:${number}` : name;
  return scheme === null || scheme === "https" ? place : `${scheme}://${place}`;
}

/** A file name that can stand in a command line; what would need more than quotes is left out. */
function truststoreOf(path: string | null): string | null {
  if (path === null || /[\p{Cc}\p{Cf}\p{Cs}]/u.test(path)) return null;
  const plain = path.replace(/^file:(?:\/\/(?=\/))?/, "");
  return plain === "" || plain === "No File Provider Path" ? null : plain.replace(/^-/, "./-");
}

function clockOf(clock: string | null): string | null {
  const [text] =
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})/.exec(clock ?? "") ?? [];
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? null : new Date(time).toISOString().replace(".000Z", "Z");
}
