import type { Certificate } from "../../x509/certificate.ts";
import { parseCrl } from "../../x509/crl.ts";
import { crlDistributionPoints } from "../../x509/distribution-points.ts";
import { authorityInfoAccess, valueOf } from "../../x509/extensions.ts";
import type { GeneralName } from "../../x509/general-name.ts";
import { encodeOcspRequest } from "../../x509/ocsp-request.ts";
import { parseOcspResponse } from "../../x509/ocsp.ts";
import { AccessMethod } from "../../x509/oids.ts";
import { readPemBlocks } from "../../x509/pem.ts";
import type { Result } from "../../x509/result.ts";
import type { AddressPolicy } from "./address-policy.ts";
import type { EvidenceCache } from "./evidence-cache.ts";
import { type FetchError, httpFetch, type HttpRequest } from "./http-fetch.ts";

/** A certificate whose status is asked for, with the one that issued it. */
export interface IssuedCertificate {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
}

/** What was fetched for a path, DER, and what could not be had. */
export interface FetchedEvidence {
  readonly crls: readonly Uint8Array[];
  readonly ocspResponses: readonly Uint8Array[];
  readonly failures: readonly FetchError[];
}

/** Circumstances of fetching. */
export interface FetchContext {
  readonly policy: AddressPolicy;
  /** For each request, in milliseconds. */
  readonly timeoutMs: number;
  readonly cache: EvidenceCache;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const MAX_REQUESTS = 16;
const MAX_LIST = 64 << 20;
const MAX_RESPONSE = 1 << 20;
/** How long an answer is kept that does not say when the next one comes. */
const DEFAULT_LIFETIME = 3_600_000;

/** One thing to ask for. */
interface Question {
  readonly kind: "crl" | "ocsp";
  readonly key: string;
  readonly request: HttpRequest;
}

/**
 * Fetches revocation lists and OCSP responses for the certificates of a path, from the URLs that they name; each
 * once, at most 16, and from the cache what is still current. What is fetched is not verified here.
 */
export async function fetchEvidence(
  path: readonly IssuedCertificate[],
  context: FetchContext,
): Promise<FetchedEvidence> {
  const questions = new Map(
    path.flatMap(questionsAbout).map((question) => [question.key, question]),
  );
  const asked = [...questions.values()].slice(0, MAX_REQUESTS);
  const answers = await Promise.all(asked.map((question) => ask(question, context)));
  const crls: Uint8Array[] = [];
  const ocspResponses: Uint8Array[] = [];
  const failures: FetchError[] = [];
  for (const [index, answer] of answers.entries()) {
    if (!answer.ok) failures.push(answer.error);
    else (asked[index]?.kind === "crl" ? crls : ocspResponses).push(answer.value);
  }
  return { crls, ocspResponses, failures };
}

function questionsAbout({ certificate, issuer }: IssuedCertificate): readonly Question[] {
  const points = valueOf(crlDistributionPoints(certificate)) ?? [];
  const lists = points
    .flatMap(({ name }) => (name?.kind === "full" ? name.names : []))
    .flatMap(httpUrl);
  const responders = (valueOf(authorityInfoAccess(certificate)) ?? [])
    .filter(({ method }) => method === AccessMethod.ocsp)
    .flatMap(({ location }) => httpUrl(location));
  const body = {
    bytes: encodeOcspRequest(certificate, issuer),
    type: "application/ocsp-request",
  };
  return [
    // one responder answers for all, and lists at several places are the same
    ...responders.slice(0, 1).map((url): Question => ({
      kind: "ocsp",
      key: `${url} ${certificate.sha256}`,
      request: { url, body },
    })),
    ...lists.map((url): Question => ({ kind: "crl", key: url, request: { url, body: null } })),
  ];
}

function httpUrl(name: GeneralName): readonly string[] {
  return name.kind === "uri" && /^https?:\/\//i.test(name.value) ? [name.value] : [];
}

async function ask(
  { kind, key, request }: Question,
  { policy, timeoutMs, cache, now }: FetchContext,
): Promise<Result<Uint8Array, FetchError>> {
  const known = cache.get(key, now);
  if (known !== undefined) return { ok: true, value: known };
  const maxOctets = kind === "crl" ? MAX_LIST : MAX_RESPONSE;
  const fetched = await httpFetch(request, { policy, timeoutMs, maxOctets });
  if (!fetched.ok) return fetched;
  const bytes = kind === "crl" ? withoutArmour(fetched.value) : fetched.value;
  const until = kind === "crl" ? endOfList(bytes) : endOfResponse(bytes);
  // what does not parse is not kept: the next one may
  if (until !== null) cache.set(key, bytes, Math.min(until, now + 24 * DEFAULT_LIFETIME));
  return { ok: true, value: bytes };
}

/** Some servers give lists as PEM although RFC 5280 section 4.2.1.13 asks for DER. */
function withoutArmour(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === 0x30) return bytes;
  const blocks = readPemBlocks(Buffer.from(bytes).toString("latin1"));
  return (blocks.ok ? blocks.value[0]?.der : undefined) ?? bytes;
}

function endOfList(bytes: Uint8Array): number | null {
  const parsed = parseCrl(bytes);
  if (!parsed.ok) return null;
  return parsed.value.nextUpdate ?? parsed.value.thisUpdate + DEFAULT_LIFETIME;
}

function endOfResponse(bytes: Uint8Array): number | null {
  const parsed = parseOcspResponse(bytes);
  if (!parsed.ok || parsed.value.kind === "error") return null;
  const ends = parsed.value.responses.map(
    ({ thisUpdate, nextUpdate }) => nextUpdate ?? thisUpdate + DEFAULT_LIFETIME,
  );
  return ends.length === 0 ? null : Math.min(...ends);
}
