import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { startProcess } from "../lab/process.ts";
import type { Observation, Peer } from "./cell.ts";
import { hearing } from "./hearing.ts";
import { type Setup, setupFor } from "./setups.ts";

/** A server that is one process with one configuration and one log. */
export interface ConfiguredPeer extends Pick<
  Peer,
  "name" | "capabilities" | "tellsGroup" | "judgesLater"
> {
  readonly setups: readonly Setup[];
  readonly command: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Its log where that is not what it prints. */
  readonly log?: () => string;
  /** What it says of a connection to a set-up; null while it has not said it all. */
  readonly parse: (words: string, setup: Setup) => Observation | null;
}

/** Resolves once a port accepts connections. */
async function listening(port: number): Promise<void> {
  for (;;) {
    const connected = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
    if (connected) return;
    await wait(20);
  }
}

/** Starts it, and waits until all its ports accept connections and it has said what it says of that. */
export async function startConfiguredPeer(peer: ConfiguredPeer): Promise<Peer> {
  const { setups, command, args, parse } = peer;
  const env = { ...process.env, ...peer.environment };
  const running = startProcess(command, args, { env });
  const log = peer.log ?? running.output;
  const ended = running.waitFor(/(?!)/);
  ended.catch(() => undefined);
  await Promise.race([ended, Promise.all(setups.map(({ port }) => listening(port)))]);
  let length = -1;
  while (length < log().length) {
    length = log().length;
    await wait(50);
  }
  return {
    ...peer,
    port: async (certificate, mode) => setupFor(setups, certificate, mode).port,
    listen: (certificate, mode) => {
      const setup = setupFor(setups, certificate, mode);
      return hearing(log, (words) => parse(words, setup));
    },
    stop: () => running.stop(),
  };
}
