import { readFile, stat } from "node:fs/promises";
import { type Command, InvalidArgumentError } from "commander";
import type { Assessment, RevocationFacts } from "../diagnosis/assessment.ts";
import type { AddressPolicy } from "../probe/revocation/address-policy.ts";
import { EvidenceCache } from "../probe/revocation/evidence-cache.ts";
import type { IssuedCertificate } from "../probe/revocation/fetch-evidence.ts";
import { isSignedBy } from "../x509/verify-signature.ts";
import { readEncoded, REVOCATION_LISTS } from "../x509/encoded-text.ts";
import { UsageError } from "./usage-error.ts";

/** Options that say what is known about revocation. */
export interface RevocationOptions {
  readonly crl?: readonly string[];
  readonly revocation?: "fetch" | "fetch-internal";
}

const collect = (value: string, before: readonly string[] | undefined): readonly string[] => {
  if (value === "") throw new InvalidArgumentError("Name a file");
  return [...(before ?? []), value];
};

/** Adds `--crl` to a command. */
export function addListOption(command: Command): Command {
  return command.option(
    "--crl <file>",
    "revocation lists that the client has, PEM or DER (repeatable); it checks with them",
    collect,
  );
}

/** Adds `--revocation` to a command that may use the network. */
export function addFetchOption(command: Command): Command {
  return command.option(
    "--revocation <how>",
    "fetch: ask the CAs' lists and OCSP responders; fetch-internal: those in private networks too",
    (value) => {
      if (value === "fetch" || value === "fetch-internal") return value;
      throw new InvalidArgumentError("Expected fetch or fetch-internal");
    },
  );
}

const MAX_FILE = 256 << 20;

/** Reads the files of `--crl`; undefined without any. @throws {UsageError} */
export async function readLists({ crl }: RevocationOptions): Promise<RevocationFacts | undefined> {
  if (crl === undefined) return undefined;
  const files = await Promise.all(crl.map(readList));
  return { crls: files.flat(), ocspResponses: [], use: "client", unavailable: [] };
}

async function readList(path: string): Promise<readonly Uint8Array[]> {
  let bytes: Buffer;
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE) throw new UsageError(`--crl: ${path} is larger than 256 MiB`);
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const why = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new UsageError(`--crl: ${path} cannot be read (${why})`);
  }
  if (bytes[0] === 0x30) return [bytes];
  const read = readEncoded(bytes.toString("latin1"), REVOCATION_LISTS);
  if (!read.ok) throw new UsageError(`--crl: ${path}: ${read.error}`);
  return read.value;
}

const TIMEOUT = 10_000;
const cache = new EvidenceCache();

/** Fetches lists and responses for the paths of assessments, each once; adds them to what is known already. */
export async function fetchFacts(
  assessments: readonly Assessment[],
  how: NonNullable<RevocationOptions["revocation"]>,
  known: RevocationFacts | undefined,
): Promise<RevocationFacts> {
  const policy: AddressPolicy = how === "fetch" ? "public" : "internal";
  const { fetchEvidence } = await import("../probe/revocation/fetch-evidence.ts");
  const context = { policy, timeoutMs: TIMEOUT, cache, now: Date.now() };
  const fetched = await fetchEvidence(issuedOn(assessments), context);
  return {
    crls: [...(known?.crls ?? []), ...fetched.crls],
    ocspResponses: fetched.ocspResponses,
    use: known?.use ?? "report",
    unavailable: fetched.failures.map(({ url, message }) => ({ url, message })),
  };
}

/** Every certificate of the paths with its issuer, once; pairs that do not belong together are left out. */
function issuedOn(assessments: readonly Assessment[]): readonly IssuedCertificate[] {
  const pairs = new Map<string, IssuedCertificate>();
  for (const { verdict } of assessments) {
    const path = verdict?.path ?? [];
    for (const [depth, certificate] of path.entries()) {
      const issuer = path[depth + 1];
      if (issuer !== undefined && isSignedBy(certificate, issuer))
        pairs.set(`${certificate.sha256} ${issuer.sha256}`, { certificate, issuer });
    }
  }
  return [...pairs.values()];
}
