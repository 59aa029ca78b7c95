import * as z from "zod";
import { explainText } from "../../../diagnosis/explain/explain.ts";
import { explainDocument } from "../../../report/explain/explain-record.ts";
import { EXPLAIN_DOCUMENT_SCHEMA } from "../../../report/explain/explain-schema.ts";
import { ok } from "../../../x509/result.ts";
import { findLink } from "../../../estate/find-link.ts";
import { operation, type Operation } from "./operation.ts";
import { named } from "./schemas.ts";
import type { ApiSources } from "./sources.ts";

const MAX_TEXT = 2 ** 19;

/** What an error text or a log means, with the link of the estate that it is about. */
export const explainOperations = ({ inventory }: ApiSources): readonly Operation[] => [
  operation({
    id: "explain",
    method: "POST",
    path: "/api/v1/explain",
    summary: "What an error text or a log means: causes, most likely first, and the remedy",
    body: z.strictObject({ text: z.string().min(1).max(MAX_TEXT) }),
    // every character may be written as an escape of six
    bodyLimit: 6 * MAX_TEXT + 100,
    response: named("Explanation", EXPLAIN_DOCUMENT_SCHEMA),
    handle: ({ body: { text } }) => {
      const explanation = explainText(text);
      const { estate } = inventory();
      const problems = explanation.problems.map((problem) => {
        const link = findLink(estate, { ...problem.facts, profile: problem.check.profile });
        return {
          problem,
          link:
            link === null
              ? null
              : { client: link.client?.name ?? null, endpoint: link.endpoint.name },
          checked: null,
        };
      });
      const exitCode = problems.length > 0 ? 2 : 0;
      return ok({ kind: "json", value: explainDocument({ explanation, problems, exitCode }) });
    },
  }),
];
