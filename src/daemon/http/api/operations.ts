import { alertOperations } from "./alerts.ts";
import { certificateOperations } from "./certificates.ts";
import { checkOperations } from "./check.ts";
import { clientOperations } from "./clients.ts";
import { codeOperations } from "./codes.ts";
import { endpointOperations } from "./endpoints.ts";
import { explainOperations } from "./explain.ts";
import { findingOperations } from "./findings.ts";
import { forecastOperations } from "./forecast.ts";
import { historyOperations } from "./history.ts";
import { judgementOperations } from "./judgement.ts";
import { linkOperations } from "./links.ts";
import { notificationOperations } from "./notifications.ts";
import type { Operation } from "./operation.ts";
import { reloadOperations } from "./reload.ts";
import type { ApiSources } from "./sources.ts";
import { truststoreOperations } from "./truststores.ts";
import { whatIfOperations } from "./whatif.ts";

/** Every operation of the API. */
export const apiOperations = (sources: ApiSources): readonly Operation[] => [
  ...linkOperations(sources),
  ...judgementOperations(sources),
  ...endpointOperations(sources),
  ...clientOperations(sources),
  ...certificateOperations(sources),
  ...truststoreOperations(sources),
  ...findingOperations(sources),
  ...codeOperations(),
  ...alertOperations(sources),
  ...notificationOperations(sources),
  ...historyOperations(sources),
  ...forecastOperations(sources),
  ...checkOperations(sources),
  ...explainOperations(sources),
  ...whatIfOperations(sources),
  ...reloadOperations(sources),
];
