import * as z from "zod";
import type { Assessment } from "../../../diagnosis/assessment.ts";
import { drawnPaths } from "../../../report/check/drawn-path.ts";
import { sentChain } from "../../../report/check/sent-chain.ts";
import { storeHoldings } from "../../../report/check/store-holdings.ts";
import { Sha256, Time } from "../../../report/schemas.ts";
import type { Certificate } from "../../../x509/certificate.ts";
import { timeText } from "../../link-json.ts";
import { OptionalTime } from "./schemas.ts";

const OptionalText = z.string().nullable();
const Texts = z.array(z.string());

/** Fields by which the ways that were tried can be drawn. */
export const DRAWN_JUDGEMENT = {
  judgedAt: Time,
  address: OptionalText.describe("The address that counts"),
  sent: z
    .array(
      z.strictObject({
        position: z.int().describe("0 is sent first"),
        sha256: Sha256.nullable().describe("Null where it cannot be read"),
        role: z.enum(["leaf", "issuer", "repeated", "stray", "unreadable"]),
        note: OptionalText,
      }),
    )
    .describe("As sent, in order"),
  stores: z
    .strictObject({ names: Texts, anchors: z.int() })
    .nullable()
    .describe("Null where a truststore cannot be read or no certificate was received"),
  held: z
    .array(
      z.strictObject({
        sha256: Sha256,
        store: z.string(),
        path: OptionalText,
        alias: OptionalText,
      }),
    )
    .describe("What the truststores hold of the paths"),
  certificates: z
    .array(
      z.strictObject({
        sha256: Sha256,
        subject: z.string(),
        issuer: z.string(),
        notBefore: OptionalTime,
        notAfter: OptionalTime,
      }),
    )
    .describe("Every certificate that the other fields name"),
  paths: z
    .array(
      z.strictObject({
        isAccepted: z.boolean(),
        end: OptionalText.describe("What is missing above the last; null where that is the anchor"),
        steps: z.array(
          z.strictObject({
            sha256: Sha256,
            faults: Texts.describe("Of the certificate"),
            edgeFaults: Texts.describe("Of the step to the next one"),
          }),
        ),
      }),
    )
    .describe("The accepted or nearest one first"),
  pathCount: z.int().describe("Those that are left out included"),
} as const;

type Drawn = z.infer<z.ZodObject<typeof DRAWN_JUDGEMENT>>;

/** Most certificates of a chain that are told. */
const MAX_SENT = 32;

/** An assessment as it can be drawn. @param at milliseconds since 1970 */
export function drawnJudgement(assessment: Assessment, at: number): Drawn {
  const sent = sentChain(assessment.handshake.certificates).slice(0, MAX_SENT);
  const holdings = storeHoldings(assessment);
  const { paths, total } = drawnPaths(assessment);
  const certificates = new Map<string, Certificate>();
  for (const { certificate } of [
    ...sent,
    ...(holdings?.relevant ?? []),
    ...paths.flatMap(({ steps }) => steps),
  ])
    if (certificate !== null) certificates.set(certificate.sha256, certificate);
  return {
    judgedAt: new Date(at).toISOString(),
    address: assessment.handshake.address,
    sent: sent.map(({ position, certificate, role }) => ({
      position,
      sha256: certificate?.sha256 ?? null,
      role: role.kind,
      note: role.kind === "unreadable" ? role.message : null,
    })),
    stores: holdings === null ? null : { names: [...holdings.stores], anchors: holdings.total },
    held: (holdings?.relevant ?? []).map(({ certificate, store, file, alias }) => ({
      sha256: certificate.sha256,
      store: store.name,
      path: file,
      alias,
    })),
    certificates: [...certificates.values()].map(
      ({ sha256, subject, issuer, notBefore, notAfter }) => ({
        sha256,
        subject: subject.text,
        issuer: issuer.text,
        notBefore: timeText(notBefore),
        notAfter: timeText(notAfter),
      }),
    ),
    paths: paths.map(({ steps, end, isAccepted }) => ({
      isAccepted,
      end,
      steps: steps.map(({ certificate: { sha256 }, faults, edgeFaults }) => ({
        sha256,
        faults: [...faults],
        edgeFaults: [...edgeFaults],
      })),
    })),
    pathCount: total,
  };
}
