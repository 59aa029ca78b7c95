import { basename, dirname } from "node:path";
import { fail, ok } from "../../../x509/result.ts";
import { dialledUrl, endpointName } from "../dialled-url.ts";
import { ImportBuilder } from "../import-builder.ts";
import { javaProfile } from "../java/options.ts";
import { byDefault, derived, placeOf } from "../origin.ts";
import type { SystemImporter } from "../system-importer.ts";
import { SpringApplication } from "./application.ts";
import { addBundles } from "./bundles.ts";
import { readSpring } from "./read-properties.ts";
import { addServer } from "./server.ts";

/** Spring Boot: `application.properties` and `application.yml` with profiles, `server.ssl` and SSL bundles. */
export const SPRING_BOOT: SystemImporter = {
  system: "spring-boot",
  title: "Spring Boot",
  expects: "folder with application.properties or application.yml, or one of them",
  detect: async (path, reader) => {
    if (/^application(?:-[^.]*)?\.(?:properties|ya?ml)$/u.test(basename(path))) return 8;
    for (const name of ["application.properties", "application.yml", "application.yaml"])
      if ((await reader.look(`${path}/${name}`))?.kind === "file") return 8;
    return 0;
  },
  read: async ({ paths, reader, host, environment, version }) => {
    const builder = new ImportBuilder();
    let found = false;
    for (const path of paths) {
      const properties = await readSpring(
        path,
        environment["SPRING_PROFILES_ACTIVE"],
        reader,
        builder,
      );
      if (properties === null) continue;
      found = true;
      const application = new SpringApplication(properties, environment, builder);
      const named = version === null ? null : javaProfile(version);
      const isFolder = (await reader.look(path))?.kind === "folder";
      const context = {
        application,
        builder,
        host,
        base: isFolder ? path : dirname(path),
        profile:
          named === null
            ? byDefault("openjdk-21" as const, "the version of the JVM is not named")
            : derived(named, "the Java version that was named for this import", []),
      };
      await addServer(context);
      await addBundles(context);
      addUrls(application, builder);
    }
    return found
      ? ok(builder.build("spring-boot"))
      : fail(
          builder.failure(`${paths.join(", ")} holds no application.properties or application.yml`),
        );
  },
};

/** URLs of TLS services among the properties: what they are for is the application's own business. */
function addUrls(application: SpringApplication, builder: ImportBuilder): void {
  const skipped = /^(?:spring\.ssl|server|management)\./iu;
  for (const key of application.keys) {
    if (skipped.test(key)) continue;
    const value = application.text(key);
    if (value === null || !/^(?:https|ldaps|wss):\/\//iu.test(value.value)) continue;
    const target = dialledUrl(value.value);
    if (target.kind !== "tls") {
      builder.note(`The URL of ${key} is not understood`, placeOf(value));
      continue;
    }
    builder.endpoint({
      name: endpointName(target.host, target.port),
      direction: "dials",
      url: { ...value, value: target.url },
      serverName: null,
      clientAuth: null,
      labels: {},
    });
    builder.note(
      `Which SSL bundle dials the URL of ${key} is decided in the program; link a client to it`,
      placeOf(value),
    );
  }
}
