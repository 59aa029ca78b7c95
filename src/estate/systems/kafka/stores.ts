import { dirname } from "node:path";
import { certificatesFromPem, inlineLocation } from "../certificate-text.ts";
import { checkStore } from "../check-store.ts";
import { configuredPath } from "../configured-path.ts";
import type { ImportBuilder } from "../import-builder.ts";
import type { ImportedIdentity, ImportedTruststore } from "../model.ts";
import { placeOf, type Sourced } from "../origin.ts";
import { unresolvedVariable } from "../unresolved-variable.ts";
import type { KafkaSettings } from "./settings.ts";

/** The truststore that settings name, as a file or as PEM in place; null when they name none. */
export async function truststoreOf(
  settings: KafkaSettings,
  builder: ImportBuilder,
): Promise<Omit<ImportedTruststore, "name"> | null> {
  const inline = settings.text("ssl.truststore.certificates");
  if (inline !== null) {
    const certificates = certificatesFromPem(inline.value);
    if (certificates.length > 0)
      return {
        paths: certificates.map((each) => ({ ...inline, value: inlineLocation(each) })),
        password: null,
      };
    builder.note(
      "ssl.truststore.certificates holds no certificate that can be read",
      placeOf(inline),
    );
    return null;
  }
  const path = fileOf("ssl.truststore.location", settings, builder);
  if (path === null) return null;
  const password = settings.secret("ssl.truststore.password");
  const type = settings.text("ssl.truststore.type");
  await checkStore(
    { role: "ssl.truststore", path, type, password, alias: null, isTruststore: true },
    builder,
  );
  return { paths: [path], password };
}

/** What a client or broker authenticates itself with; null when settings name no keystore in a file. */
export async function identityOf(
  settings: KafkaSettings,
  builder: ImportBuilder,
): Promise<ImportedIdentity | null> {
  const inline = settings.text("ssl.keystore.key");
  if (inline !== null) {
    builder.note(
      "The key stands in ssl.keystore.key as text; probes are made without it",
      placeOf(inline),
    );
    return null;
  }
  const path = fileOf("ssl.keystore.location", settings, builder);
  if (path === null) return null;
  const password = settings.secret("ssl.keystore.password");
  const type = settings.text("ssl.keystore.type");
  await checkStore(
    { role: "ssl.keystore", path, type, password, alias: null, isTruststore: false },
    builder,
  );
  if (type?.value.toUpperCase() === "PEM")
    return {
      kind: "pem",
      certificate: path,
      key: path,
      password: settings.secret("ssl.key.password"),
    };
  const keyPassword = settings.secret("ssl.key.password");
  return { kind: "keystore", path, password, keyPassword, alias: null };
}

function fileOf(
  key: string,
  settings: KafkaSettings,
  builder: ImportBuilder,
): Sourced<string> | null {
  const written = settings.text(key);
  if (written === null) return null;
  const place = placeOf(written);
  if (written.value.includes("${")) {
    unresolvedVariable(key, written.value, place, builder);
    return null;
  }
  const base = place === null ? "/" : dirname(place.file);
  return { ...written, value: configuredPath(written.value, base) };
}
