import { createReadStream } from "node:fs";
import { assess, type Assessment } from "../diagnosis/assess.ts";
import { makeFinding } from "../diagnosis/make-finding.ts";
import type { Endpoint, Handshake } from "../probe/handshake.ts";
import type { ProbeAllOptions } from "../probe/probe-all.ts";
import { parseTarget, type TargetError } from "../probe/target.ts";
import { type CheckRecord, checkRecord, findingRecord } from "../report/check-record.ts";
import { checkLine, checkText } from "../report/check-text.ts";
import { type ExitCode, exitCodeOf, worse } from "../report/exit-code.ts";
import type { Result } from "../x509/result.ts";
import type { CheckOptions } from "./check.ts";
import { type CheckClients, checkClients } from "./check-clients.ts";
import { probeOptions, probeTarget } from "./probe-target.ts";
import { readLines } from "./lines.ts";
import { orderedPool } from "./ordered-pool.ts";
import { paintFor, write } from "./output.ts";
import { Progress } from "./progress.ts";
import { UsageError } from "./usage-error.ts";

const DAY = 86_400_000;

/** From when an expiry is reported: the estate's thresholds where there is one, these otherwise. */
const THRESHOLDS = { warning: 30 * DAY, critical: 7 * DAY };

const LINE_LIMIT = 4096;

/** One target as written, and what it was read as. */
interface Target {
  readonly text: string;
  /** `file:line` for targets that come from a list. */
  readonly origin: string | null;
  readonly endpoint: Result<Endpoint, TargetError>;
}

/** Everything found out about one target. */
type Outcome =
  | {
      readonly kind: "assessed";
      readonly target: Target;
      readonly handshakes: readonly Handshake[];
      readonly assessments: readonly Assessment[];
    }
  | { readonly kind: "invalid"; readonly target: Target; readonly error: TargetError };

/** Runs `check` and prints as it goes; resolves to the exit code. */
export async function runCheck(texts: readonly string[], options: CheckOptions): Promise<ExitCode> {
  for (const text of texts) {
    const parsed = parseTarget(text);
    if (!parsed.ok) throw new UsageError(parsed.error.message);
  }
  const clients = await checkClients(options);
  const reach = probeOptions(options, clients.identity);
  const printer = new Printer(options, texts.length === 1 && options.targets === undefined);
  const save =
    options.save === undefined
      ? null
      : await (await import("./handshake-file.ts")).createHandshakeFile(options.save);
  const progress = new Progress(process.stderr);
  let exitCode: Exclude<ExitCode, 64> = 0;
  try {
    await printer.begin();
    const outcomes = orderedPool(targetsOf(texts, options.targets), options.concurrency, (target) =>
      checkTarget(target, clients, { reach, options }),
    );
    for await (const outcome of outcomes) {
      exitCode = worse(exitCode, codeOf(outcome));
      progress.count();
      if (save !== null && outcome.kind === "assessed") await save.add(outcome.handshakes);
      await printer.print(outcome);
    }
    await printer.end(exitCode);
  } finally {
    progress.end();
    await save?.close();
  }
  return exitCode;
}

async function* targetsOf(
  texts: readonly string[],
  list: string | undefined,
): AsyncGenerator<Target, void, undefined> {
  for (const text of texts) yield { text, origin: null, endpoint: parseTarget(text) };
  if (list === undefined) return;
  const source: AsyncIterable<Uint8Array> = list === "-" ? process.stdin : createReadStream(list);
  const name = list === "-" ? "standard input" : list;
  try {
    for await (const line of readLines(source, LINE_LIMIT)) {
      const text = line.kind === "line" ? line.text.trim() : "";
      if (line.kind === "line" && (text === "" || text.startsWith("#"))) continue;
      const endpoint = parseTarget(line.kind === "line" ? text : "x".repeat(LINE_LIMIT));
      yield { text: text === "" ? "(too long)" : text, origin: `${name}:${line.number}`, endpoint };
    }
  } catch (error) {
    if (error instanceof Error && "code" in error)
      throw new UsageError(`--targets: ${name} cannot be read (${String(error.code)})`);
    throw error;
  }
}

async function checkTarget(
  target: Target,
  clients: CheckClients,
  { reach, options }: { readonly reach: ProbeAllOptions; readonly options: CheckOptions },
): Promise<Outcome> {
  if (!target.endpoint.ok) return { kind: "invalid", target, error: target.endpoint.error };
  const handshakes = await probeTarget(target.endpoint.value, reach);
  const context = {
    at: options.at ?? Date.now(),
    thresholds: clients.thresholds ?? THRESHOLDS,
    connect: options.connect ?? null,
    otherTruststores: clients.otherTruststores,
  };
  const assessments = handshakes.flatMap((handshake) =>
    clients.parties.map((party) => assess(party, handshake, context)),
  );
  return { kind: "assessed", target, handshakes, assessments };
}

function codeOf(outcome: Outcome): Exclude<ExitCode, 64> {
  if (outcome.kind === "invalid") return 3;
  return outcome.assessments.map(exitCodeOf).reduce<Exclude<ExitCode, 64>>(worse, 0);
}

/** Writes results in the format asked for, one at a time. */
class Printer {
  readonly #format: CheckOptions["format"];
  readonly #single: boolean;
  readonly #paint = paintFor(process.stdout);
  #first = true;

  constructor({ format }: CheckOptions, single: boolean) {
    this.#format = format;
    this.#single = single;
  }

  async begin(): Promise<void> {
    if (this.#format === "json") await write(process.stdout, '{"results":[');
  }

  async print(outcome: Outcome): Promise<void> {
    if (outcome.kind === "invalid") {
      const place = outcome.target.origin === null ? "" : `${outcome.target.origin}: `;
      process.stderr.write(`anchorwatch: ${place}${outcome.error.message}\n`);
      if (this.#format !== "text")
        await this.#record(invalidRecord(outcome.target.text, outcome.error));
      return;
    }
    for (const assessment of outcome.assessments)
      if (this.#format === "text") await this.#text(outcome.target.text, assessment);
      else await this.#record(checkRecord(outcome.target.text, assessment));
  }

  async end(exitCode: ExitCode): Promise<void> {
    if (this.#format === "json") await write(process.stdout, `\n],"exitCode":${exitCode}}\n`);
  }

  async #text(target: string, assessment: Assessment): Promise<void> {
    const separator = this.#single && !this.#first ? "\n" : "";
    this.#first = false;
    const text = this.#single
      ? checkText(target, assessment, this.#paint)
      : `${checkLine(target, assessment, this.#paint)}\n`;
    await write(process.stdout, separator + text);
  }

  async #record(record: CheckRecord): Promise<void> {
    const lead = this.#format === "json" ? (this.#first ? "\n" : ",\n") : "";
    const tail = this.#format === "ndjson" ? "\n" : "";
    this.#first = false;
    await write(process.stdout, lead + JSON.stringify(record) + tail);
  }
}

/** The record of a target that cannot be read, so that a list loses no line. */
function invalidRecord(target: string, error: TargetError): CheckRecord {
  const finding = makeFinding("topology.target-invalid", {
    severity: "critical",
    summary: error.message,
    remedy: ["Correct the target: host, host:port, [v6]:port or a URL such as ldaps://host:636"],
  });
  return {
    target,
    address: null,
    profile: "",
    truststores: [],
    trusted: null,
    nameMatch: null,
    findings: [findingRecord(finding)],
    path: [],
    chain: [],
    clientMessage: null,
    handshake: {
      outcome: "failed",
      version: null,
      cipherSuite: null,
      group: null,
      signatureScheme: null,
      alpn: null,
      clientCertificateRequested: false,
      alert: null,
      failure: null,
      phases: { dns: null, connect: null, hello: null, complete: null },
    },
    breaksAt: null,
  };
}
