import { dirname } from "node:path";
import { configuredPath } from "../configured-path.ts";
import { type DataNode, member, memberAt, textOf, truthOf } from "../data/data-node.ts";
import { byDefault, derived, type Place, placeOf, type Sourced, written } from "../origin.ts";
import { authoritiesIn, chainIn } from "../pem-files.ts";
import type { TargetContext } from "./targets.ts";

/** A module of blackbox_exporter, or the TLS part of a scrape configuration. */
export interface ProberModule {
  readonly name: string;
  readonly prober: string;
  /** Whether it speaks TLS to targets that are no https URL. */
  readonly usesTls: boolean;
  readonly startTls: boolean;
  readonly authorities: Sourced<string> | null;
  readonly serverName: Sourced<string> | null;
  /** Set where the check of certificates is off. */
  readonly unchecked: Place | null;
  readonly identity: {
    readonly certificate: Sourced<string>;
    readonly key: Sourced<string>;
  } | null;
  readonly place: Place;
}

/** Every module of a blackbox.yml. */
export function modulesOf(node: DataNode, file: string): readonly ProberModule[] {
  const modules = member(node, "modules");
  if (modules?.kind !== "map") return [];
  return [...modules.entries].map(([name, { value, keyPosition }]) => {
    const prober = textOf(member(value, "prober")) ?? "http";
    const part = member(value, prober);
    return tlsPart(name, prober, part, { file, ...keyPosition, at: `modules.${name}` });
  });
}

/** The TLS part of a module, or of a scrape configuration. */
export function tlsPart(
  name: string,
  prober: string,
  part: DataNode | null,
  place: Place,
): ProberModule {
  const tls = member(part, "tls_config");
  const { file } = place;
  const text = (key: string): Sourced<string> | null => {
    const node = member(tls, key);
    const value = textOf(node);
    return node === null || value === null || value === ""
      ? null
      : written(value, { file, ...node.position, at: `${place.at}.tls_config.${key}` });
  };
  const path = (key: string): Sourced<string> | null => {
    const found = text(key);
    return found === null ? null : { ...found, value: configuredPath(found.value, dirname(file)) };
  };
  const insecure = member(tls, "insecure_skip_verify");
  const certificate = path("cert_file");
  const key = path("key_file");
  const dialog = memberAt(part, "query_response");
  return {
    name,
    prober,
    usesTls: truthOf(member(part, "tls")) === true,
    startTls:
      dialog?.kind === "list" &&
      dialog.items.some((item) => truthOf(member(item, "starttls")) === true),
    authorities: path("ca_file"),
    serverName: text("server_name"),
    unchecked:
      insecure !== null && truthOf(insecure) === true
        ? { file, ...insecure.position, at: `${place.at}.tls_config.insecure_skip_verify` }
        : null,
    identity: certificate === null || key === null ? null : { certificate, key },
    place,
  };
}

/** Says what is off in a module. */
export function checkModule({ name, unchecked }: ProberModule, { builder }: TargetContext): void {
  if (unchecked !== null)
    builder.issue({
      code: "estate.peer-check-off",
      severity: "info",
      summary: `Module "${name}" does not check the certificates of its targets: insecure_skip_verify is true`,
      place: unchecked,
      remedy: ["insecure_skip_verify: false", "ca_file: /etc/prometheus/internal-ca.pem"],
    });
}

/** The client with which a module judges. */
export async function moduleClient(
  module: ProberModule,
  { builder, clients }: TargetContext,
): Promise<string> {
  const known = clients.get(module.name);
  if (known !== undefined) return known;
  const path =
    module.authorities ??
    byDefault("node:system", "ca_file is not set: the store of the operating system", module.place);
  await authoritiesIn([path], "ca_file", builder, "go");
  const store = builder.truststore({ name: module.name, paths: [path], password: null });
  const client = builder.client({
    name: module.name,
    profile: byDefault("go", "Prometheus is a Go program"),
    trust: [derived(store, "ca_file", [placeOf(path) ?? module.place])],
    ...(module.unchecked === null ? {} : { peerCheck: written("none", module.unchecked) }),
    nameCheck:
      module.unchecked === null
        ? byDefault("https", "Go checks host names")
        : written("none", module.unchecked),
    identity: module.identity === null ? null : { kind: "pem", ...module.identity, password: null },
    ownChain: await chainIn(module.identity?.certificate ?? null),
  });
  clients.set(module.name, client);
  return client;
}
