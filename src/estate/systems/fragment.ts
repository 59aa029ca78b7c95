import { isClientSystem, isServerSystem } from "../../trust/system-names.ts";
import type {
  ClientDocument,
  EndpointDocument,
  IdentityDocument,
  LinkDocument,
  SecretDocument,
  TruststoreDocument,
} from "../document.ts";
import type { SecretReference } from "../estate.ts";
import type { DocumentPath } from "../position.ts";
import type { ImportedIdentity, ImportIssue, ImportNote, SystemImport } from "./model.ts";
import type { Origin, Sourced } from "./origin.ts";

/** The sections of an estate that an import fills. */
export interface FragmentDocument {
  readonly truststores: Readonly<Record<string, TruststoreDocument>>;
  readonly clients: Readonly<Record<string, ClientDocument>>;
  readonly endpoints: Readonly<Record<string, EndpointDocument>>;
  readonly links: readonly LinkDocument[];
}

/** Why a value of a fragment is what it is. */
export interface FragmentOrigin {
  readonly path: DocumentPath;
  readonly origin: Origin;
}

/** Entries for an estate, with the source of every value. */
export interface EstateFragment {
  /** What stands in front of every name. */
  readonly prefix: string;
  readonly document: FragmentDocument;
  /** In the order of the document. */
  readonly origins: readonly FragmentOrigin[];
  readonly notes: readonly ImportNote[];
  readonly issues: readonly ImportIssue[];
}

/** Characters that the name of something in the estate may not have. */
const NOT_IN_NAMES = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** A text made fit for a name: printable, at most 128 characters, no spaces around it. */
export function nameFrom(text: string): string {
  const name = text.toWellFormed().replace(NOT_IN_NAMES, "_").trim().slice(0, 128).trim();
  return name === "" || name === "__proto__" ? "_" : name;
}

/** Importers of products that run in another system, by which remedies know them. */
const RUNTIMES: ReadonlyMap<string, string> = new Map([
  ["process-federation-server", "liberty"],
  ["spring-boot", "java"],
  ["kafka", "java"],
  ["wildfly", "java"],
]);

/**
 * Writes an import as entries of an estate: names get the prefix (the main one is the prefix itself), every
 * value keeps its origin under its path.
 */
export function toFragment(system: string, found: SystemImport, prefix: string): EstateFragment {
  const named = (local: string): string =>
    local === "" ? nameFrom(prefix) : nameFrom(`${prefix}.${local}`);
  const runtime = RUNTIMES.get(system) ?? system;
  const origins: FragmentOrigin[] = [];
  const take = <T>(path: DocumentPath, { value, origin }: Sourced<T>): T => {
    origins.push({ path, origin });
    return value;
  };
  const secret = (path: DocumentPath, sourced: Sourced<SecretReference>): SecretDocument =>
    secretDocument(take(path, sourced));

  const truststores = found.truststores.map(({ name, paths, password }) => {
    const at = ["truststores", named(name)];
    const [first] = paths;
    const path =
      paths.length === 1 && first !== undefined
        ? take([...at, "path"], first)
        : paths.map((each, index) => take([...at, "path", index], each));
    const entry: TruststoreDocument = {
      path,
      ...(password === null ? {} : { password: secret([...at, "password"], password) }),
    };
    return [named(name), entry] as const;
  });

  const clients = found.clients.map(({ name, profile, trust, peerCheck, nameCheck, identity }) => {
    const at = ["clients", named(name)];
    const entry: ClientDocument = {
      profile: take([...at, "profile"], profile),
      ...(isClientSystem(runtime) ? { system: runtime } : {}),
      ...(trust.length === 0
        ? {}
        : { trust: trust.map((store, index) => named(take([...at, "trust", index], store))) }),
      ...(peerCheck === undefined ? {} : { peerCheck: take([...at, "peerCheck"], peerCheck) }),
      nameCheck: take([...at, "nameCheck"], nameCheck),
      ...(identity === null
        ? {}
        : { identity: identityDocument(identity, [...at, "identity"], take, secret) }),
    };
    return [named(name), entry] as const;
  });

  const endpoints = found.endpoints.map(
    ({ name, direction, url, serverName, clientAuth, labels }) => {
      const at = ["endpoints", named(name)];
      const entry: EndpointDocument = {
        url: take([...at, "url"], url),
        ...(direction === "listens" && isServerSystem(runtime) ? { system: runtime } : {}),
        ...(serverName === null ? {} : { serverName: take([...at, "serverName"], serverName) }),
        labels: { ...labels, direction },
        ...(clientAuth === null
          ? {}
          : { expect: { clientAuth: take([...at, "expect", "clientAuth"], clientAuth) } }),
      };
      return [named(name), entry] as const;
    },
  );

  const links = found.links.map(({ from, to, origin }, index) => {
    origins.push({ path: ["links", index], origin });
    return { from: named(from), to: named(to) };
  });

  return {
    prefix,
    document: {
      truststores: Object.fromEntries(truststores),
      clients: Object.fromEntries(clients),
      endpoints: Object.fromEntries(endpoints),
      links,
    },
    origins,
    notes: found.notes,
    issues: found.issues,
  };
}

type Take = <T>(path: DocumentPath, sourced: Sourced<T>) => T;
type TakeSecret = (path: DocumentPath, sourced: Sourced<SecretReference>) => SecretDocument;

function identityDocument(
  identity: ImportedIdentity,
  at: DocumentPath,
  take: Take,
  secret: TakeSecret,
): IdentityDocument {
  const { password } = identity;
  const withPassword = password === null ? {} : { password: secret([...at, "password"], password) };
  if (identity.kind === "pem")
    return {
      cert: take([...at, "cert"], identity.certificate),
      key: take([...at, "key"], identity.key),
      ...withPassword,
    };
  const { keyPassword, alias } = identity;
  return {
    keystore: take([...at, "keystore"], identity.path),
    ...withPassword,
    ...(keyPassword === null ? {} : { keyPassword: secret([...at, "keyPassword"], keyPassword) }),
    ...(alias === null ? {} : { alias: take([...at, "alias"], alias) }),
  };
}

/** A reference to a secret as the estate writes it. */
export function secretDocument(reference: SecretReference): SecretDocument {
  switch (reference.kind) {
    case "env":
      return { env: reference.name };
    case "file":
      return { file: reference.path };
    case "stash":
      return { stash: reference.path };
    case "encoded":
      return {
        encoded: reference.text,
        ...(reference.key === null ? {} : { key: secretDocument(reference.key) }),
      };
    case "config":
      return {
        config: reference.path,
        at: reference.at,
        ...(reference.key === null ? {} : { key: secretDocument(reference.key) }),
      };
  }
}
