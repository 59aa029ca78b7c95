import { configuredPath } from "../configured-path.ts";
import { opensslCipherSuites } from "../cipher-suite-lists.ts";
import { authoritiesIn, chainIn } from "../pem-files.ts";
import { checkPlainPort } from "../check-plain-port.ts";
import { dialledUrl, endpointName, serviceUrl } from "../dialled-url.ts";
import type { ImportedIdentity } from "../model.ts";
import { byDefault, derived, type Place, placeOf, type Sourced, written } from "../origin.ts";
import { parseHostPort } from "../../host-port.ts";
import type { NginxContext, NginxPart } from "./listeners.ts";
import type { PlacedDirective } from "./load.ts";
import { NginxScope } from "./scope.ts";

/** Directives that dial, with the prefix of those that configure TLS for them. */
const PASSES: ReadonlyMap<string, string> = new Map([
  ["proxy_pass", "proxy_ssl"],
  ["grpc_pass", "grpc_ssl"],
  ["uwsgi_pass", "uwsgi_ssl"],
]);

/** Blocks inside a server that have directives of their own. */
const INNER: ReadonlySet<string> = new Set(["location", "if", "limit_except"]);

/** Adds what a server dials with TLS, in itself and in every block inside it. */
export async function addDialled(
  part: NginxPart,
  directives: readonly PlacedDirective[],
  scope: NginxScope,
  around: NginxScope,
  context: NginxContext,
): Promise<void> {
  for (const directive of directives) {
    const settings = PASSES.get(directive.name);
    const [target] = directive.words;
    if (settings !== undefined && target !== undefined)
      await dial(part, written(target.text, target.place), { scope, around, settings }, context);
    if (INNER.has(directive.name) && directive.block !== null)
      await addDialled(
        part,
        directive.block,
        new NginxScope(directive.block, scope),
        around,
        context,
      );
  }
}

interface DialScope {
  readonly scope: NginxScope;
  readonly around: NginxScope;
  /** `proxy_ssl` and its like. */
  readonly settings: string;
}

async function dial(
  part: NginxPart,
  target: Sourced<string>,
  dialScope: DialScope,
  context: NginxContext,
): Promise<void> {
  const { scope, around } = dialScope;
  const { builder } = context;
  const place = placeOf(target);
  if (part === "stream" && !scope.isOn("proxy_ssl")) return;
  const text = part === "stream" ? `tls://${target.value}` : target.value;
  const [, scheme = "", authority = ""] = /^([a-z]+):\/\/([^/]*)/iu.exec(text) ?? [];
  if (part !== "stream" && !/^(?:https|grpcs|suwsgi)$/iu.test(scheme)) return;
  if (authority.includes("$")) {
    builder.note(
      "What is dialled here depends on a variable of each request, and is left out",
      place,
    );
    return;
  }
  const group = upstreamOf(around, authority);
  const estateScheme =
    scheme.toLowerCase() === "https" || scheme.toLowerCase() === "grpcs" ? "https" : "tls";
  const otherwise = estateScheme === "https" ? 443 : null;
  // servers of a group have port 80 unless one is written (ngx_http_upstream_server)
  const servers =
    group === null
      ? [{ address: { ...target, value: authority }, port: otherwise }]
      : group.map((address) => ({ address, port: part === "stream" ? null : 80 }));
  const nameOfGroup = group === null ? null : authority;
  const client = await clientFor(dialScope, context, place);
  checkSettings(dialScope, target, nameOfGroup, context);
  for (const { address, port: defaultPort } of servers) {
    if (address.value.startsWith("unix:")) {
      builder.note("A server behind a Unix socket is not followed", placeOf(address));
      continue;
    }
    const parsed = parseHostPort(address.value);
    const port = parsed?.port ?? defaultPort;
    if (parsed === null || port === null) {
      builder.note("The address that is dialled here is not understood", placeOf(address));
      continue;
    }
    const url = serviceUrl(estateScheme, parsed.host, port);
    checkPlainPort(dialledUrl(url), address, builder);
    const serverName = nameSent(dialScope, target, authority, parsed.host);
    const endpoint = builder.endpoint({
      name: endpointName(parsed.host, port),
      direction: "dials",
      url:
        group === null
          ? { ...target, value: url }
          : derived(url, `server of the upstream group ${authority}`, placesOf(address, target)),
      serverName,
      clientAuth: null,
      labels: {},
    });
    if (client !== null) builder.link(client, endpoint, target.origin);
  }
}

const placesOf = (...values: readonly Sourced<unknown>[]): readonly Place[] =>
  values.flatMap((value) => placeOf(value) ?? []);

/** The servers of an upstream group that has a name; null when no group has it. */
function upstreamOf(around: NginxScope, name: string): readonly Sourced<string>[] | null {
  const group = around.own("upstream").find(({ words }) => words[0]?.text === name);
  if (group?.block === undefined || group.block === null) return null;
  return group.block.flatMap((directive) => {
    const [address, ...flags] = directive.words;
    const isDown = flags.some(({ text }) => text === "down");
    return directive.name === "server" && address !== undefined && !isDown
      ? [written(address.text, address.place)]
      : [];
  });
}

/** The name that is checked, and sent when proxy_ssl_server_name is on: null when it is the dialled host. */
function nameSent(
  { scope, settings }: DialScope,
  target: Sourced<string>,
  authority: string,
  host: string,
): Sourced<string> | null {
  const named = scope.text(`${settings}_name`);
  if (named !== null) return named.value.includes("$") || named.value === host ? null : named;
  const otherwise = parseHostPort(authority)?.host ?? authority;
  return otherwise === host || !/^[a-z0-9.-]+$/iu.test(otherwise)
    ? null
    : derived(
        otherwise,
        "the name in proxy_pass, which is that of the upstream group",
        placesOf(target),
      );
}

/** The client with which this block judges; null where nginx does not start. */
async function clientFor(
  { scope, settings }: DialScope,
  { builder, prefix, clients: known }: NginxContext,
  place: Place | null,
): Promise<string | null> {
  const verifies = scope.isOn(`${settings}_verify`);
  const trusted = scope.text(`${settings}_trusted_certificate`);
  if (trusted === null && verifies) {
    builder.note(
      `${settings}_verify is on without ${settings}_trusted_certificate, with which nginx does not start`,
      place,
    );
    return null;
  }
  const path =
    trusted === null ? null : { ...trusted, value: configuredPath(trusted.value, prefix) };
  const identity = identityOf(scope, settings, prefix);
  const protocols = scope.all(`${settings}_protocols`)[0];
  const versions =
    protocols === undefined
      ? null
      : written(
          protocols.words.map(({ text }) => text),
          protocols.place,
        );
  const ciphers = scope.text(`${settings}_ciphers`);
  const suites = ciphers === null ? null : opensslCipherSuites(ciphers.value);
  const key = JSON.stringify([verifies, path?.value, identity, versions?.value, suites]);
  const before = known.get(key);
  if (before !== undefined) return before;
  const base = path === null ? "" : path.value.slice(path.value.lastIndexOf("/") + 1);
  const isFirst = ![...known.values()].includes("");
  const local = !verifies ? "unchecked" : isFirst ? "" : base;
  if (path !== null) await authoritiesIn([path], `${settings}_trusted_certificate`, builder);
  const own = identity?.kind === "pem" ? identity.certificate : null;
  const store =
    path === null ? null : builder.truststore({ name: local, paths: [path], password: null });
  const verify = scope.text(`${settings}_verify`);
  const name = builder.client({
    name: local,
    profile: byDefault("openssl-3", "nginx uses OpenSSL"),
    trust:
      store === null || path === null
        ? []
        : [derived(store, `${settings}_trusted_certificate`, placesOf(path))],
    ...(verifies
      ? {}
      : {
          peerCheck:
            verify === null
              ? byDefault("none", `${settings}_verify is off unless it is set`, place)
              : { ...verify, value: "none" },
        }),
    nameCheck: verifies
      ? derived(
          "https",
          `${settings}_verify checks the name as well`,
          path === null ? [] : placesOf(path),
        )
      : derived(
          "none",
          `without ${settings}_verify no name is checked either`,
          verify === null ? [] : placesOf(verify),
        ),
    identity,
    ...(versions === null ? {} : { protocols: versions }),
    ...(ciphers === null || suites === null ? {} : { cipherSuites: { ...ciphers, value: suites } }),
    ownChain: await chainIn(own),
  });
  known.set(key, name);
  return name;
}

function identityOf(scope: NginxScope, settings: string, prefix: string): ImportedIdentity | null {
  const certificate = scope.text(`${settings}_certificate`);
  const key = scope.text(`${settings}_certificate_key`);
  if (certificate === null || key === null || /[$:]/u.test(certificate.value + key.value))
    return null;
  const password = scope.text(`${settings}_password_file`);
  const absolute = (value: Sourced<string>): Sourced<string> => ({
    ...value,
    value: configuredPath(value.value, prefix),
  });
  return {
    kind: "pem",
    certificate: absolute(certificate),
    key: absolute(key),
    password:
      password === null
        ? null
        : { ...password, value: { kind: "file", path: absolute(password).value } },
  };
}

/** Finds a check that is off, a name that is not sent, and the name of a group in place of a host's. */
function checkSettings(
  { scope, settings }: DialScope,
  target: Sourced<string>,
  group: string | null,
  { builder }: NginxContext,
): void {
  const place = placeOf(target);
  const verify = scope.text(`${settings}_verify`);
  if (!scope.isOn(`${settings}_verify`))
    builder.issue({
      code: "estate.peer-check-off",
      severity: "warning",
      summary: `nginx does not check the certificate of ${target.value}: ${settings}_verify is off${verify === null ? ", which is its default" : ""}`,
      place: verify === null ? place : placeOf(verify),
      remedy: [
        `${settings}_verify on;`,
        `${settings}_trusted_certificate /etc/nginx/upstream-ca.pem;`,
        "nginx -t && systemctl reload nginx",
      ],
    });
  const sends = scope.text(`${settings}_server_name`);
  const host =
    scope.text(`${settings}_name`)?.value ??
    /^[a-z]+:\/\/([^/]*)/iu.exec(target.value)?.[1] ??
    target.value;
  const parsed = parseHostPort(host)?.host ?? host;
  if (!scope.isOn(`${settings}_server_name`) && /[a-z]/iu.test(parsed) && !parsed.includes(":"))
    builder.issue({
      code: "estate.no-server-name",
      severity: "info",
      summary: `nginx sends no server name to ${target.value}: ${settings}_server_name is off${sends === null ? ", which is its default" : ""}`,
      place: sends === null ? place : placeOf(sends),
      remedy: [`${settings}_server_name on;`, "nginx -t && systemctl reload nginx"],
    });
  if (group !== null && scope.text(`${settings}_name`) === null && scope.isOn(`${settings}_verify`))
    builder.issue({
      code: "estate.no-server-name",
      severity: "warning",
      summary: `nginx checks the certificate against "${group}", the name of the upstream group, as ${settings}_name is not set`,
      place,
      remedy: [`${settings}_name bpm-east.example.com;`, "nginx -t && systemctl reload nginx"],
    });
}
