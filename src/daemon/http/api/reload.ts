import * as z from "zod";
import { fail, ok } from "../../../x509/result.ts";
import { refusal } from "../problem.ts";
import { operation, type Operation } from "./operation.ts";
import type { ApiSources } from "./sources.ts";

/** Loads the estate again, whole or not at all. */
export const reloadOperations = ({ reload }: ApiSources): readonly Operation[] => [
  operation({
    id: "reload",
    method: "POST",
    path: "/api/v1/reload",
    role: "operate",
    summary: "Load the estate and its files again; when they are wrong, the old state goes on",
    problems: ["reload-refused"],
    response: z.strictObject({ status: z.literal("loaded") }),
    handle: async () =>
      (await reload())
        ? ok({ kind: "json", value: { status: "loaded" } })
        : fail(
            refusal(
              "reload-refused",
              "The estate or a file that it names is wrong, and the old state goes on; /healthz says why",
            ),
          ),
  }),
];
