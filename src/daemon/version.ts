import { readFileSync } from "node:fs";
import * as z from "zod";

const Manifest = z.object({ version: z.string() });

/** Versions of the program, the runtime and its TLS library. */
export interface VersionInfo {
  readonly version: string;
  readonly node: string;
  readonly openssl: string;
}

/** Reads the program's version from its package, and the others from the runtime. */
export function versionInfo(): VersionInfo {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  );
  const { node, openssl } = process.versions;
  return { version: Manifest.parse(manifest).version, node, openssl };
}
