import { type Command, InvalidArgumentError } from "commander";
import type { Assessment } from "../diagnosis/assessment.ts";
import type { KnownIssuer } from "../diagnosis/comparison/known-issuer.ts";

/** Option that says whether missing CA certificates are looked for. */
export interface IssuerOptions {
  readonly issuers?: "fetch" | "fetch-internal";
}

/** Adds `--issuers` to a command that may use the network. */
export function addIssuerOption(command: Command): Command {
  return command.option(
    "--issuers <how>",
    "fetch: get missing CA certificates from where the others say (AIA); fetch-internal: from private networks too",
    (value) => {
      if (value === "fetch" || value === "fetch-internal") return value;
      throw new InvalidArgumentError("Expected fetch or fetch-internal");
    },
  );
}

const TIMEOUT = 10_000;

/** Fetches the issuers that chains lack from the URLs that their certificates name; none where nothing is missing. */
export async function fetchMissingIssuers(
  assessments: readonly Assessment[],
  how: NonNullable<IssuerOptions["issuers"]>,
): Promise<readonly KnownIssuer[]> {
  const tops = new Map(
    assessments
      .flatMap(({ verdict }) => (verdict?.trusted === false ? verdict.candidates : []))
      .filter(({ end }) => end === "issuer-unknown")
      .flatMap(({ nodes }) => nodes.at(-1)?.certificate ?? [])
      .map((certificate) => [certificate.sha256, certificate]),
  );
  if (tops.size === 0) return [];
  const { fetchIssuers } = await import("../probe/investigation/fetch-issuers.ts");
  const { readSignedData } = await import("../truststore/signed-data.ts");
  const { issuers } = await fetchIssuers([...tops.values()], {
    policy: how === "fetch" ? "public" : "internal",
    timeoutMs: TIMEOUT,
    unpack: (bytes) => {
      try {
        return readSignedData(bytes).certificates;
      } catch {
        return [];
      }
    },
  });
  return issuers.map(({ certificate, url }) => ({ certificate, how: "fetched", where: url }));
}
