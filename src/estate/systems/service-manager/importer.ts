import { fail, ok } from "../../../x509/result.ts";
import type { StoreFile } from "../../../truststore/truststore.ts";
import { matchHostName } from "../../../trust/strict/host-name.ts";
import type { Certificate } from "../../../x509/certificate.ts";
import { anchorsIn, checkStore, ownChain } from "../check-store.ts";
import { javaCipherSuites } from "../cipher-suite-lists.ts";
import { configuredPath } from "../configured-path.ts";
import { serviceUrl } from "../dialled-url.ts";
import { attributesOf } from "../distinguished-name.ts";
import { ImportBuilder } from "../import-builder.ts";
import { javaProtocols } from "../java-protocols.ts";
import { listenerHost } from "../listener.ts";
import { addJavaClient, javaOption } from "../java/options.ts";
import { byDefault, derived, placeOf, type Sourced } from "../origin.ts";
import type { SystemImporter } from "../system-importer.ts";
import { checkModes, modeOf } from "./check-modes.ts";
import type { ServiceManagerProcess } from "./process.ts";
import { readServiceManager, runFolder } from "./read-processes.ts";

/** HP, Micro Focus and OpenText Service Manager: the server, `RUN/sm.ini` and `RUN/sm.cfg`. */
export const SERVICE_MANAGER: SystemImporter = {
  system: "service-manager",
  title: "Service Manager server",
  expects: "RUN folder of the server, or its sm.ini",
  detect: async (path, reader) => ((await runFolder(path, reader)) === null ? 0 : 9),
  read: async ({ paths, reader, host }) => {
    const builder = new ImportBuilder();
    const stores = new Map<string, Promise<StoreFile | null>>();
    const clients = new Set<string>();
    let found = false;
    for (const path of paths) {
      const server = await readServiceManager(path, reader, builder);
      if (server === null) continue;
      found = true;
      const issued = new Set<string>();
      for (const process of server.processes) {
        await addJvm(process, server.run, clients, builder);
        const held = await addStores(process, server.run, stores, builder);
        addListener(process, host, held, builder);
        // what stands in sm.ini is wrong once, not once a process
        const once = new ImportBuilder();
        checkModes(process, once);
        for (const issue of once.build("").issues) {
          const key = JSON.stringify([issue.summary, issue.place]);
          if (issued.has(key)) continue;
          issued.add(key);
          builder.issue(issue);
        }
      }
    }
    return found
      ? ok(builder.build("service-manager"))
      : fail(
          builder.failure(
            `${paths.join(", ")} holds neither sm.ini nor sm.cfg; the RUN folder of a Service Manager server was expected`,
          ),
        );
  },
};

/** The client that the JVM of a process is where `JVMOption` names a truststore; what it dials stands elsewhere. */
async function addJvm(
  process: ServiceManagerProcess,
  run: string,
  known: Set<string>,
  builder: ImportBuilder,
): Promise<void> {
  const options = process.javaOptions;
  const trust = javaOption(options, "javax.net.ssl.trustStore");
  if (trust === null) return;
  const key = JSON.stringify(options.map(({ name, value }) => [name, value]));
  if (known.has(key)) return;
  known.add(key);
  const place = placeOf(trust) ?? process.place;
  const profile = byDefault("openjdk-8" as const, "the Java of Service Manager 9", place);
  await addJavaClient(options, { base: run, profile, name: "jvm", place }, builder);
  builder.note(
    "What Service Manager dials is in its database, not in these files; link the client of its JVM to it",
    place,
  );
}

function addListener(
  process: ServiceManagerProcess,
  host: string | null,
  { own, authorities }: HeldCertificates,
  builder: ImportBuilder,
): void {
  const { hasTls, clientAuth } = modeOf(process);
  const http = process.number("httpPort", 13080);
  if (!hasTls) {
    builder.note(
      `The process on port ${http.value} listens without TLS (sslConnector:0)`,
      process.place,
    );
    return;
  }
  if (process.isLoadBalancer && process.parameter("httpsPort") === null)
    builder.note(
      "The load balancer has no httpsPort of its own; the default is taken",
      process.place,
    );
  const port = process.number("httpsPort", 13443);
  const place = placeOf(port) ?? process.place;
  const at = listenerHost({ named: [], address: null, host, place }, builder);
  const protocols = process.text("sslEnabledProtocols") ?? process.text("sslProtocols");
  const ciphers = process.text("ciphers");
  const suites = ciphers === null ? null : javaCipherSuites(ciphers.value);
  checkName(own, host, process, builder);
  builder.endpoint({
    name: `https-${port.value}`,
    direction: "listens",
    url: { ...port, value: serviceUrl("https", at.value, port.value) },
    serverName: null,
    clientAuth: { ...clientAuth, value: clientAuth.value > 0 ? "required" : "none" },
    labels: process.isLoadBalancer ? { role: "load-balancer" } : {},
    ...(protocols === null
      ? {}
      : { protocols: { ...protocols, value: javaProtocols(protocols.value) } }),
    ...(ciphers === null || suites === null ? {} : { cipherSuites: { ...ciphers, value: suites } }),
    ownChain: own,
    ...(authorities === null || clientAuth.value === 0 ? {} : { clientAuthorities: authorities }),
  });
}

/** Says that the server's certificate has another name than the host by which clients reach it. */
function checkName(
  [leaf]: readonly Certificate[],
  host: string | null,
  process: ServiceManagerProcess,
  builder: ImportBuilder,
): void {
  if (leaf === undefined || host === null || isNamed(leaf, host)) return;
  const file = process.text("keystoreFile");
  builder.issue({
    code: "estate.service-manager-mode",
    severity: "warning",
    summary: `The certificate in keystoreFile, "${leaf.subject.text}", does not have the name ${host}, by which clients reach the server`,
    place: file === null ? process.place : placeOf(file),
    remedy: [
      `Make a certificate for ${host}, with a subject alternative name, and import it into keystoreFile`,
      "Restart the Service Manager processes",
    ],
  });
}

/** Whether a certificate has a name, among its alternative names or, as Service Manager's tools make it, as common name. */
function isNamed(leaf: Certificate, host: string): boolean {
  if (matchHostName(leaf, host).matches) return true;
  return attributesOf(leaf.subject).some(
    ({ type, value }) => type === "CN" && value.toLowerCase() === host.toLowerCase(),
  );
}

/** What the stores of a process hold. */
interface HeldCertificates {
  readonly own: readonly Certificate[];
  readonly authorities: Sourced<readonly Certificate[]> | null;
}

/** Stores of a process with the name that each gets; those for clients become truststores of the estate. */
const STORES = [
  { file: "keystoreFile", password: "keystorePass", type: "keystoreType", name: null },
  {
    file: "truststoreFile",
    password: "truststorePass",
    type: "truststoreType",
    name: "client-cas",
  },
  {
    file: "ssl_trustedClientsJKS",
    password: "ssl_trustedClientsPwd",
    type: null,
    name: "trusted-clients",
  },
] as const;

async function addStores(
  process: ServiceManagerProcess,
  run: string,
  known: Map<string, Promise<StoreFile | null>>,
  builder: ImportBuilder,
): Promise<HeldCertificates> {
  let own: readonly Certificate[] = [];
  let authorities: HeldCertificates["authorities"] = null;
  for (const { file, password: secret, type, name } of STORES) {
    const written = process.text(file);
    if (written === null) continue;
    const path: Sourced<string> = { ...written, value: configuredPath(written.value, run) };
    const key = JSON.stringify([file, path.value]);
    let reading = known.get(key);
    if (reading === undefined) {
      const password = process.secret(secret);
      if (password === null && process.text(secret) !== null)
        builder.note(
          `${secret} stands on a command line, where other users can read it and no reference leads to it; move it to sm.ini`,
          process.parameter(secret)?.place ?? process.place,
        );
      if (name !== null)
        builder.truststore({
          name,
          paths: [derived(path.value, file, [placeOf(path) ?? process.place])],
          password,
        });
      reading = checkStore(
        {
          role: file,
          path,
          type: type === null ? null : process.text(type),
          password,
          alias: null,
          isTruststore: name !== null,
          isListOfClients: name === "trusted-clients",
        },
        builder,
      );
      known.set(key, reading);
    }
    const held = await reading;
    if (file === "keystoreFile") own = ownChain(held, null);
    if (file === "truststoreFile") authorities = { ...path, value: anchorsIn(held, "java") };
  }
  return { own, authorities };
}
