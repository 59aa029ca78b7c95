import { join } from "node:path";
import type { Test } from "tap";
import type { IssuedCertificate } from "../../../src/cli/demo/certificate.ts";
import { loadInventory } from "../../../src/daemon/inventory.ts";
import { systemReaders } from "../../../src/daemon/system-readers.ts";
import { formatProblem } from "../../../src/estate/estate.ts";
import { loadSourcedEstate, type SourcedEstate } from "../../../src/estate/load-estate.ts";
import { checkEstate, type EstateCheck } from "../../../src/links/estate-check/check-estate.ts";
import type { AnchorUse } from "../../../src/links/estate-check/unused-anchors.ts";
import { fixtureFolder, type FixtureFiles } from "../systems/import-files.ts";

/** A certificate's private key as PEM. */
export const keyPem = ({ key }: IssuedCertificate): string =>
  key.privateKey.export({ type: "pkcs8", format: "pem" }).toString();

/** Writes files and loads their `anchorwatch.yaml` with its sources. */
export async function estateFolder(
  t: Test,
  files: FixtureFiles,
): Promise<SourcedEstate & { readonly folder: string }> {
  const folder = fixtureFolder(t, files);
  const loaded = await loadSourcedEstate(join(folder, "anchorwatch.yaml"));
  if (!loaded.ok) throw new Error(loaded.error.map(formatProblem).join("\n"));
  return { ...loaded.value, folder };
}

/** Checks an estate that was loaded, and shortens the paths of its places. */
export async function checkFolder(
  { estate, sources, folder }: SourcedEstate & { readonly folder: string },
  at: number,
  use: AnchorUse | null = null,
): Promise<EstateCheck & { readonly lines: readonly string[] }> {
  const { truststores, clients } = await loadInventory(estate, systemReaders);
  const check = checkEstate({
    estate,
    sources,
    truststores,
    clients,
    unusable: [],
    anchorUse: use,
    at,
  });
  const lines = check.findings.map(({ code, severity, part, place }) => {
    const where = place === null ? "-" : `${place.file}:${place.line}:${place.column}`;
    return `${severity} ${code} ${part.kind} ${part.name} @${where}`.replaceAll(`${folder}/`, "");
  });
  return { ...check, lines };
}
