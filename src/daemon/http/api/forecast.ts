import * as z from "zod";
import { forecastRecord } from "../../../report/forecast/forecast-record.ts";
import { FORECAST_SCHEMA, FORECAST_WORK_SCHEMA } from "../../../report/forecast/forecast-schema.ts";
import { ok } from "../../../x509/result.ts";
import { Forecasts } from "../../forecasts.ts";
import { operation, type Operation } from "./operation.ts";
import { named } from "./schemas.ts";
import type { ApiSources } from "./sources.ts";

named("PieceOfWork", FORECAST_WORK_SCHEMA);

/** How far ahead is looked where nobody says it, in days. */
const DEFAULT_DAYS = 365;

/** When links will break. */
export function forecastOperations(sources: ApiSources): readonly Operation[] {
  const forecasts = new Forecasts(sources);
  return [
    operation({
      id: "getForecast",
      path: "/api/v1/forecast",
      summary: "When links will break, grouped into the pieces of work that prevent it",
      query: {
        days: z.coerce
          .number()
          .int()
          .min(1)
          .max(36_500)
          .describe(`How far ahead is looked; ${DEFAULT_DAYS} where it is left out`)
          .optional(),
      },
      response: FORECAST_SCHEMA,
      handle: async ({ query }) => {
        const found = await forecasts.ahead(query.days ?? DEFAULT_DAYS);
        return ok({ kind: "json", value: forecastRecord(found) });
      },
    }),
  ];
}
