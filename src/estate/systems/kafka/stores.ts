import { dirname } from "node:path";
import { certificatesFromPem, inlineLocation } from "../certificate-text.ts";
import { anchorsIn, checkStore, ownChain } from "../check-store.ts";
import { javaCipherSuites } from "../cipher-suite-lists.ts";
import { configuredPath } from "../configured-path.ts";
import type { ImportBuilder } from "../import-builder.ts";
import type { Certificate } from "../../../x509/certificate.ts";
import type { ImportedClient, ImportedTruststore } from "../model.ts";
import { placeOf, type Sourced } from "../origin.ts";
import { unresolvedVariable } from "../unresolved-variable.ts";
import type { KafkaSettings } from "./settings.ts";

/** A truststore with what it holds. */
export interface KafkaTruststore {
  readonly store: Omit<ImportedTruststore, "name">;
  readonly anchors: Sourced<readonly Certificate[]>;
}

/** The truststore that settings name, as a file or as PEM in place; null when they name none. */
export async function truststoreOf(
  settings: KafkaSettings,
  builder: ImportBuilder,
): Promise<KafkaTruststore | null> {
  const inline = settings.text("ssl.truststore.certificates");
  if (inline !== null) {
    const certificates = certificatesFromPem(inline.value);
    if (certificates.length > 0)
      return {
        store: {
          paths: certificates.map((each) => ({ ...inline, value: inlineLocation(each) })),
          password: null,
        },
        anchors: { ...inline, value: certificates },
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
  const file = await checkStore(
    { role: "ssl.truststore", path, type, password, alias: null, isTruststore: true },
    builder,
  );
  return {
    store: { paths: [path], password },
    anchors: { ...path, value: anchorsIn(file, "java") },
  };
}

/** What a client or broker authenticates itself with; null when settings name no keystore in a file. */
export async function identityOf(
  settings: KafkaSettings,
  builder: ImportBuilder,
): Promise<Pick<ImportedClient, "identity" | "ownChain">> {
  const inline = settings.text("ssl.keystore.key");
  if (inline !== null) {
    builder.note(
      "The key stands in ssl.keystore.key as text; probes are made without it",
      placeOf(inline),
    );
    return {
      identity: null,
      ownChain: certificatesFromPem(settings.text("ssl.keystore.certificate.chain")?.value ?? ""),
    };
  }
  const path = fileOf("ssl.keystore.location", settings, builder);
  if (path === null) return { identity: null };
  const password = settings.secret("ssl.keystore.password");
  const type = settings.text("ssl.keystore.type");
  const file = await checkStore(
    { role: "ssl.keystore", path, type, password, alias: null, isTruststore: false },
    builder,
  );
  const chain = ownChain(file, null);
  if (type?.value.toUpperCase() === "PEM")
    return {
      ownChain: chain,
      identity: {
        kind: "pem",
        certificate: path,
        key: path,
        password: settings.secret("ssl.key.password"),
      },
    };
  const keyPassword = settings.secret("ssl.key.password");
  return {
    ownChain: chain,
    identity: { kind: "keystore", path, password, keyPassword, alias: null },
  };
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

/** `ssl.cipher.suites`, where it is set. */
export function suitesOf(settings: KafkaSettings): Pick<ImportedClient, "cipherSuites"> {
  const written = settings.text("ssl.cipher.suites");
  const suites = written === null ? null : javaCipherSuites(written.value);
  return written === null || suites === null ? {} : { cipherSuites: { ...written, value: suites } };
}

/** Says that another program than Kafka's own decides about certificates; gives the check that it makes, where it is none. */
export function tellEngine(
  settings: KafkaSettings,
  builder: ImportBuilder,
): Pick<ImportedClient, "peerCheck"> {
  const factory = settings.text("ssl.engine.factory.class");
  if (factory !== null && !factory.value.endsWith(".DefaultSslEngineFactory"))
    builder.note(
      "ssl.engine.factory.class names a class of its own: whether it checks certificates cannot be told",
      placeOf(factory),
    );
  const manager = settings.text("ssl.trustmanager.algorithm");
  if (manager === null || !/insecure|trustall|noop/iu.test(manager.value)) return {};
  builder.issue({
    code: "estate.peer-check-off",
    severity: "warning",
    summary: `ssl.trustmanager.algorithm is ${manager.value}, which checks no certificates`,
    place: placeOf(manager),
    remedy: ["ssl.trustmanager.algorithm=PKIX"],
  });
  return { peerCheck: { ...manager, value: "none" } };
}
