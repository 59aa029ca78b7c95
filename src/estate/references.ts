import { parseThreshold, type Threshold } from "./duration.ts";
import type { Mistake } from "./explain-issue.ts";
import { parseHostPort } from "./host-port.ts";
import { exposureOf } from "./http/exposure.ts";
import type { DocumentPath } from "./position.ts";
import { quoted } from "./printable.ts";
import { suggest } from "./suggest.ts";

type Mapping = Readonly<Record<string, unknown>>;

// Shapes are the schema's business: what has the wrong one is passed over here, so that all mistakes show at once.
const isMapping = (value: unknown): value is Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const mapping = (value: unknown): Mapping => (isMapping(value) ? value : {});

/** One name or several, each with its path; anything else is passed over. */
export function listed(
  value: unknown,
  path: DocumentPath,
): readonly { readonly text: string; readonly path: DocumentPath }[] {
  if (typeof value === "string") return [{ text: value, path }];
  if (!Array.isArray(value)) return [];
  return value.flatMap((text: unknown, index) =>
    typeof text === "string" ? [{ text, path: [...path, index] }] : [],
  );
}

/** Names that nothing in a document defines, and values that contradict each other or the host. */
export function danglingReferences(document: unknown): readonly Mistake[] {
  const { truststores, clients, endpoints, links, thresholds, http, zones, alerts, notify } =
    mapping(document);
  return [
    ...Object.entries({ truststores, clients, endpoints, zones, notify }).flatMap(
      ([section, names]) => reservedNames(section, mapping(names)),
    ),
    ...Object.entries(mapping(clients)).flatMap(([name, client]) =>
      unknownNames(
        "truststore",
        mapping(client)["trust"],
        ["clients", name, "trust"],
        mapping(truststores),
      ),
    ),
    ...Object.entries(mapping(endpoints)).flatMap(([name, endpoint]) =>
      unknownNames("zone", mapping(endpoint)["zone"], ["endpoints", name, "zone"], mapping(zones)),
    ),
    ...(Array.isArray(links) ? links : []).flatMap((link: unknown, index) => [
      ...unknownNames("client", mapping(link)["from"], ["links", index, "from"], mapping(clients)),
      ...unknownNames("endpoint", mapping(link)["to"], ["links", index, "to"], mapping(endpoints)),
    ]),
    ...rulesOf(alerts).flatMap((rule, index) =>
      unknownNames(
        "notifier",
        mapping(rule)["notify"],
        ["alerts", "rules", index, "notify"],
        mapping(notify),
      ),
    ),
    ...Object.entries(mapping(notify)).flatMap(([name, notifier]) =>
      Object.entries(mapping(notifier)).flatMap(([kind, settings]) =>
        unknownNames(
          "truststore",
          mapping(settings)["truststore"],
          ["notify", name, kind, "truststore"],
          mapping(truststores),
        ),
      ),
    ),
    ...contradictoryThresholds(mapping(thresholds)),
    ...unknownNames(
      "truststore",
      mapping(mapping(http)["clientAuth"])["truststore"],
      ["http", "clientAuth", "truststore"],
      mapping(truststores),
    ),
    ...exposedListener(mapping(http)),
  ];
}

function rulesOf(alerts: unknown): readonly unknown[] {
  const { rules } = mapping(alerts);
  return Array.isArray(rules) ? rules : [];
}

/** JavaScript gives this name a meaning of its own; validation passes over it. */
function reservedNames(section: string, names: Mapping): readonly Mistake[] {
  const name = "__proto__";
  if (!Object.hasOwn(names, name)) return [];
  const path = [section, name];
  return [{ path, at: "key", message: `Name ${name} is reserved`, hint: "Choose another name" }];
}

/** Unknown names of one list for which a known one is looked for: each costs a look at all that there are. */
const MOST_SUGGESTED = 10;

function unknownNames(
  kind: string,
  value: unknown,
  at: DocumentPath,
  known: Mapping,
): readonly Mistake[] {
  return listed(value, at)
    .filter(({ text }) => !Object.hasOwn(known, text))
    .map(({ text, path }, index) => {
      const meant = index < MOST_SUGGESTED ? suggest(text, Object.keys(known)) : null;
      return {
        path,
        at: "value",
        message: `Unknown ${kind} ${quoted(text)}`,
        hint:
          meant === null
            ? `Define it under ${kind === "notifier" ? "notify" : `${kind}s`}`
            : `Did you mean ${meant}?`,
      };
    });
}

const threshold = (value: unknown): Threshold | null =>
  typeof value === "string" ? parseThreshold(value) : null;

function contradictoryThresholds(thresholds: Mapping): readonly Mistake[] {
  const warning = threshold(thresholds["warning"]);
  const critical = threshold(thresholds["critical"]);
  if (warning === null || critical === null || amount(critical) <= amount(warning)) return [];
  if (warning.kind !== critical.kind) return [];
  return [
    {
      path: ["thresholds", "critical"],
      at: "value",
      message: "The critical threshold is longer than the warning threshold",
      hint: "The warning comes first, so it is the longer time",
    },
  ];
}

const amount = (value: Threshold): number =>
  value.kind === "duration" ? value.milliseconds : value.share;

function exposedListener(http: Mapping): readonly Mistake[] {
  const { listen, tls, unencrypted, tokens, clientAuth } = http;
  const address = typeof listen === "string" ? parseHostPort(listen) : null;
  const isClient = isMapping(clientAuth);
  const path = ["http", "clientAuth"];
  const mistakes: Mistake[] =
    isClient && !isMapping(tls)
      ? [
          {
            path,
            at: "key",
            message: "Client certificates are only shown over TLS",
            hint: "Add http.tls",
          },
        ]
      : [];
  if (typeof listen !== "string" || address === null) return mistakes;
  const exposure = exposureOf(address.host, listen, {
    tls: isMapping(tls),
    unencrypted: unencrypted === true,
    tokens: Array.isArray(tokens) && tokens.length > 0,
    clientAuth: isClient,
  });
  if (exposure === null) return mistakes;
  return [...mistakes, { path: ["http", "listen"], at: "value", ...exposure }];
}
