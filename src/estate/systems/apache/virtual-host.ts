import type { ClientAuthExpectation } from "../../estate.ts";
import { parseHostPort } from "../../host-port.ts";
import { opensslCipherSuites } from "../cipher-suite-lists.ts";
import { configuredPath } from "../configured-path.ts";
import { serviceUrl } from "../dialled-url.ts";
import type { PlacedHttpdDirective, PlacedWord } from "../httpd/load.ts";
import { httpdProtocols } from "../httpd/protocols.ts";
import type { HttpdScope } from "../httpd/scope.ts";
import type { ImportBuilder } from "../import-builder.ts";
import { isAnyAddress, listenerHost } from "../listener.ts";
import type { ImportedEndpoint } from "../model.ts";
import { byDefault, derived, type Place, placeOf, type Sourced, written } from "../origin.ts";
import { authoritiesIn, chainIn } from "../pem-files.ts";
import type { ApacheContext } from "./context.ts";

/** A port that httpd listens on. */
export interface ListenPort {
  /** Null for every address. */
  readonly address: string | null;
  readonly port: number;
  readonly place: Place;
}

/** Every `Listen` of a configuration. */
export function portsOf(directives: readonly PlacedHttpdDirective[]): readonly ListenPort[] {
  return directives.flatMap(({ name, words }) => {
    const [first] = words;
    if (name !== "listen" || first === undefined) return [];
    const listen = addressOf(first);
    return listen === null || listen.port === null
      ? []
      : [{ address: listen.address, port: listen.port, place: first.place }];
  });
}

/** Address and port of `Listen` and of `<VirtualHost>`: either may be missing, or be a star. */
function addressOf({
  text,
}: PlacedWord): { readonly address: string | null; readonly port: number | null } | null {
  if (/^\d{1,5}$/u.test(text)) return { address: null, port: Number(text) };
  const [, name, digits] = /^(\*|_default_)(?::(\d{1,5}|\*))?$/iu.exec(text) ?? [];
  if (name !== undefined)
    return { address: null, port: digits === undefined || digits === "*" ? null : Number(digits) };
  const place = parseHostPort(text);
  return place === null ? null : { address: place.host, port: place.port };
}

const CLIENT_AUTH: ReadonlyMap<string, ClientAuthExpectation> = new Map([
  ["none", "none"],
  ["optional", "requested"],
  ["optional_no_ca", "requested"],
  ["require", "required"],
]);

/** Adds what a virtual host, or with null the main server, serves with TLS: once for each port that it has. */
export async function addVirtualHost(
  virtualHost: PlacedHttpdDirective | null,
  scope: HttpdScope,
  ports: readonly ListenPort[],
  { builder, host, serverRoot }: ApacheContext,
): Promise<void> {
  if (!/^(?:on|optional)$/iu.test(scope.text("sslengine")?.value ?? "off")) return;
  const names = [scope.own("servername").at(-1), ...scope.own("serveralias")].flatMap((directive) =>
    (directive?.words ?? []).flatMap((word) => {
      const name = word.text.replace(/^https?:\/\//iu, "").replace(/:\d+$/u, "");
      return /[*?$]/u.test(name) ? [] : [written(name, word.place, word.variables)];
    }),
  );
  const protocols = scope.last("sslprotocol");
  const serving = await servingWith(scope, serverRoot, builder);
  const seen = new Set<number>();
  for (const { address, port, place } of addressesOf(virtualHost, ports, scope)) {
    if (seen.has(port) && names.length > 0) continue;
    seen.add(port);
    const bound = address === null || isAnyAddress(address) ? null : written(address, place);
    const at = listenerHost({ named: names, address: bound, host, place }, builder);
    const [first] = names;
    const rule = virtualHost === null ? "main server with Listen" : "virtual host with Listen";
    builder.endpoint({
      ...serving,
      name: `${first?.value ?? "listens"}:${port}`,
      direction: "listens",
      url: derived(serviceUrl("https", at.value, port), rule, [
        place,
        ...(placeOf(at) === null ? [] : [placeOf(at) ?? place]),
      ]),
      serverName: first !== undefined && first.value !== at.value ? first : null,
      clientAuth: clientAuthOf(scope, place),
      labels: {},
      ...(protocols === null
        ? {}
        : {
            protocols: written(
              httpdProtocols(protocols.words.map(({ text }) => text)),
              protocols.place,
            ),
          }),
    });
  }
  const verify = scope.text("sslverifyclient");
  const hasAuthorities = ["sslcacertificatefile", "sslcacertificatepath"].some(
    (name) => scope.text(name) !== null,
  );
  if (/^(?:require|optional)$/iu.test(verify?.value ?? "") && !hasAuthorities)
    builder.issue({
      code: "estate.client-auth-unconfigured",
      severity: "warning",
      summary: `SSLVerifyClient ${verify?.value ?? ""} needs the CAs of the clients, and SSLCACertificateFile does not name them`,
      place: verify === null ? null : placeOf(verify),
      remedy: [
        "SSLCACertificateFile /etc/apache2/client-ca.pem",
        "apachectl configtest && apachectl graceful",
      ],
    });
}

/** What a virtual host presents and accepts, from the files that it names. */
async function servingWith(
  scope: HttpdScope,
  serverRoot: string,
  builder: ImportBuilder,
): Promise<Pick<ImportedEndpoint, "cipherSuites" | "ownChain" | "clientAuthorities">> {
  const file = (name: string): Sourced<string> | null => {
    const found = scope.text(name);
    return found === null ? null : { ...found, value: configuredPath(found.value, serverRoot) };
  };
  const asks = /^(?:require|optional)$/iu.test(scope.text("sslverifyclient")?.value ?? "");
  const stores = asks
    ? ["sslcacertificatefile", "sslcacertificatepath"].flatMap((name) => file(name) ?? [])
    : [];
  const [first] = stores;
  const suites = suitesOf(scope.last("sslciphersuite"));
  return {
    ownChain: await chainIn(file("sslcertificatefile")),
    ...(suites === null ? {} : { cipherSuites: suites }),
    ...(first === undefined
      ? {}
      : {
          clientAuthorities: {
            ...first,
            value: await authoritiesIn(stores, "SSLCACertificateFile", builder),
          },
        }),
  };
}

/** The suites of `SSLCipherSuite` and its like; those of TLS 1.3 have a directive of their own, which does not count here. */
export function suitesOf(
  directive: PlacedHttpdDirective | null,
): Sourced<readonly string[]> | null {
  const [first, second] = directive?.words ?? [];
  if (first === undefined) return null;
  const word = second !== undefined && /^SSL$/iu.test(first.text) ? second : first;
  if (/^TLSv1\.3$/iu.test(word.text)) return null;
  const suites = opensslCipherSuites(word.text);
  return suites === null ? null : written(suites, word.place, word.variables);
}

/** Where a virtual host is reached: its own addresses, of which a star takes every port that is listened on. */
export function addressesOf(
  virtualHost: PlacedHttpdDirective | null,
  ports: readonly ListenPort[],
  scope: HttpdScope,
): readonly ListenPort[] {
  if (virtualHost === null) return ports;
  return virtualHost.words.flatMap((word): readonly ListenPort[] => {
    const found = addressOf(word);
    if (found === null) {
      const name = scope.text("servername");
      return name === null
        ? []
        : ports.map(({ port }) => ({ address: null, port, place: word.place }));
    }
    const { address, port } = found;
    if (port !== null) return [{ address, port, place: word.place }];
    return ports.map((listen) => ({ address, port: listen.port, place: word.place }));
  });
}

function clientAuthOf(scope: HttpdScope, place: Place): Sourced<ClientAuthExpectation> {
  const verify = scope.text("sslverifyclient");
  const value = verify === null ? undefined : CLIENT_AUTH.get(verify.value.toLowerCase());
  return verify === null || value === undefined
    ? byDefault("none", "SSLVerifyClient is none unless it is set", place)
    : { ...verify, value };
}
