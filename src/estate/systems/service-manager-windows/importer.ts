import { basename, dirname, join } from "node:path";
import { fail, ok } from "../../../x509/result.ts";
import { checkStore } from "../check-store.ts";
import { configuredPath } from "../configured-path.ts";
import { ImportBuilder } from "../import-builder.ts";
import { byDefault, derived, type Place, type Sourced, written } from "../origin.ts";
import { parseProperties, type Property } from "../properties/parse-properties.ts";
import type { SourceReader } from "../source-reader.ts";
import type { SystemImporter } from "../system-importer.ts";

const PREFERENCES = "com.hp.ov.sm.client.eclipse.base.prefs";

/** Where the preferences stand below a workspace of Eclipse. */
const BELOW_WORKSPACE = join(".metadata", ".plugins", "org.eclipse.core.runtime", ".settings");

/** The Windows (Eclipse) client of Service Manager: its preferences in the workspace. */
export const SERVICE_MANAGER_WINDOWS: SystemImporter = {
  system: "service-manager-windows",
  title: "Service Manager Windows client",
  expects: `workspace of the client, or its ${PREFERENCES}`,
  detect: async (path, reader) => ((await preferencesFile(path, reader)) === null ? 0 : 9),
  read: async ({ paths, reader }) => {
    const builder = new ImportBuilder();
    let found = false;
    for (const path of paths) {
      const file = await preferencesFile(path, reader);
      if (file === null) continue;
      const source = await reader.read(file, "latin-1");
      if (!source.ok) {
        builder.unreadable(source.error, null);
        continue;
      }
      found = true;
      await derive(parseProperties(source.value), file, builder);
    }
    return found
      ? ok(builder.build("windows-client"))
      : fail(
          builder.failure(
            `${paths.join(", ")} holds no readable ${PREFERENCES}; a workspace of the Windows client was expected`,
          ),
        );
  },
};

async function preferencesFile(path: string, reader: SourceReader): Promise<string | null> {
  if (basename(path).endsWith(".prefs") && (await reader.look(path))?.kind === "file") return path;
  for (const folder of [
    path,
    join(path, BELOW_WORKSPACE),
    join(path, "workspace", BELOW_WORKSPACE),
  ]) {
    const file = join(folder, PREFERENCES);
    if ((await reader.look(file))?.kind === "file") return file;
  }
  return null;
}

/** The last preference whose name has a word of one kind in it; names differ between versions of the client. */
function preference(properties: readonly Property[], wanted: RegExp): Sourced<string> | null {
  const found = properties.findLast(
    ({ key, value }) => wanted.test(key) && !/pass|pwd/iu.test(key) && value !== "",
  );
  return found === undefined ? null : written(found.value, found.place);
}

async function derive(
  properties: readonly Property[],
  file: string,
  builder: ImportBuilder,
): Promise<void> {
  const whole: Place = { file, line: 1, column: 1, at: "preferences" };
  const base = dirname(file);
  const absolute = (value: Sourced<string>): Sourced<string> => ({
    ...value,
    value: configuredPath(value.value, base),
  });
  const authorities = preference(properties, /ca_?cert|trust_?store/iu);
  const keystore = preference(properties, /key_?store/iu);
  const encrypted = properties.find(({ key }) => /safePassword/u.test(key));
  if (encrypted !== undefined)
    builder.note(
      "The password of the client's keystore is encrypted (safePassword) in a way that only the client knows; give it in the estate",
      encrypted.place,
    );
  builder.note(
    "Connections of the Windows client are not in its preferences; link the client to the servers",
    whole,
  );
  if (authorities === null) {
    builder.note(
      "No file with CA certificates is set: the client uses the cacerts of the JVM that it brings",
      whole,
    );
    return;
  }
  const path = absolute(authorities);
  const name = builder.truststore({ name: "", paths: [path], password: null });
  await checkStore(
    {
      role: "the CA certificates file",
      path,
      type: null,
      password: null,
      alias: null,
      isTruststore: true,
    },
    builder,
  );
  builder.issue({
    code: "estate.name-check-off",
    severity: "info",
    summary: "The Windows client compares the host name, and a fresh install suppresses the alert",
    place: whole,
    remedy: [
      "Preferences > Service Manager > Security: let the client warn when the certificate does not fit the host",
    ],
  });
  builder.client({
    name: "",
    profile: byDefault("openjdk-17-sunx509", "the client validates with the simple trust manager"),
    trust: [derived(name, "CA certificates file", [whole])],
    nameCheck: byDefault("none", "a fresh install suppresses the alert about the host name", whole),
    identity:
      keystore === null
        ? null
        : {
            kind: "keystore",
            path: absolute(keystore),
            password: null,
            keyPassword: null,
            alias: null,
          },
  });
}
