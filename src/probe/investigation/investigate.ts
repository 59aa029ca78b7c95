import { setTimeout as sleep } from "node:timers/promises";
import { internCertificate } from "../../x509/certificate-cache.ts";
import type { FailureCode, Handshake } from "../handshake.ts";
import { isHelloName, knownHello } from "../hellos/known-hellos.ts";
import type { ProbeOptions } from "../probe.ts";
import { type HelloShape, WIDE_HELLO } from "../tls/hello-shape.ts";
import {
  type Experiment,
  type Investigation,
  isAnswered,
  type Variation,
} from "./investigation.ts";
import { CLOCK_READINGS, clockReadings, MOST_AHEAD } from "./server-clock.ts";
import {
  hasPostQuantumShare,
  keyTypeHello,
  retriedPostQuantum,
  smallHello,
  tls12Hello,
  withoutAlpn,
  withoutPostQuantum,
} from "./variations.ts";

/** What about a conversation is to be explained. */
export type Doubt =
  /** The server did not answer the hello, or refused it. */
  | "handshake"
  /** The certificate is for another name. */
  | "name"
  /** The chain is not trusted. */
  | "chain"
  /** A certificate is refused for its dates. */
  | "clock";

/** What one further conversation does otherwise than the first. */
export type Change = Pick<ProbeOptions, "shape" | "serverName" | "until" | "timeoutMs">;

/** What an investigation works with. */
export interface InvestigateOptions {
  readonly doubts: ReadonlySet<Doubt>;
  /** Makes a conversation with the same address over the same route as the first. Never rejects. */
  readonly ask: (change: Change) => Promise<Handshake>;
  /** Most milliseconds for one conversation. @default 3000 */
  readonly timeoutMs?: number;
  /** Milliseconds between two conversations: a server must not take them for an attack. @default 50 */
  readonly pauseMs?: number;
  /** Begins no further conversation once it is aborted. */
  readonly signal?: AbortSignal;
}

/** Most conversations of one investigation. */
export const MOST_EXPERIMENTS = 10;

const TIMEOUT = 3000;
const PAUSE = 50;

/** A name that no server has (RFC 6761 section 6.4). */
const OTHER_NAME = "anchorwatch.invalid";

/** Failures that the hello can have brought about. */
const BY_THE_HELLO: ReadonlySet<FailureCode> = new Set<FailureCode>([
  "timeout-handshake",
  "connection-closed",
  "connection-reset",
  "alert-received",
]);

/** Alerts whose cause is known without further questions. */
const CLEAR_ALERTS: ReadonlySet<string> = new Set(["protocol_version", "certificate_required"]);

/** What a conversation leaves to be explained by further ones, as far as it alone tells. */
export function isUnexplained(handshake: Handshake): boolean {
  const { failure, alert } = handshake;
  return (
    failure !== null &&
    BY_THE_HELLO.has(failure.code) &&
    !isAnswered(handshake) &&
    handshake.certificates.length === 0 &&
    !(failure.code === "alert-received" && CLEAR_ALERTS.has(alert?.description ?? ""))
  );
}

/**
 * Makes a few further conversations with the address of a first one, one after another, each with one thing changed.
 * Null where none would decide anything.
 */
export async function investigate(
  about: Handshake,
  options: InvestigateOptions,
): Promise<Investigation | null> {
  const { doubts } = options;
  const laboratory = new Laboratory(options);
  if (doubts.has("handshake") && isUnexplained(about)) await explainFailure(about, laboratory);
  else if (about.certificates.length > 0) {
    if (doubts.has("name")) await explainName(about, laboratory);
    if (doubts.has("chain")) await explainChain(about, laboratory);
    if (doubts.has("clock")) await explainClock(about, laboratory);
  }
  const { experiments } = laboratory;
  return experiments.length === 0 ? null : { about, experiments };
}

class Laboratory {
  readonly #options: InvestigateOptions;
  readonly experiments: Experiment[] = [];

  constructor(options: InvestigateOptions) {
    this.#options = options;
  }

  /** Makes one conversation; false too when no more may be made. */
  async passes(variation: Variation, change: Change): Promise<boolean> {
    const { ask, signal, timeoutMs = TIMEOUT, pauseMs = PAUSE } = this.#options;
    if (signal?.aborted === true || this.experiments.length >= MOST_EXPERIMENTS) return false;
    await sleep(pauseMs);
    const handshake = await ask({ until: ["certificates"], timeoutMs, ...change });
    this.experiments.push({ variation, handshake });
    return isAnswered(handshake);
  }
}

/** The hello that a conversation began with; the wide one where it asked a single question. */
function shapeOf({ hello }: Handshake): HelloShape {
  return isHelloName(hello) ? knownHello(hello).shape : WIDE_HELLO;
}

/** Looks for what in the hello brings the failure about: the plainest hellos first, which exclude most. */
async function explainFailure(about: Handshake, laboratory: Laboratory): Promise<void> {
  const shape = shapeOf(about);
  const small = await laboratory.passes("small-hello", { shape: smallHello() });
  const older = await laboratory.passes("tls12-only", { shape: tls12Hello() });
  const nameless =
    about.serverName !== null &&
    (await laboratory.passes("no-server-name", { shape, serverName: null }));
  if (nameless) await laboratory.passes("other-server-name", { shape, serverName: OTHER_NAME });
  if (small && (hasPostQuantumShare(shape) || retriedPostQuantum(about)))
    await laboratory.passes("no-post-quantum", { shape: withoutPostQuantum(shape) });
  if (small && shape.alpn.length > 0)
    await laboratory.passes("no-alpn", { shape: withoutAlpn(shape) });
  if (small || older || nameless) await laboratory.passes("again", { shape });
}

/** Compares with what the server answers to clients that name no host, or one that it does not have. */
async function explainName(about: Handshake, laboratory: Laboratory): Promise<void> {
  if (about.serverName === null) return;
  const shape = shapeOf(about);
  await laboratory.passes("no-server-name", { shape, serverName: null });
  await laboratory.passes("other-server-name", { shape, serverName: OTHER_NAME });
}

/** Compares with the chains that the server has for other keys and older versions. */
async function explainChain(about: Handshake, laboratory: Laboratory): Promise<void> {
  const [leaf] = about.certificates;
  const parsed = leaf === undefined ? null : internCertificate(leaf);
  if (parsed?.ok !== true) return;
  const shape = shapeOf(about);
  const { type } = parsed.value.publicKey;
  if (type === "ec") await laboratory.passes("rsa-only", { shape: keyTypeHello(shape, "rsa") });
  if (type === "rsa")
    await laboratory.passes("ecdsa-only", { shape: keyTypeHello(shape, "ecdsa") });
  if (about.version === "TLSv1.3") await laboratory.passes("tls12-only", { shape: tls12Hello() });
  if (shape.alpn.length > 0) await laboratory.passes("no-alpn", { shape: withoutAlpn(shape) });
}

/**
 * Asks for TLS 1.2 again where the server may write its clock into that hello: two that agree with each other cannot
 * be drawn by lot.
 */
async function explainClock(about: Handshake, laboratory: Laboratory): Promise<void> {
  for (let asked = 0; asked < CLOCK_READINGS; asked++) {
    const made = [about, ...laboratory.experiments.map(({ handshake }) => handshake)];
    const readings = clockReadings(made);
    const isPlain = readings.every(({ ahead }) => Math.abs(ahead) < MOST_AHEAD);
    if (readings.length >= CLOCK_READINGS || !isPlain) return;
    if (!(await laboratory.passes("tls12-only", { shape: tls12Hello() }))) return;
  }
}
