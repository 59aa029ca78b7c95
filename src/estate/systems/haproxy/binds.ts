import type { ClientAuthExpectation } from "../../estate.ts";
import { parseHostPort } from "../../host-port.ts";
import { serviceUrl } from "../dialled-url.ts";
import type { ImportBuilder } from "../import-builder.ts";
import { listenerHost } from "../listener.ts";
import { byDefault, derived, type Place, type Sourced, written } from "../origin.ts";
import {
  type HaproxyConfiguration,
  HaproxyFlags,
  type ResolvedLine,
  type ResolvedSection,
} from "./configuration.ts";
import { authoritiesIn, chainIn } from "../pem-files.ts";
import type { ImportedEndpoint } from "../model.ts";
import { inBase } from "./files.ts";
import { haproxySuites } from "./suites.ts";
import { haproxyVersions } from "./versions.ts";

const CLIENT_AUTH: ReadonlyMap<string, ClientAuthExpectation> = new Map([
  ["none", "none"],
  ["optional", "requested"],
  ["required", "required"],
]);

/** Adds what every frontend listens on with TLS. */
export async function addBinds(
  configuration: HaproxyConfiguration,
  host: string | null,
  builder: ImportBuilder,
): Promise<void> {
  const options = configuration.global("ssl-default-bind-options").flatMap(({ words }) => words);
  for (const section of configuration.sections) {
    if (section.kind !== "frontend" && section.kind !== "listen") continue;
    const isHttp = modeOf(section) === "http";
    for (const line of section.lines) {
      if (line.keyword !== "bind") continue;
      const [address, ...words] = line.words;
      const flags = new HaproxyFlags([...options, ...words]);
      if (address === undefined || !flags.has("ssl")) continue;
      const protocols = haproxyVersions(flags, line.place);
      const serving = await servingWith(flags, configuration, builder);
      for (const one of address.text.split(",")) {
        const bound = boundAddress(one);
        if (bound === null) {
          builder.note(
            "The address of this listener is a socket or a range and is not followed",
            line.place,
          );
          continue;
        }
        const { place } = address;
        const at = listenerHost(
          {
            named: [],
            address:
              bound.address === null ? null : written(bound.address, place, address.variables),
            host,
            place,
          },
          builder,
        );
        builder.endpoint({
          ...serving,
          name: `${section.name}:${bound.port}`,
          direction: "listens",
          url: derived(
            serviceUrl(isHttp ? "https" : "tls", at.value, bound.port),
            `bind of ${section.kind} ${section.name}`,
            [place],
          ),
          serverName: null,
          clientAuth: clientAuthOf(flags, line, builder),
          labels: {},
          ...(protocols === null ? {} : { protocols }),
        });
      }
    }
  }
}

/** What a bind line presents and accepts, from the files that it names. */
async function servingWith(
  flags: HaproxyFlags,
  configuration: HaproxyConfiguration,
  builder: ImportBuilder,
): Promise<Pick<ImportedEndpoint, "cipherSuites" | "ownChain" | "clientAuthorities">> {
  const [crt, ca] = [flags.value("crt"), flags.value("ca-file")];
  const suites = haproxySuites(flags, configuration, "bind");
  const asks = /^(?:optional|required)$/u.test(flags.value("verify")?.text ?? "");
  const authorities =
    asks && ca !== null && !ca.text.startsWith("@")
      ? inBase(ca, configuration.global("ca-base"))
      : null;
  return {
    ownChain: await chainIn(crt === null ? null : inBase(crt, configuration.global("crt-base"))),
    ...(suites === null ? {} : { cipherSuites: suites }),
    ...(authorities === null
      ? {}
      : {
          clientAuthorities: {
            ...authorities,
            value: await authoritiesIn([authorities], "ca-file", builder),
          },
        }),
  };
}

/** `http` or `tcp`: of the section, else of its defaults, else `tcp`. */
export function modeOf({ lines, defaults }: ResolvedSection): string {
  const mode = [...defaults, ...lines].findLast(({ keyword }) => keyword === "mode");
  return mode?.words[0]?.text ?? "tcp";
}

function boundAddress(
  text: string,
): { readonly address: string | null; readonly port: number } | null {
  const plain = text.replace(/^(?:ipv[46]|[a-z]*tcp[46]?)@/u, "");
  const [, any, digits] = /^(\*|)?:(\d{1,5})$/u.exec(plain) ?? [];
  if (digits !== undefined && (any === undefined || any === "" || any === "*"))
    return { address: null, port: Number(digits) };
  // addresses of version 6 stand with and without brackets
  const [, six, sixPort] = /^(:{0,2}[0-9a-f:]*:):(\d{1,5})$/iu.exec(plain) ?? [];
  const parsed = parseHostPort(six === undefined ? plain : `[${six}]:${sixPort ?? ""}`);
  if (parsed === null || parsed.port === null)
    return six === undefined || sixPort === undefined
      ? null
      : { address: null, port: Number(sixPort) };
  return { address: parsed.host, port: parsed.port };
}

function clientAuthOf(
  flags: HaproxyFlags,
  line: ResolvedLine,
  builder: ImportBuilder,
): Sourced<ClientAuthExpectation> {
  const verify = flags.value("verify");
  const authorities = flags.value("ca-file");
  const place: Place = verify?.place ?? line.place;
  if (verify !== null && verify.text !== "none" && authorities === null)
    builder.issue({
      code: "estate.client-auth-unconfigured",
      severity: "warning",
      summary: `verify ${verify.text} needs the CAs of the clients, and ca-file does not name them`,
      place,
      remedy: [
        "bind :443 ssl crt /etc/haproxy/site.pem ca-file /etc/haproxy/client-ca.pem verify required",
      ],
    });
  const value = verify === null ? undefined : CLIENT_AUTH.get(verify.text);
  return verify === null || value === undefined
    ? byDefault("none", "verify is none unless it is set on bind", line.place)
    : written(value, place, verify.variables);
}
