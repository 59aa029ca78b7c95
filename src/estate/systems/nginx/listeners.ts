import { parseHostPort } from "../../host-port.ts";
import type { ClientAuthExpectation } from "../../estate.ts";
import { opensslCipherSuites } from "../cipher-suite-lists.ts";
import { configuredPath } from "../configured-path.ts";
import { serviceUrl } from "../dialled-url.ts";
import type { ImportBuilder } from "../import-builder.ts";
import { listenerHost } from "../listener.ts";
import type { ImportedEndpoint } from "../model.ts";
import { authoritiesIn, chainIn } from "../pem-files.ts";
import { byDefault, derived, placeOf, type Sourced, written } from "../origin.ts";
import type { PlacedDirective } from "./load.ts";
import type { NginxScope } from "./scope.ts";

/** What the parts of an import share. */
export interface NginxContext {
  readonly builder: ImportBuilder;
  readonly host: string | null;
  /** Folder of the main file, from which relative paths are taken. */
  readonly prefix: string;
  /** Names of clients by what makes them differ. */
  readonly clients: Map<string, string>;
}

/** A part of a configuration. */
export type NginxPart = "http" | "stream" | "mail";

const MAIL_SCHEMES: ReadonlyMap<string, readonly [tls: string, plain: string]> = new Map([
  ["imap", ["imaps", "imap"]],
  ["pop3", ["pop3s", "pop3"]],
  ["smtp", ["smtps", "smtp"]],
]);

const CLIENT_AUTH: ReadonlyMap<string, ClientAuthExpectation> = new Map([
  ["off", "none"],
  ["on", "required"],
  ["optional", "requested"],
  ["optional_no_ca", "requested"],
]);

/** Adds what a server listens on with TLS, once for each port. */
export async function addListeners(
  part: NginxPart,
  server: PlacedDirective,
  scope: NginxScope,
  context: NginxContext,
): Promise<void> {
  const { builder, host } = context;
  let serving: Pick<ImportedEndpoint, "cipherSuites" | "ownChain" | "clientAuthorities"> | null =
    null;
  const names = scope
    .own("server_name")
    .flatMap(({ words }) =>
      words
        .filter(({ text }) => !/^[~*.]|\*$|^_$|^""$|\$/u.test(text) && text !== "")
        .map(({ text, place }) => written(text, place)),
    );
  for (const listen of scope.own("listen")) {
    const [address, ...flags] = listen.words;
    if (address === undefined) continue;
    const words = new Set(flags.map(({ text }) => text));
    const usesTls = words.has("ssl") || (part !== "stream" && scope.isOn("ssl"));
    const scheme = schemeOf(part, scope, usesTls);
    if (scheme === null) {
      if (words.has("quic"))
        builder.note("A listener for QUIC (HTTP/3) is not followed: it is UDP", listen.place);
      continue;
    }
    if (address.text.startsWith("unix:")) {
      builder.note("A listener on a Unix socket is not followed", listen.place);
      continue;
    }
    const [bound, port] = addressOf(address.text);
    if (port === null) {
      builder.note("The address of this listener is not understood", listen.place);
      continue;
    }
    const place = address.place;
    const at = listenerHost(
      { named: names, address: bound === null ? null : written(bound, place), host, place },
      builder,
    );
    const [first] = names;
    // a name that only the server knows has to be sent where another host is dialled
    const serverName = first !== undefined && first.value !== at.value ? first : null;
    const protocols = scope.all("ssl_protocols")[0];
    serving ??= await servingWith(scope, context);
    builder.endpoint({
      ...serving,
      name: `${first?.value ?? "listens"}:${port}`,
      direction: "listens",
      url: derived(serviceUrl(scheme, at.value, port), "listen with its server_name", [
        place,
        ...(placeOf(at) === null || placeOf(at) === place ? [] : [placeOf(at) ?? place]),
      ]),
      serverName,
      clientAuth: clientAuthOf(scope, server),
      labels: {},
      ...(protocols === undefined
        ? {}
        : {
            protocols: written(
              protocols.words.map(({ text }) => text),
              protocols.place,
            ),
          }),
    });
  }
  checkClientAuth(scope, builder);
}

/** What a server presents and accepts, from the files that it names. */
async function servingWith(
  scope: NginxScope,
  { builder, prefix }: NginxContext,
): Promise<Pick<ImportedEndpoint, "cipherSuites" | "ownChain" | "clientAuthorities">> {
  const file = (name: string): Sourced<string> | null => {
    const found = scope.text(name);
    return found === null || /^(?:data:|engine:|store:)|\$/u.test(found.value)
      ? null
      : { ...found, value: configuredPath(found.value, prefix) };
  };
  const ciphers = scope.text("ssl_ciphers");
  const suites = ciphers === null ? null : opensslCipherSuites(ciphers.value);
  const asks = /^(?:on|optional)$/u.test(scope.text("ssl_verify_client")?.value ?? "");
  const authorities = asks ? file("ssl_client_certificate") : null;
  return {
    ownChain: await chainIn(file("ssl_certificate")),
    ...(ciphers === null || suites === null ? {} : { cipherSuites: { ...ciphers, value: suites } }),
    ...(authorities === null
      ? {}
      : {
          clientAuthorities: {
            ...authorities,
            value: await authoritiesIn([authorities], "ssl_client_certificate", builder),
          },
        }),
  };
}

/** The estate's scheme of a listener; null when it has no TLS. */
function schemeOf(part: NginxPart, scope: NginxScope, usesTls: boolean): string | null {
  if (part !== "mail") return usesTls ? (part === "http" ? "https" : "tls") : null;
  const protocol = MAIL_SCHEMES.get(scope.text("protocol")?.value ?? "");
  if (usesTls) return protocol?.[0] ?? "tls";
  const starttls = scope.text("starttls")?.value;
  return starttls === "on" || starttls === "only" ? (protocol?.[1] ?? null) : null;
}

/** Address and port of `listen`: either may be missing (ngx_parse_url; port 80 is for http). */
function addressOf(text: string): readonly [address: string | null, port: number | null] {
  if (/^\d{1,5}$/u.test(text)) return [null, Number(text)];
  const [, port] = /^\*:(\d{1,5})$/u.exec(text) ?? [];
  if (port !== undefined) return [null, Number(port)];
  const place = parseHostPort(text);
  return place === null ? [null, null] : [place.host, place.port ?? 80];
}

function clientAuthOf(scope: NginxScope, server: PlacedDirective): Sourced<ClientAuthExpectation> {
  const verify = scope.text("ssl_verify_client");
  const value = verify === null ? undefined : CLIENT_AUTH.get(verify.value);
  return verify === null || value === undefined
    ? byDefault("none", "ssl_verify_client is off unless it is set", server.place)
    : { ...verify, value };
}

function checkClientAuth(scope: NginxScope, builder: ImportBuilder): void {
  const verify = scope.text("ssl_verify_client");
  if (verify === null || !/^(?:on|optional)$/u.test(verify.value)) return;
  if (scope.text("ssl_client_certificate") ?? scope.text("ssl_trusted_certificate")) return;
  builder.issue({
    code: "estate.client-auth-unconfigured",
    severity: "warning",
    summary: `ssl_verify_client ${verify.value} needs the CAs of the clients, and ssl_client_certificate does not name them`,
    place: placeOf(verify),
    remedy: [
      "ssl_client_certificate /etc/nginx/client-ca.pem;",
      "nginx -t && systemctl reload nginx",
    ],
  });
}
