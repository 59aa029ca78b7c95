import { type DataNode, member, textOf } from "../data/data-node.ts";
import { dialledUrl, endpointName, serviceUrl } from "../dialled-url.ts";
import { parseHostPort } from "../../host-port.ts";
import type { ImportBuilder } from "../import-builder.ts";
import { type Place, written } from "../origin.ts";
import { moduleClient, type ProberModule, tlsPart } from "./modules.ts";

/** What the targets of one import share. */
export interface TargetContext {
  readonly builder: ImportBuilder;
  readonly modules: ReadonlyMap<string, ProberModule>;
  /** Names of clients by those of their modules. */
  readonly clients: Map<string, string>;
}

/** Where a target comes from. */
export interface TargetSource {
  readonly module: string | null;
  readonly isProbe: boolean;
  readonly job: DataNode | null;
  readonly file: string;
}

/** Schemes by port for targets of modules that upgrade to TLS by a dialog. */
const UPGRADES: ReadonlyMap<number, string> = new Map([
  [25, "smtp"],
  [587, "smtp"],
  [143, "imap"],
  [110, "pop3"],
  [21, "ftp"],
  [389, "ldap"],
  [5432, "postgres"],
]);

/** Adds a target that is dialled with TLS, and its link. */
export async function addTarget(
  node: DataNode,
  file: string,
  source: TargetSource,
  context: TargetContext,
): Promise<void> {
  const { builder, modules } = context;
  const text = textOf(node);
  if (text === null) return;
  const place: Place = { file, ...node.position, at: "targets" };
  const module = moduleOf(source, context);
  const scheme = textOf(member(source.job, "scheme"));
  const url =
    source.isProbe || /^[a-z]+:\/\//iu.test(text) ? text : `${scheme ?? "http"}://${text}`;
  const target = targetUrl(url, module);
  if (target === null) {
    if (source.isProbe && source.module !== null && !modules.has(source.module))
      builder.note(
        `Module "${source.module}" is not in these files, so its targets are not understood`,
        place,
      );
    return;
  }
  const serverName = module?.serverName ?? null;
  const endpoint = builder.endpoint({
    name: endpointName(target.host, target.port),
    direction: "dials",
    url: written(serviceUrl(target.scheme, target.host, target.port), place),
    serverName: serverName?.value === target.host ? null : serverName,
    clientAuth: null,
    labels: {},
  });
  if (module === null) return;
  const client = await moduleClient(module, context);
  builder.link(client, endpoint, { kind: "written", place, variables: [] });
}

function moduleOf(source: TargetSource, { modules }: TargetContext): ProberModule | null {
  if (source.isProbe) return modules.get(source.module ?? "http_2xx") ?? null;
  if (source.job === null) return null;
  const name = textOf(member(source.job, "job_name")) ?? "scrape";
  const place = { file: source.file, ...source.job.position, at: `scrape_configs.${name}` };
  return tlsPart(`job-${name}`, "http", source.job, place);
}

/** What a target leads to with TLS; null when it does not. */
function targetUrl(
  text: string,
  module: ProberModule | null,
): { readonly scheme: string; readonly host: string; readonly port: number } | null {
  const target = dialledUrl(text);
  if (target.kind === "tls") return target;
  if (module === null || module.prober !== "tcp") return null;
  const address = parseHostPort(text);
  if (address === null || address.port === null) return null;
  const upgrade = module.startTls ? UPGRADES.get(address.port) : undefined;
  if (upgrade !== undefined) return { scheme: upgrade, host: address.host, port: address.port };
  return module.usesTls ? { scheme: "tls", host: address.host, port: address.port } : null;
}
