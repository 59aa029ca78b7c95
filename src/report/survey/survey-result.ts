import type { Finding } from "../../diagnosis/finding.ts";
import type { GuidelineRating } from "../../diagnosis/survey/rate-survey.ts";
import type { AddressSurvey, Survey } from "../../probe/survey/survey-record.ts";
import type { ResultCode } from "../exit-code.ts";

/** What a survey found at one address, judged. */
export interface AddressResult {
  readonly survey: AddressSurvey;
  readonly findings: readonly Finding[];
  /** Empty where nothing could be asked. */
  readonly ratings: readonly GuidelineRating[];
}

/** A survey of one target, judged. */
export interface SurveyResult {
  /** As written on the command line. */
  readonly target: string;
  readonly survey: Survey;
  readonly addresses: readonly AddressResult[];
  /** What concerns several addresses. */
  readonly findings: readonly Finding[];
  readonly code: ResultCode;
}

/** Every finding about a target, those about several addresses first. */
export function findingsOf({ findings, addresses }: SurveyResult): readonly Finding[] {
  return [...findings, ...addresses.flatMap((address) => address.findings)];
}
