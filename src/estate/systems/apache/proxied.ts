import { checkPlainPort } from "../check-plain-port.ts";
import { configuredPath } from "../configured-path.ts";
import { dialledUrl, endpointName } from "../dialled-url.ts";
import type { PlacedWord } from "../httpd/load.ts";
import { httpdProtocols } from "../httpd/protocols.ts";
import type { HttpdScope } from "../httpd/scope.ts";
import type { ImportedIdentity } from "../model.ts";
import { byDefault, derived, type Place, placeOf, type Sourced, written } from "../origin.ts";
import { unresolvedVariable } from "../unresolved-variable.ts";
import { authoritiesIn, chainIn } from "../pem-files.ts";
import type { ApacheContext } from "./context.ts";
import { suitesOf } from "./virtual-host.ts";

/** Adds what a server dials with TLS: ProxyPass, BalancerMember, and RewriteRule with the flag P. */
export async function addProxied(
  scope: HttpdScope,
  clients: Map<string, string>,
  context: ApacheContext,
): Promise<void> {
  const { builder } = context;
  const urls = [
    ...scope.own("proxypass").flatMap(({ words }) => words.find(isUrl) ?? []),
    ...scope.own("proxypassmatch").flatMap(({ words }) => words.find(isUrl) ?? []),
    ...scope.own("balancermember").flatMap(({ words }) => words.find(isUrl) ?? []),
    ...scope
      .own("rewriterule")
      .flatMap(({ words }) =>
        /\bP\b/u.test(words[2]?.text ?? "") ? (words.slice(1, 2).find(isUrl) ?? []) : [],
      ),
  ];
  if (urls.length === 0) return;
  if (!scope.isOn("sslproxyengine")) {
    for (const { text, place } of urls)
      builder.note(
        `${bare(text)} is dialled with TLS, and SSLProxyEngine is off: httpd refuses every such request`,
        place,
      );
    return;
  }
  const client = await clientFor(scope, clients, context);
  for (const { text, place, variables } of urls) {
    // $1 and its like stand for parts of the path, and are no part of a host
    const target = dialledUrl(text.replace(/^((?:https|wss|h2):\/\/[^/$]*)(?:\/|\$).*$/iu, "$1"));
    if (target.kind === "unresolved" || /^[a-z0-9]+:\/\/[^/]*[$%]/iu.test(text)) {
      if (/\$\{/u.test(text)) unresolvedVariable("What is dialled here", text, place, builder);
      else builder.note("What is dialled here depends on each request, and is left out", place);
      continue;
    }
    if (target.kind !== "tls") {
      builder.note("The URL that is dialled here is not understood", place);
      continue;
    }
    const url = written(target.url, place, variables);
    checkPlainPort(target, url, builder);
    const endpoint = builder.endpoint({
      name: endpointName(target.host, target.port),
      direction: "dials",
      url,
      serverName: null,
      clientAuth: null,
      labels: {},
    });
    if (client !== null) builder.link(client, endpoint, url.origin);
  }
}

const isUrl = ({ text }: PlacedWord): boolean => /^(?:https|wss|h2):\/\//iu.test(text);

const bare = (url: string): string => url.replace(/^([a-z0-9]+:\/\/[^/]*).*$/iu, "$1");

const placesOf = (...values: readonly (Sourced<unknown> | null)[]): readonly Place[] =>
  values.flatMap((value) => (value === null ? [] : (placeOf(value) ?? [])));

/** The client with which a server judges; null where it checks and names no store. */
async function clientFor(
  scope: HttpdScope,
  clients: Map<string, string>,
  context: ApacheContext,
): Promise<string | null> {
  const { builder, serverRoot } = context;
  const checksName = scope.isOn("sslproxycheckpeername", true);
  const engine = scope.text("sslproxyengine");
  const verify = scope.text("sslproxyverify");
  const verifies = verify?.value.toLowerCase() === "require";
  if (!verifies)
    builder.issue({
      code: "estate.peer-check-off",
      severity: "warning",
      summary: `Apache does not check the chains of the servers that it dials: SSLProxyVerify is ${verify?.value ?? "none, which is its default"}${checksName ? "; names and dates are checked" : ""}`,
      place: placeOf(verify ?? engine ?? byDefault(null, "")),
      remedy: [
        "SSLProxyVerify require",
        "SSLProxyCACertificateFile /etc/apache2/upstream-ca.pem",
        "apachectl configtest && apachectl graceful",
      ],
    });
  const switches = ["sslproxycheckpeername", "sslproxycheckpeercn"].map((name) => scope.text(name));
  if (!checksName && verifies)
    builder.issue({
      code: "estate.name-check-off",
      severity: "warning",
      summary:
        "Apache does not check the host names of the servers that it dials: SSLProxyCheckPeerName is off",
      place: placesOf(...switches)[0] ?? null,
      remedy: ["SSLProxyCheckPeerName on", "apachectl configtest && apachectl graceful"],
    });
  const stores = ["sslproxycacertificatefile", "sslproxycacertificatepath"].flatMap(
    (name) => scope.text(name) ?? [],
  );
  if (stores.length === 0 && verifies) {
    builder.note(
      "SSLProxyVerify is require without SSLProxyCACertificateFile, so no server is trusted",
      placeOf(verify),
    );
    return null;
  }
  const absolute = (value: Sourced<string>): Sourced<string> => ({
    ...value,
    value: configuredPath(value.value, serverRoot),
  });
  const paths = stores.map(absolute);
  const identity = identityOf(scope, absolute);
  const protocols = scope.last("sslproxyprotocol");
  const versions =
    protocols === null ? null : httpdProtocols(protocols.words.map(({ text }) => text));
  const suites = suitesOf(scope.last("sslproxyciphersuite"));
  const key = JSON.stringify([
    verifies,
    paths.map(({ value }) => value),
    checksName,
    identity,
    versions,
    suites?.value,
  ]);
  const before = clients.get(key);
  if (before !== undefined) return before;
  const checking = [...clients.values()].filter((name) => !name.startsWith("unchecked")).length;
  const local = !verifies ? "unchecked" : checking === 0 ? "" : `proxy-${checking + 1}`;
  if (paths.length > 0) await authoritiesIn(paths, "SSLProxyCACertificateFile", builder);
  const store =
    paths.length === 0 ? null : builder.truststore({ name: local, paths, password: null });
  const name = builder.client({
    name: local,
    profile: byDefault("openssl-3", "mod_ssl uses OpenSSL"),
    trust:
      store === null
        ? []
        : [derived(store, "SSLProxyCACertificateFile and Path", placesOf(...paths))],
    ...(verifies
      ? {}
      : {
          peerCheck:
            verify === null
              ? byDefault(
                  "none",
                  "SSLProxyVerify is none unless it is set",
                  placeOf(engine ?? byDefault(null, "")),
                )
              : { ...verify, value: "none" },
        }),
    nameCheck: checksName
      ? byDefault("https", "SSLProxyCheckPeerName is on unless it is set")
      : derived("none", "SSLProxyCheckPeerName", placesOf(...switches)),
    identity,
    ownChain: await chainIn(identity?.kind === "pem" ? identity.certificate : null),
    ...(suites === null ? {} : { cipherSuites: suites }),
    ...(protocols === null || versions === null
      ? {}
      : { protocols: written(versions, protocols.place) }),
  });
  clients.set(key, name);
  return name;
}

/** Certificate and key of SSLProxyMachineCertificateFile stand in one file. */
function identityOf(
  scope: HttpdScope,
  absolute: (value: Sourced<string>) => Sourced<string>,
): ImportedIdentity | null {
  const file = scope.text("sslproxymachinecertificatefile");
  if (file === null) return null;
  const path = absolute(file);
  return { kind: "pem", certificate: path, key: path, password: null };
}
