import type { NamedTruststore } from "../../diagnosis/assessment.ts";
import { unusableIdentityFinding } from "../../diagnosis/estate/not-judged.ts";
import type { FindingCode } from "../../diagnosis/finding-codes.ts";
import type { Severity } from "../../diagnosis/finding.ts";
import { storeFindings } from "../../diagnosis/store-findings.ts";
import { dateText, shortName } from "../../diagnosis/words.ts";
import { thresholdMilliseconds } from "../../estate/duration.ts";
import type { Estate } from "../../estate/estate.ts";
import { entryPlace, type EntrySection, type EstateSources } from "../../estate/entry-source.ts";
import type { Place } from "../../estate/systems/origin.ts";
import { profileOf } from "../../trust/profiles.ts";
import { internCertificate } from "../../x509/certificate-cache.ts";
import type { LoadedClient } from "../loaded-client.ts";
import { type AnchorUse, storesOfOthers } from "./unused-anchors.ts";

/** What a finding of the check is about. */
export interface EstatePart {
  readonly kind: "truststore" | "client" | "endpoint" | "link" | "import" | "estate";
  /** Name of the entry; prefix of an import; path of the estate file. */
  readonly name: string;
}

/** One thing that is wrong with an estate that can be loaded. */
export interface EstateFinding {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly summary: string;
  readonly part: EstatePart;
  /** Where it is written; null when no file says it. */
  readonly place: Place | null;
  readonly remedy: readonly string[];
}

/** What could not be derived of an imported system, or how it was; or what is not known of an entry. */
export interface EstateNote {
  readonly part: EstatePart;
  readonly message: string;
  readonly place: Place | null;
}

/** A file or password that something in the estate needs and that cannot be used. */
export interface UnusableFile {
  readonly part: EstatePart;
  /** One sentence. */
  readonly message: string;
}

/** What is checked. */
export interface EstateCheckInput {
  readonly estate: Estate;
  readonly sources: EstateSources;
  readonly truststores: readonly NamedTruststore[];
  readonly clients: ReadonlyMap<string, LoadedClient>;
  /** Whatever else could not be read. */
  readonly unusable: readonly UnusableFile[];
  /** Which anchors links need. @default nothing was recorded, so that nothing is said about it */
  readonly anchorUse?: AnchorUse | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What is known of an estate without any connection. */
export interface EstateCheck {
  /** The gravest first, otherwise in the order of the estate. */
  readonly findings: readonly EstateFinding[];
  readonly notes: readonly EstateNote[];
}

const RANK: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 };

/** Checks an estate that was loaded, with its files read. Makes no connection. */
export function checkEstate(input: EstateCheckInput): EstateCheck {
  const findings = [
    ...fileFindings(input),
    ...storeStates(input),
    ...identityStates(input),
    ...importIssues(input),
    ...missingIdentities(input),
    ...unusedEntries(input),
    ...unusedAnchors(input),
  ];
  return {
    findings: findings.toSorted((a, b) => RANK[a.severity] - RANK[b.severity]),
    notes: [
      ...input.estate.imports.flatMap(({ notes, prefix }) =>
        notes.map((note) => ({ ...note, part: { kind: "import", name: prefix } as const })),
      ),
      ...unknownStarts(input),
      ...(input.anchorUse?.untold ?? []).map(({ truststore, message }) => ({
        message,
        ...aboutStore(input, truststore),
      })),
    ],
  };
}

/** Clients whose process is looked for and not found. */
function unknownStarts(input: EstateCheckInput): readonly EstateNote[] {
  return input.estate.clients.flatMap(({ name, started = null }) => {
    const party = input.clients.get(name)?.party;
    const isKnown = (party?.running ?? null) !== null;
    // without a store there is nothing to compare the start with
    const canCompare = party?.truststores.some(({ store }) => store.ok) === true;
    if (started?.kind !== "pid-file" || isKnown || !canCompare) return [];
    return [
      {
        part: { kind: "client", name } as const,
        message: `${started.path} names no running process of this machine: nothing tells whether ${name} was started after its truststore was written`,
        place: placeIn(input, "clients", name),
      },
    ];
  });
}
/** What imports find, but for stores of which it is said already that they cannot be read. */
function importIssues(input: EstateCheckInput): readonly EstateFinding[] {
  const { estate, truststores, clients } = input;
  const unreadable = new Set(truststores.flatMap(({ name, store }) => (store.ok ? [] : [name])));
  const told = new Set([
    ...estate.truststores.flatMap(({ name, paths }) => (unreadable.has(name) ? paths : [])),
    ...estate.clients.flatMap(({ name, identity }) =>
      identity?.kind === "keystore" && clients.get(name)?.identity?.ok === false
        ? [identity.path]
        : [],
    ),
  ]);
  return estate.imports.flatMap(({ issues, prefix }) =>
    issues
      .filter(
        ({ code, store }) =>
          code !== "estate.store-unusable" || store === undefined || !told.has(store),
      )
      .map(({ code, severity, summary, place, remedy }) => ({
        code,
        severity,
        summary,
        place,
        remedy,
        part: { kind: "import", name: prefix } as const,
      })),
  );
}

const aboutStore = (
  input: EstateCheckInput,
  name: string,
): { readonly part: EstatePart; readonly place: Place | null } => ({
  part: { kind: "truststore", name },
  place: placeIn(input, "truststores", name),
});

const unusedAnchors = (input: EstateCheckInput): readonly EstateFinding[] =>
  (input.anchorUse?.unused ?? []).map(({ truststore, finding }) => ({
    ...shown(finding),
    ...aboutStore(input, truststore),
  }));

const placeIn = (
  { sources }: EstateCheckInput,
  section: EntrySection,
  name: string,
): Place | null => entryPlace(sources.entry(section, name));

const SECTIONS = { truststore: "truststores", client: "clients", endpoint: "endpoints" } as const;

function fileFindings(input: EstateCheckInput): readonly EstateFinding[] {
  return input.unusable.map(({ part, message }) => ({
    code: "estate.file-unreadable",
    severity: "critical",
    summary: `${part.kind === "estate" ? "" : `${part.kind} ${part.name}: `}${message}`.replace(
      /^./,
      (first) => first.toUpperCase(),
    ),
    part,
    place:
      part.kind === "endpoint" || part.kind === "client" || part.kind === "truststore"
        ? placeIn(input, SECTIONS[part.kind], part.name)
        : null,
    remedy: [
      "Correct the path or the password in the estate, or give this user the right to read the file",
    ],
  }));
}

/** How a store's error begins when the password is not where the estate says. */
const NO_PASSWORD = "The password cannot be had";

const passwordSteps = (name: string): readonly string[] => [
  `Put the password of ${name} where the estate says it is, for the user who runs Anchorwatch: the environment variable, the file or the configuration that it names`,
];

/** Stores that cannot be read, once for each, and stores in which a client sees nothing. */
function storeStates(input: EstateCheckInput): readonly EstateFinding[] {
  const parties = [...input.clients.values()].map(({ party }) => party);
  const unreadable = input.truststores.flatMap((named) => {
    if (named.store.ok) return [];
    const user = parties.find(({ truststores }) => truststores.includes(named));
    const profile = user?.profile ?? "openjdk-21";
    const party = {
      ...(user ?? { name: "nobody", nameCheck: "https" as const, ownChain: null }),
      profile,
      truststores: [named],
    };
    const { message } = named.store.error;
    return storeFindings(party, profileOf(profile)).map((finding) => ({
      ...shown(finding),
      // the client may well have the password that is missing here
      ...(message.startsWith(NO_PASSWORD) ? { remedy: passwordSteps(named.name) } : {}),
      part: { kind: "truststore", name: named.name } as const,
      place: placeIn(input, "truststores", named.name),
    }));
  });
  const blind = parties.flatMap((party) =>
    party.peerCheck !== "none" && party.truststores.every(({ store }) => store.ok)
      ? storeFindings(party, profileOf(party.profile)).map((finding) => ({
          ...shown(finding),
          part: { kind: "client", name: party.name } as const,
          place: placeIn(input, "clients", party.name),
        }))
      : [],
  );
  return [...unreadable, ...blind];
}

const shown = ({
  code,
  severity,
  summary,
  remedy,
}: Pick<EstateFinding, "code" | "severity" | "summary" | "remedy">): Pick<
  EstateFinding,
  "code" | "severity" | "summary" | "remedy"
> => ({ code, severity, summary, remedy });

/** Certificates of clients that cannot be used, or end. */
function identityStates(input: EstateCheckInput): readonly EstateFinding[] {
  const { at, estate } = input;
  return [...input.clients.values()].flatMap(({ party, identity }): readonly EstateFinding[] => {
    if (identity === null) return [];
    const where = {
      part: { kind: "client", name: party.name },
      place: placeIn(input, "clients", party.name),
    } as const;
    if (!identity.ok)
      return [{ ...shown(unusableIdentityFinding(party.name, identity.error)), ...where }];
    return identity.value.keyring.certificates.flatMap(({ chain: [der] }) => {
      const parsed = der === undefined ? null : internCertificate(der);
      if (parsed?.ok !== true) return [];
      const { subject, notBefore, notAfter } = parsed.value;
      const warning = thresholdMilliseconds(estate.thresholds.warning, notAfter - notBefore);
      if (notAfter - at > warning) return [];
      const name = shortName(subject);
      const isOver = notAfter < at;
      return [
        {
          code: isOver ? "client-auth.expired" : "client-auth.expiring",
          severity: isOver ? "critical" : "warning",
          summary: `The certificate ${name} of the client ${party.name} ${isOver ? "expired" : "expires"} on ${dateText(notAfter)}`,
          remedy: [`Have ${name} renewed, and configure the new certificate in ${party.name}`],
          ...where,
        },
      ];
    });
  });
}

/** Links to endpoints that are expected to require a certificate, of clients that have none. */
function missingIdentities(input: EstateCheckInput): readonly EstateFinding[] {
  const { estate, sources } = input;
  const clients = new Map(estate.clients.map((each) => [each.name, each]));
  const endpoints = new Map(estate.endpoints.map((each) => [each.name, each]));
  return estate.links.flatMap((link): readonly EstateFinding[] => {
    const client = clients.get(link.client);
    const endpoint = endpoints.get(link.endpoint);
    // two imports are compared with each other already
    const isWritten = sources.entry("endpoints", link.endpoint).written !== null;
    if (
      client === undefined ||
      client.identity !== null ||
      endpoint?.expect.clientAuth !== "required" ||
      !isWritten
    )
      return [];
    return [
      {
        code: "estate.client-auth-unconfigured",
        severity: "warning",
        summary: `${endpoint.name} is expected to require a client certificate, and the client ${client.name} has none`,
        part: { kind: "link", name: `${link.client} to ${link.endpoint}` },
        place: entryPlace(sources.link(link)),
        remedy: [`Give the client ${client.name} an identity in the estate`],
      },
    ];
  });
}

function unusedEntries(input: EstateCheckInput): readonly EstateFinding[] {
  const { estate, sources } = input;
  const linked = {
    clients: new Set(estate.links.map(({ client }) => client)),
    endpoints: new Set(estate.links.map(({ endpoint }) => endpoint)),
  };
  const used = usedStores(estate);
  const unused = (
    kind: "truststore" | "client" | "endpoint",
    name: string,
    words: string,
  ): EstateFinding => {
    const source = sources.entry(SECTIONS[kind], name);
    return {
      code: "estate.unused-entry",
      severity: source.written === null || kind === "endpoint" ? "info" : "warning",
      summary: words,
      part: { kind, name },
      place: entryPlace(source),
      remedy: [],
    };
  };
  return [
    ...estate.truststores
      .filter(({ name }) => !used.has(name))
      .map(({ name }) => unused("truststore", name, `No client uses the truststore ${name}`)),
    ...estate.clients
      .filter(({ name }) => !linked.clients.has(name))
      .map(({ name }) =>
        unused("client", name, `The client ${name} has no link: nothing is judged as it`),
      ),
    ...estate.endpoints
      // a listener of an imported system is there to be linked to, or not
      .filter(
        ({ name, labels }) => !linked.endpoints.has(name) && labels["direction"] !== "listens",
      )
      .map(({ name }) =>
        unused(
          "endpoint",
          name,
          `No client depends on ${name}: it is probed, and nobody judges it`,
        ),
      ),
    ...estate.notices.map(({ file, line, column, path, message }): EstateFinding => ({
      code: "estate.unused-entry",
      severity: "warning",
      summary: message,
      part: { kind: "estate", name: file },
      place: line === null || column === null ? null : { file, line, column, at: path },
      remedy: [],
    })),
  ];
}

const usedStores = (estate: Estate): ReadonlySet<string> =>
  new Set([...estate.clients.flatMap(({ truststores }) => truststores), ...storesOfOthers(estate)]);
