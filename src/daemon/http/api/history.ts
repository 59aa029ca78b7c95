import * as z from "zod";
import { Sha256 } from "../../../report/schemas.ts";
import { fail, ok } from "../../../x509/result.ts";
import {
  endpointCertificates,
  linkTimeline,
  type TimelinePart,
  type TimelineVerdict,
} from "../../history-timelines.ts";
import { timeText } from "../../link-json.ts";
import { refusal } from "../problem.ts";
import { LINK_PARAMS } from "./links.ts";
import { operation, type Operation } from "./operation.ts";
import { named, OptionalTime, VerdictSchema } from "./schemas.ts";
import type { ApiSources } from "./sources.ts";

/** The history cannot be read; `/healthz` says why. */
export const HISTORY_UNAVAILABLE = refusal(
  "history-unavailable",
  "The history cannot be read; /healthz says why",
);

const DEFAULT_LIMIT = 100;

/** What a part of a time line is asked for with. */
export const TIMELINE_QUERY = {
  limit: z.coerce.number().int().min(1).max(500).describe("Default: 100").optional(),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, "Expected the field next of the page before")
    .describe("The field next of the page before")
    .optional(),
} as const;

const SeenCertificate = named(
  "SeenCertificate",
  z.strictObject({
    address: z.string(),
    sha256: Sha256,
    firstSeen: OptionalTime,
    lastSeen: OptionalTime,
  }),
);

/** What was: time lines from the history. What the estate no longer has can still be asked for. */
export const historyOperations = ({ readHistory }: ApiSources): readonly Operation[] => [
  operation({
    id: "getLinkHistory",
    path: "/api/v1/links/{client}/{endpoint}/history",
    summary: "What a client made of an endpoint, latest first",
    params: LINK_PARAMS,
    query: TIMELINE_QUERY,
    problems: ["history-unavailable"],
    response: z.strictObject({ history: z.array(VerdictSchema), next: z.string().optional() }),
    handle: ({ params, query }) => {
      const part = partOf(query);
      const rows = readHistory((database) => linkTimeline(database, params, part));
      if (rows === undefined) return fail(HISTORY_UNAVAILABLE);
      return ok({
        kind: "list",
        head: {},
        name: "history",
        items: rows,
        show: verdictToJson,
        next: nextOf(rows, part),
      });
    },
  }),
  operation({
    id: "getEndpointHistory",
    path: "/api/v1/endpoints/{endpoint}/history",
    summary: "Certificates that an endpoint sent, the newest first",
    params: { endpoint: z.string() },
    query: TIMELINE_QUERY,
    problems: ["history-unavailable"],
    response: z.strictObject({ history: z.array(SeenCertificate), next: z.string().optional() }),
    handle: ({ params, query }) => {
      const part = partOf(query);
      const rows = readHistory((database) => endpointCertificates(database, params.endpoint, part));
      if (rows === undefined) return fail(HISTORY_UNAVAILABLE);
      const show = ({
        address,
        sha256,
        firstSeen,
        lastSeen,
      }: (typeof rows)[number]): z.infer<typeof SeenCertificate> => ({
        address,
        sha256,
        firstSeen: timeText(firstSeen),
        lastSeen: timeText(lastSeen),
      });
      const next = nextOf(rows, part);
      return ok({ kind: "list", head: {}, name: "history", items: rows, show, next });
    },
  }),
];

/** The part of a time line that is asked for. */
export const partOf = ({
  limit,
  cursor,
}: {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}): TimelinePart => ({
  before: cursor === undefined ? null : Number(cursor),
  limit: limit ?? DEFAULT_LIMIT,
});

/** Cursor of the part after these rows; null for the last. */
export const nextOf = (
  rows: readonly { readonly row: number }[],
  { limit }: TimelinePart,
): string | null => (rows.length < limit ? null : String(rows.at(-1)?.row ?? 0));

function verdictToJson(verdict: TimelineVerdict): z.infer<typeof VerdictSchema> {
  const { state, trusted, nameMatch, chain, findings } = verdict;
  return {
    state,
    since: timeText(verdict.since),
    firstSeen: timeText(verdict.firstSeen),
    lastSeen: timeText(verdict.lastSeen),
    breaksAt: timeText(verdict.breaksAt),
    trusted,
    nameMatch,
    chain,
    findings,
  };
}
