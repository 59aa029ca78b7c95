import { createPrivateKey, createPublicKey } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import {
  type ClientOptions,
  configuredKeyring,
  type Keyring,
} from "../../src/probe/tls/client-options.ts";
import { type Step, TlsClient } from "../../src/probe/tls/client.ts";
import type { Entropy } from "../../src/probe/tls/entropy.ts";
import type { EngineEvent } from "../../src/probe/tls/events.ts";
import { type Group, groupByCode } from "../../src/probe/tls/groups.ts";
import type { HelloShape } from "../../src/probe/tls/hello-shape.ts";
import {
  generateKeyShare,
  type KeyPair,
  type KeyShare,
  keyShareOf,
} from "../../src/probe/tls/key-agreement.ts";

/** A key share that the client drew. */
export interface RecordedKey {
  readonly group: number;
  /** Private keys as PKCS #8, base64: two for a hybrid. They protected one conversation on loopback. */
  readonly keys: readonly string[];
}

/** A client's certificate: DER of its chain and its key as PKCS #8, base64. It was issued for one recording. */
export interface RecordedClient {
  readonly chain: readonly string[];
  readonly key: string;
}

/** Everything that is needed to have a conversation again: what the client drew and what the server sent. */
export interface Recording {
  readonly name: string;
  /** Program and options of the server. */
  readonly server: string;
  readonly serverName: string | null;
  readonly shape: HelloShape;
  /** What the client authenticated itself with; its signatures are deterministic. Absent: nothing. */
  readonly client?: RecordedClient;
  /** Random bytes drawn, base64, in order. */
  readonly random: readonly string[];
  readonly keys: readonly RecordedKey[];
  /** The server's bytes, base64, as they arrived. */
  readonly chunks: readonly string[];
}

const directory = new URL("recordings/", import.meta.url);

/** The recorded conversations beside the tests; `node test/probe/record.ts` makes them anew. */
export const RECORDINGS: readonly Recording[] = readdirSync(directory)
  .filter((file) => file.endsWith(".json"))
  .sort()
  .map((file) => JSON.parse(readFileSync(new URL(file, directory), "utf8")) as Recording);

/** The recorded conversation of a name. */
export function recording(name: string): Recording {
  const found = RECORDINGS.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`No recording is named ${name}`);
  return found;
}

/** The server's bytes of a recording in one piece. */
export function serverBytes({ chunks }: Recording): Uint8Array {
  return new Uint8Array(Buffer.concat(chunks.map((chunk) => Buffer.from(chunk, "base64"))));
}

const shares = new Map<RecordedKey, KeyShare>();

function shareOf(recorded: RecordedKey): KeyShare {
  const known = shares.get(recorded);
  if (known !== undefined) return known;
  const group = groupByCode(recorded.group);
  if (group === undefined) throw new Error(`Recorded group ${recorded.group} is not known`);
  const [first, ...rest] = recorded.keys.map(keyPairOf);
  if (first === undefined) throw new Error("A recorded share has no key");
  const share = keyShareOf(group, [first, ...rest]);
  shares.set(recorded, share);
  return share;
}

function keyPairOf(pkcs8: string): KeyPair {
  const privateKey = createPrivateKey({
    key: Buffer.from(pkcs8, "base64"),
    format: "der",
    type: "pkcs8",
  });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

const spares = new Map<Group, KeyShare>();

/** A share of a group that the recorded conversation did not need, for those that go another way. */
function spareShare(group: Group): KeyShare {
  const share = spares.get(group) ?? generateKeyShare(group);
  spares.set(group, share);
  return share;
}

/** Randomness that repeats what was drawn when the conversation was recorded. */
export function recordedEntropy({ random, keys }: Recording): Entropy {
  let drawn = 0;
  const left = [...keys];
  return {
    random: (length) => {
      const bytes = random[drawn++];
      return bytes === undefined ? new Uint8Array(length) : Buffer.from(bytes, "base64");
    },
    keyShare: (group: Group) => {
      const at = left.findIndex((key) => key.group === group.code);
      const key = left[at] ?? keys.find((candidate) => candidate.group === group.code);
      if (at >= 0) left.splice(at, 1);
      return key === undefined ? spareShare(group) : shareOf(key);
    },
  };
}

const keyrings = new Map<RecordedClient, Keyring>();

/** What the client of a recording authenticates itself with; null for nothing. */
export function recordedKeyring({ client }: Pick<Recording, "client">): Keyring | null {
  if (client === undefined) return null;
  const known = keyrings.get(client);
  if (known !== undefined) return known;
  const keyring = configuredKeyring({
    chain: client.chain.map((der) => new Uint8Array(Buffer.from(der, "base64"))),
    key: keyPairOf(client.key).privateKey,
  });
  keyrings.set(client, keyring);
  return keyring;
}

/** Client options that repeat a recorded conversation. */
export function recordedOptions(recorded: Recording): ClientOptions {
  return {
    shape: recorded.shape,
    serverName: recorded.serverName,
    keyring: recordedKeyring(recorded),
    entropy: recordedEntropy(recorded),
  };
}

/** How a replayed conversation went. */
export interface Replay {
  readonly events: readonly EngineEvent[];
  /** Everything that the client sent. */
  readonly sent: Uint8Array;
  readonly ended: boolean;
}

/**
 * Feeds chunks to a fresh engine; `end` says what the connection does afterwards: `settled` leaves a server that
 * judges a certificate its time before it closes.
 */
export function replay(
  options: ClientOptions,
  chunks: Iterable<Uint8Array>,
  end: "open" | "closed" | "reset" | "settled" = "settled",
): Replay {
  const engine = new TlsClient(options);
  const events: EngineEvent[] = [];
  const sent: Uint8Array[] = [];
  const note = (step: Step): void => {
    events.push(...step.events);
    if (step.output !== null) sent.push(step.output);
  };
  note(engine.start());
  for (const chunk of chunks) note(engine.receive(chunk));
  if (end === "settled" && events.some((event) => event.kind === "finished" && event.awaitsVerdict))
    note(engine.settle());
  if (end !== "open") note(engine.hangUp(end === "reset" ? "reset" : "closed"));
  return { events, sent: Buffer.concat(sent), ended: engine.ended };
}
