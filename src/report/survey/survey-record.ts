import { MOZILLA_GUIDELINE } from "../../diagnosis/survey/guideline.ts";
import { leavesOf } from "../../diagnosis/survey/rate-survey.ts";
import { hex16 } from "../../probe/tls/versions.ts";
import { certificateRecord, findingRecord } from "../check-record.ts";
import type { AddressResult, SurveyResult } from "./survey-result.ts";
import type { z } from "zod";
import type { SURVEY_RECORD_SCHEMA } from "./survey-schema.ts";

type Immutable<T> = T extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Immutable<T[Key]> }
    : T;

/** A line of `survey --format ndjson`: one target. */
export type SurveyRecord = Immutable<z.infer<typeof SURVEY_RECORD_SCHEMA>>;

/** The machine-readable form of a survey. */
export function surveyRecord(result: SurveyResult): SurveyRecord {
  const { target, survey, addresses, findings, code } = result;
  return {
    target,
    serverName: survey.serverName,
    startedAt: survey.startedAt,
    guideline: { title: MOZILLA_GUIDELINE.title, version: MOZILLA_GUIDELINE.version },
    addresses: addresses.map(addressRecord),
    findings: findings.map(findingRecord),
    exitCode: code,
  };
}

function addressRecord({
  survey,
  findings,
  ratings,
}: AddressResult): SurveyRecord["addresses"][number] {
  const { groups, signatureSchemes, tolerances, clients, alpn, features } = survey;
  return {
    address: survey.address,
    port: survey.port,
    failure: survey.failure,
    connections: survey.connections,
    durationMs: Math.round(survey.durationMs),
    versions: survey.versions.map(({ version, state, failure, cipherSuites, preference }) => ({
      version,
      state,
      failure,
      preference,
      cipherSuites: cipherSuites.map(({ code, name, keyExchange }) => ({
        code: hex16(code),
        name,
        keyExchange:
          keyExchange === null
            ? null
            : { kind: keyExchange.kind, group: keyExchange.group, bits: keyExchange.bits },
      })),
    })),
    groups,
    signatureSchemes,
    alpn,
    features,
    tolerances,
    clients,
    keyTypes: [...new Set(leavesOf(survey).map(({ publicKey }) => publicKey.type))],
    chains: survey.chains.map(({ certificates, versions, serverNames }) => ({
      certificates: certificates.map(certificateRecord),
      versions,
      serverNames,
    })),
    ratings,
    findings: findings.map(findingRecord),
  };
}
