import { checkPlainPort } from "../check-plain-port.ts";
import { dialledUrl, endpointName, serviceUrl } from "../dialled-url.ts";
import { parseHostPort } from "../../host-port.ts";
import type { ImportBuilder } from "../import-builder.ts";
import type { ImportedIdentity } from "../model.ts";
import { byDefault, derived, type Place, placeOf, type Sourced, written } from "../origin.ts";
import { modeOf } from "./binds.ts";
import {
  type HaproxyConfiguration,
  HaproxyFlags,
  type ResolvedLine,
  type ResolvedSection,
  type ResolvedWord,
} from "./configuration.ts";
import { unresolvedVariable } from "../unresolved-variable.ts";
import { authoritiesIn, chainIn } from "../pem-files.ts";
import { inBase } from "./files.ts";
import { haproxySuites } from "./suites.ts";
import { haproxyVersions } from "./versions.ts";

/** Adds what every backend dials with TLS. */
export async function addServers(
  configuration: HaproxyConfiguration,
  builder: ImportBuilder,
): Promise<void> {
  const clients = new Map<string, string>();
  const options = configuration.global("ssl-default-server-options").flatMap(({ words }) => words);
  for (const section of configuration.sections) {
    if (section.kind !== "backend" && section.kind !== "listen") continue;
    const inherited = [...section.defaults, ...section.lines]
      .filter(({ keyword }) => keyword === "default-server")
      .flatMap(({ words }) => words);
    for (const line of section.lines) {
      if (line.keyword !== "server" && line.keyword !== "server-template") continue;
      // `server-template PREFIX COUNT ADDRESS`
      const [name, ...rest] = line.words;
      const [address, ...own] = line.keyword === "server" ? rest : rest.slice(1);
      if (name === undefined || address === undefined) continue;
      const flags = new HaproxyFlags([...options, ...inherited, ...own]);
      const switchedOff = new HaproxyFlags(own).has("no-ssl");
      if (!flags.has("ssl") || switchedOff) continue;
      await dial({ section, line, name, address, flags }, { configuration, clients, builder });
    }
  }
}

interface ServerLine {
  readonly section: ResolvedSection;
  readonly line: ResolvedLine;
  readonly name: ResolvedWord;
  readonly address: ResolvedWord;
  readonly flags: HaproxyFlags;
}

interface ServerContext {
  readonly configuration: HaproxyConfiguration;
  readonly clients: Map<string, string>;
  readonly builder: ImportBuilder;
}

const sourced = ({ text, place, variables }: ResolvedWord): Sourced<string> =>
  written(text, place, variables);

async function dial(server: ServerLine, context: ServerContext): Promise<void> {
  const { section, address, flags, name } = server;
  const { builder } = context;
  const parsed = parseHostPort(address.text.replace(/^(?:ipv[46]|tcp[46]?)@/u, ""));
  if (parsed === null || parsed.port === null || parsed.port === 0) {
    if (/\$/u.test(address.text))
      unresolvedVariable("The address of this server", address.text, address.place, builder);
    else
      builder.note(
        "The address of this server is a socket, a range or has no port, and is not followed",
        address.place,
      );
    return;
  }
  const url = serviceUrl(modeOf(section) === "http" ? "https" : "tls", parsed.host, parsed.port);
  checkPlainPort(dialledUrl(url), sourced(address), builder);
  const sent = nameSent(flags);
  const checked = flags.value("verifyhost");
  const label = `${section.name}/${name.text}`;
  const serverName = checked === null ? sent : sourced(checked);
  const endpoint = builder.endpoint({
    name: endpointName(parsed.host, parsed.port),
    direction: "dials",
    url: { ...sourced(address), value: url },
    serverName: serverName === null || serverName.value === parsed.host ? null : serverName,
    clientAuth: null,
    labels: {},
  });
  if (flags.value("sni") === null && /[a-z]/iu.test(parsed.host) && !parsed.host.includes(":"))
    builder.issue({
      code: "estate.no-server-name",
      severity: "info",
      summary: `HAProxy sends no server name to ${label}: the line has no sni`,
      place: address.place,
      remedy: [
        `sni str(${parsed.host})`,
        "haproxy -c -f /etc/haproxy/haproxy.cfg && systemctl reload haproxy",
      ],
    });
  const client = await clientFor(server, label, context);
  if (client !== null) builder.link(client, endpoint, sourced(address).origin);
}

/** The name that `sni str(NAME)` sends; other expressions depend on each request. */
function nameSent(flags: HaproxyFlags): Sourced<string> | null {
  const expression = flags.value("sni");
  const [, text] = /^str\(([^()]+)\)$/u.exec(expression?.text ?? "") ?? [];
  return expression === null || text === undefined
    ? null
    : written(text, expression.place, expression.variables);
}

/** The client with which a server line judges; null where it checks and names no store. */
async function clientFor(
  { section, line, flags }: ServerLine,
  label: string,
  { configuration, clients, builder }: ServerContext,
): Promise<string | null> {
  const verify = flags.value("verify");
  const fallback = configuration.global("ssl-server-verify").at(-1)?.words[0] ?? null;
  const mode = verify ?? fallback;
  const unchecked = mode?.text === "none" ? mode : null;
  if (unchecked !== null)
    builder.issue({
      code: "estate.peer-check-off",
      severity: "warning",
      summary: `HAProxy does not check the certificate of ${label}: ${verify === null ? "ssl-server-verify" : "verify"} none`,
      place: unchecked.place,
      remedy: [
        "server NAME ADDRESS:PORT ssl verify required ca-file /etc/haproxy/upstream-ca.pem sni str(HOST)",
        "haproxy -c -f /etc/haproxy/haproxy.cfg && systemctl reload haproxy",
      ],
    });
  const file = flags.value("ca-file");
  if (file === null && unchecked === null) {
    builder.note("verify required without ca-file, with which HAProxy does not start", line.place);
    return null;
  }
  const names = flags.value("sni") !== null || flags.value("verifyhost") !== null;
  const checksName = names && unchecked === null;
  if (!names && unchecked === null)
    builder.issue({
      code: "estate.name-check-off",
      severity: "warning",
      summary: `HAProxy does not check the name of ${label}: the line has neither sni nor verifyhost`,
      place: line.place,
      remedy: [
        "verifyhost HOST",
        "haproxy -c -f /etc/haproxy/haproxy.cfg && systemctl reload haproxy",
      ],
    });
  const bases = { ca: configuration.global("ca-base"), crt: configuration.global("crt-base") };
  const path: Sourced<string> | null =
    file === null
      ? null
      : file.text === "@system-ca"
        ? derived("node:system", "@system-ca", [file.place])
        : inBase(file, bases.ca);
  const protocols = haproxyVersions(flags, line.place);
  const identity = identityOf(flags, bases.crt);
  const suites = haproxySuites(flags, configuration, "server");
  const key = JSON.stringify([
    unchecked !== null,
    path?.value,
    checksName,
    identity,
    protocols?.value,
    suites?.value,
  ]);
  const before = clients.get(key);
  if (before !== undefined) return before;
  const isFirst = ![...clients.values()].includes("");
  const local = unchecked !== null ? "unchecked" : isFirst ? "" : section.name;
  if (path !== null) await authoritiesIn([path], "ca-file", builder);
  const store =
    path === null ? null : builder.truststore({ name: local, paths: [path], password: null });
  const client = builder.client({
    name: local,
    profile: byDefault("openssl-3", "HAProxy uses OpenSSL"),
    trust: store === null || path === null ? [] : [derived(store, "ca-file", placesOf(path))],
    ...(unchecked === null ? {} : { peerCheck: sourcedNone(unchecked) }),
    nameCheck: derived(
      checksName ? "https" : "none",
      unchecked !== null
        ? "verify none checks no name either"
        : checksName
          ? "sni or verifyhost is set"
          : "neither sni nor verifyhost is set",
      [line.place],
    ),
    identity,
    ownChain: await chainIn(identity?.kind === "pem" ? identity.certificate : null),
    ...(suites === null ? {} : { cipherSuites: suites }),
    ...(protocols === null ? {} : { protocols }),
  });
  clients.set(key, client);
  return client;
}

const sourcedNone = ({ place, variables }: ResolvedWord): Sourced<"none"> =>
  written("none", place, variables);

const placesOf = (value: Sourced<unknown>): readonly Place[] => {
  const place = placeOf(value);
  return place === null ? [] : [place];
};

/** `crt` of a server line: certificate and key in one file. */
function identityOf(flags: HaproxyFlags, base: readonly ResolvedLine[]): ImportedIdentity | null {
  const file = flags.value("crt");
  if (file === null) return null;
  const path = inBase(file, base);
  return { kind: "pem", certificate: path, key: path, password: null };
}
