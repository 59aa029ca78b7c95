import type { Writable } from "node:stream";
import * as z from "zod";
import { anchoredInput } from "../diagnosis/anchored-input.ts";
import { diagnose } from "../diagnosis/diagnose.ts";
import type { Finding } from "../diagnosis/finding.ts";
import { makeFinding } from "../diagnosis/make-finding.ts";
import { type Handshake, NO_PHASES, NOTHING_HEARD } from "../probe/handshake.ts";
import { timeText } from "../report/time-text.ts";
import { readChainCase } from "../trust/chain-case.ts";
import { judge } from "../trust/judge.ts";
import { profileOf } from "../trust/profiles.ts";
import type { JudgeInput, Verdict } from "../trust/verdict.ts";
import { internCertificate } from "../x509/certificate-cache.ts";
import { fail, type Result } from "../x509/result.ts";
import { parseInstant } from "./instant.ts";
import { readLines } from "./lines.ts";
import { write } from "./output.ts";

const LINE_LIMIT = 32 * 1024 * 1024;

const BatchCase = z.object({
  id: z.union([z.string(), z.number()]).nullish(),
  chain: z.array(z.string()).min(1),
  anchors: z.array(z.string()),
  host: z.string().nullish(),
  at: z.string().nullish(),
  profile: z.string().nullish(),
  purpose: z.enum(["server", "client"]).nullish(),
  maxPathLength: z.int().min(0).nullish(),
  crls: z.array(z.string()).nullish(),
  ocspResponses: z.array(z.string()).nullish(),
  revocation: z.enum(["none", "leaf", "chain"]).nullish(),
});

type BatchCase = z.infer<typeof BatchCase>;

/** Why a line of a batch could not be judged. */
interface BatchError {
  readonly code: "line-too-long" | "json-invalid" | "field-invalid" | "certificate-invalid";
  readonly message: string;
}

/** Judges NDJSON cases one by one, in order; a bad line gets an `error` and the batch goes on. */
export async function judgeBatch(
  source: AsyncIterable<Uint8Array>,
  target: Writable,
  now: () => number,
): Promise<void> {
  for await (const line of readLines(source, LINE_LIMIT)) {
    if (line.kind === "line" && line.text.trim() === "") continue;
    const answer =
      line.kind === "too-long"
        ? errorLine(null, {
            code: "line-too-long",
            message: `Line ${line.number} is longer than ${LINE_LIMIT / 2 ** 20} MiB`,
          })
        : judgeLine(line.text, line.number, now());
    await write(target, `${JSON.stringify(answer)}\n`);
  }
}

function judgeLine(text: string, number: number, now: number): object {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : "not JSON";
    return errorLine(null, { code: "json-invalid", message: `Line ${number} is not JSON: ${why}` });
  }
  const id = idOf(json);
  const parsed = BatchCase.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field =
      issue === undefined || issue.path.length === 0 ? "the case" : issue.path.join(".");
    return errorLine(id, {
      code: "field-invalid",
      message: `Line ${number}: ${field}: ${issue?.message ?? "not a case"}`,
    });
  }
  const input = readCase(parsed.data, number, now);
  if (!input.ok) return errorLine(id, input.error);
  const verdict = judge(input.value);
  return verdictLine(id, input.value, verdict);
}

function idOf(json: unknown): string | number | null {
  if (typeof json !== "object" || json === null || !("id" in json)) return null;
  return typeof json.id === "string" || typeof json.id === "number" ? json.id : null;
}

function errorLine(id: string | number | null, error: BatchError): object {
  return {
    id,
    trusted: null,
    nameMatch: null,
    accepted: false,
    path: [],
    findings: [],
    clientMessage: null,
    error,
  };
}

function readCase(data: BatchCase, number: number, now: number): Result<JudgeInput, BatchError> {
  const at = data.at === undefined || data.at === null ? now : parseInstant(data.at);
  if (at === null)
    return fail({
      code: "field-invalid",
      message: `Line ${number}: at: ${JSON.stringify(data.at)} is not an RFC 3339 time`,
    });
  const input = readChainCase({
    chain: data.chain,
    anchors: data.anchors,
    at,
    profile: data.profile ?? undefined,
    host: data.host,
    purpose: data.purpose ?? undefined,
    maxPathLength: data.maxPathLength,
    crls: data.crls ?? undefined,
    ocspResponses: data.ocspResponses ?? undefined,
    revocation: data.revocation ?? undefined,
  });
  if (input.ok) return input;
  const { code, field, message } = input.error;
  return fail({ code, message: `Line ${number}: ${field}: ${message}` });
}

function verdictLine(id: string | number | null, input: JudgeInput, verdict: Verdict): object {
  const findings = [
    ...findingsOf(input, verdict),
    ...(ignoresRevocation(input) ? [uncheckedFinding(input)] : []),
  ];
  return {
    id,
    trusted: verdict.trusted,
    nameMatch: verdict.nameMatch,
    accepted: verdict.accepted,
    path: verdict.trusted === true ? verdict.path.map(({ sha256 }) => sha256) : [],
    findings: findings.map(({ code, severity, summary }) => ({ code, severity, summary })),
    clientMessage: verdict.clientMessage,
    error: null,
  };
}

/** Whether lists were given to a client that has no use for them. */
function ignoresRevocation({ crls, profile, revocation }: JudgeInput): boolean {
  if ((crls ?? []).length === 0) return false;
  return revocation === "none" || profileOf(profile).rules.kind === "go";
}

function uncheckedFinding({ profile }: JudgeInput): Finding {
  return makeFinding("chain.revocation-unchecked", {
    severity: "warning",
    summary: `Revocation lists were given, but ${profileOf(profile).title} does not check revocation`,
    remedy: ["Check the lists with: openssl verify -crl_check -CRLfile FILE"],
  });
}

const STORE = {
  name: "the list of anchors",
  path: null,
  isJavaStore: false,
  isSystemStore: false,
  needsPassword: false,
} as const;

function findingsOf(input: JudgeInput, verdict: Verdict): readonly Finding[] {
  return diagnose(
    {
      clientName: input.profile,
      profile: profileOf(input.profile),
      handshake: offlineHandshake(input),
      verdict,
      sent: input.chain.flatMap((der) => {
        const parsed = internCertificate(der);
        return parsed.ok ? [parsed.value] : [];
      }),
      anchors: input.anchors.map((certificate) => ({
        certificate,
        store: STORE,
        file: null,
        alias: null,
      })),
      elsewhere: [],
      store: STORE,
      truststores: [],
      running: null,
      judgeAgain: (path) => judge({ ...input, chain: path.map(({ der }) => der) }),
      judgeAnchored: (path, at) => judge(anchoredInput(input, path, at)),
      connect: null,
      checksName: input.nameCheck !== "none",
      at: input.at,
      thresholds: { warning: 0, critical: 0 },
    },
    { breaks: null, known: [], seesChain: true, store: "read" },
  );
}

/** The record of a conversation that was never held, for chains that come from files. */
function offlineHandshake(input: Pick<JudgeInput, "chain" | "host" | "at">): Handshake {
  return {
    endpoint: { scheme: "tls", host: input.host ?? "offline", port: 443 },
    serverName: input.host,
    address: null,
    dialledPort: 443,
    startedAt: timeText(input.at),
    outcome: "complete",
    stage: "complete",
    ...NOTHING_HEARD,
    certificates: input.chain,
    phases: NO_PHASES,
  };
}
