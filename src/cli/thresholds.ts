import type { Thresholds } from "../diagnosis/assessment.ts";

const DAY = 86_400_000;

/** From when an expiry is reported where no estate says it. */
export const DEFAULT_THRESHOLDS: Thresholds = { warning: 30 * DAY, critical: 7 * DAY };
