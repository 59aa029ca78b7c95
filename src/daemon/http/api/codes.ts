import * as z from "zod";
import { CASE_IDS, CATALOGUE } from "../../../diagnosis/catalogue.ts";
import { FINDING_CODES } from "../../../diagnosis/finding-codes.ts";
import { fail, ok } from "../../../x509/result.ts";
import { findingPage } from "../../finding-page.ts";
import { refusal } from "../problem.ts";
import { operation, type Operation } from "./operation.ts";
import { named } from "./schemas.ts";

const CodePage = named(
  "CodePage",
  z.strictObject({
    code: z.enum(FINDING_CODES),
    title: z.string(),
    cases: z.array(z.enum(CASE_IDS)).describe("Cases of the failure catalogue"),
    page: z.string().nullable().describe("Markdown; null where the pages are not installed"),
  }),
);

/** What the codes of findings mean. */
export const codeOperations = (): readonly Operation[] => [
  operation({
    id: "getCode",
    path: "/api/v1/codes/{code}",
    summary: "What a finding code means: its page, with the situations and the repair",
    params: { code: z.string().max(100) },
    problems: ["not-found"],
    response: CodePage,
    handle: async ({ params }) => {
      const code = FINDING_CODES.find((each) => each === params.code);
      if (code === undefined) return fail(refusal("not-found", "No finding has this code"));
      const { title, cases } = CATALOGUE[code];
      const page = await findingPage(code);
      return ok({ kind: "json", value: { code, title, cases: [...cases], page } });
    },
  }),
];
