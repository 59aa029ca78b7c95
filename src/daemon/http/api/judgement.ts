import { setImmediate } from "node:timers/promises";
import * as z from "zod";
import { assess } from "../../../diagnosis/assess.ts";
import type { Assessment } from "../../../diagnosis/assessment.ts";
import { assessLink, type JudgeContext, worstAssessment } from "../../../links/judge-link.ts";
import { PROFILE_NAMES } from "../../../trust/profile-names.ts";
import { fail, ok } from "../../../x509/result.ts";
import type { LoadedClient } from "../../inventory.ts";
import { timeText } from "../../link-json.ts";
import type { Observation } from "../../../links/observation.ts";
import { refusal } from "../problem.ts";
import { drawnJudgement, DRAWN_JUDGEMENT } from "./drawn-judgement.ts";
import { LINK_PARAMS, NO_LINK } from "./links.ts";
import { operation, type Operation } from "./operation.ts";
import { named, OptionalTime, SeveritySchema } from "./schemas.ts";
import type { ApiSources } from "./sources.ts";

const OptionalText = z.string().nullable();

const ProfileVerdict = named(
  "ProfileVerdict",
  z.strictObject({
    profile: z.enum(PROFILE_NAMES),
    isOwn: z.boolean().describe("Whether the client of the link has this profile"),
    ok: z.boolean(),
    trusted: z.boolean().nullable(),
    nameMatch: z.boolean().nullable(),
    code: OptionalText.describe("Of the headline; null where nothing is wrong"),
    severity: SeveritySchema.nullable(),
    headline: OptionalText,
    clientMessage: OptionalText,
    breaksAt: OptionalTime,
  }),
);

const Judgement = named(
  "Judgement",
  z.strictObject({
    ...DRAWN_JUDGEMENT,
    profiles: z
      .array(ProfileVerdict)
      .describe("The same handshake and truststores as clients of every profile would judge them"),
  }),
);

type ProfileVerdictJson = z.infer<typeof ProfileVerdict>;

const NOT_SEEN = refusal("not-found", "The endpoint was not looked at yet");

/** How a verdict came about: the ways that were tried, and what other clients make of the same. */
export const judgementOperations = ({
  state,
  inventory,
  observations,
  clock,
}: ApiSources): readonly Operation[] => [
  operation({
    id: "getJudgement",
    path: "/api/v1/links/{client}/{endpoint}/judgement",
    summary: "How the verdict came about: what was sent, what the stores hold, the tried paths",
    params: LINK_PARAMS,
    problems: ["not-found"],
    response: Judgement,
    handle: async ({ params }) => {
      const { estate, clients, endpoints, truststores } = inventory();
      const client = clients.get(params.client);
      if (client === undefined || state.link(params.client, params.endpoint) === undefined)
        return fail(NO_LINK);
      const seen = observations().get(params.endpoint);
      if (seen === undefined) return fail(NOT_SEEN);
      const context = {
        assess,
        thresholds: estate.thresholds,
        truststores,
        at: clock.wall(),
        endpoint: endpoints.get(params.endpoint)?.endpoint,
      };
      const worst = worstAssessment(assessLink(client, seen, context));
      if (worst === undefined) return fail(NOT_SEEN);
      const profiles = await asEveryProfile(client, seen, context);
      return ok({ kind: "json", value: { ...drawnJudgement(worst, context.at), profiles } });
    },
  }),
];

/** Other work gets its turn between profiles. */
async function asEveryProfile(
  client: LoadedClient,
  { at, handshakes }: Observation,
  context: JudgeContext,
): Promise<readonly ProfileVerdictJson[]> {
  const verdicts: ProfileVerdictJson[] = [];
  for (const profile of PROFILE_NAMES) {
    const isOwn = profile === client.party.profile;
    const party = isOwn ? client.party : { ...client.party, profile, rules: null };
    const worst = worstAssessment(assessLink({ ...client, party }, { at, handshakes }, context));
    if (worst !== undefined) verdicts.push(verdictOf(worst, isOwn));
    await setImmediate();
  }
  return verdicts;
}

function verdictOf(
  { client, ok: works, verdict, findings, breaksAt }: Assessment,
  isOwn: boolean,
): ProfileVerdictJson {
  const told = findings.find(({ severity }) => severity !== "info");
  return {
    profile: client.profile,
    isOwn,
    ok: works,
    trusted: verdict?.trusted ?? null,
    nameMatch: verdict?.nameMatch ?? null,
    code: told?.code ?? null,
    severity: told?.severity ?? null,
    headline: told?.summary ?? null,
    clientMessage:
      findings.find(({ clientMessage }) => clientMessage !== null)?.clientMessage ?? null,
    breaksAt: timeText(breaksAt),
  };
}
