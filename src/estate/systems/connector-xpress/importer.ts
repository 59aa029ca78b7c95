import { join } from "node:path";
import { fail, ok } from "../../../x509/result.ts";
import { checkStore } from "../check-store.ts";
import { ImportBuilder } from "../import-builder.ts";
import { byDefault, derived, type Place } from "../origin.ts";
import type { SourceReader } from "../source-reader.ts";
import type { SystemImporter } from "../system-importer.ts";

/** Where the truststore of a JVM stands below the folder of an installation. */
const CACERTS = ["jvm/lib/security", "jre/lib/security", "lib/security"] as const;

/** Aliases that the documented procedure for an API Gateway leaves behind. */
const ALIASES = ["API_Gateway_Cert", "eta2_server"] as const;

/** CA Identity Manager Connector Xpress: nothing but the truststore of the JVM that it brings. */
export const CONNECTOR_XPRESS: SystemImporter = {
  system: "connector-xpress",
  title: "CA Identity Manager Connector Xpress",
  expects: "folder of the installation, which holds jvm/lib/security/cacerts",
  detect: async (path, reader) =>
    /connector\s*xpress/iu.test(path) && (await jvmFolder(path, reader)) !== null ? 8 : 0,
  read: async ({ paths, reader }) => {
    for (const path of paths) {
      const found = await jvmFolder(path, reader);
      if (found === null) continue;
      const builder = new ImportBuilder();
      const place: Place = { file: found.store, line: 1, column: 1, at: "truststore of the JVM" };
      const rule = "Connector Xpress uses the truststore of the JVM that it brings";
      const name = builder.truststore({
        name: "",
        paths: [derived(found.store, rule, [place])],
        password: null,
      });
      builder.client({
        name: "",
        profile: byDefault("openjdk-8", "the Java of Connector Xpress 14"),
        trust: [derived(name, rule, [place])],
        nameCheck: byDefault("ldaps", "Java checks the names of LDAPS servers"),
        identity: null,
      });
      for (const alias of ALIASES)
        await checkStore(
          {
            role: "Connector Xpress",
            path: derived(found.store, rule, [place]),
            type: null,
            password: null,
            alias: byDefault(alias, "alias of the documented procedure", place),
            isTruststore: true,
          },
          builder,
        );
      builder.note(
        "Which Provisioning Server and gateway Connector Xpress dials is chosen when it is used; link the client to them",
        place,
      );
      return ok(builder.build("connector-xpress"));
    }
    return fail({
      message: `${paths.join(", ")} holds no jvm/lib/security/cacerts; the folder of Connector Xpress was expected`,
      place: null,
    });
  },
};

/** The truststore that the JVM of an installation reads: `jssecacerts` before `cacerts`. */
async function jvmFolder(
  path: string,
  reader: SourceReader,
): Promise<{ readonly store: string } | null> {
  for (const folder of CACERTS)
    for (const name of ["jssecacerts", "cacerts"]) {
      const store = join(path, folder, name);
      if ((await reader.look(store))?.kind === "file") return { store };
    }
  return null;
}
