import type { NameCheck } from "../../../trust/verdict.ts";
import { javaCipherSuites } from "../cipher-suite-lists.ts";
import { javaProtocols } from "../java-protocols.ts";
import { byDefault, derived, type Place, placeOf, type Sourced } from "../origin.ts";
import { DEFAULT_KEY_STORE } from "./key-stores.ts";
import { type MergedElement, nestedStoreId } from "./merge.ts";
import { isAtLeast } from "./runtime.ts";
import type { ServerConfig } from "./server-config.ts";

/** A filter that chooses an SSL configuration for outbound connections. */
export interface OutboundFilter {
  /** Lower case; `*`, `*.suffix` or a host. */
  readonly host: string;
  /** Null for every port. */
  readonly port: number | null;
  readonly clientAlias: Sourced<string> | null;
  readonly place: Place;
}

/** An `<ssl>` with defaults filled in. */
export interface SslConfig {
  readonly id: string;
  readonly keyStore: Sourced<string>;
  readonly trustStore: Sourced<string>;
  readonly isTrustImplicit: boolean;
  readonly nameCheck: Sourced<NameCheck>;
  readonly trustDefaultCerts: Sourced<boolean> | null;
  readonly clientAlias: Sourced<string> | null;
  readonly serverAlias: Sourced<string> | null;
  readonly clientAuth: Sourced<"none" | "requested" | "required">;
  readonly filters: readonly OutboundFilter[];
  /** Versions where `sslProtocol` names them; null where it leaves them to the runtime. */
  readonly protocols: Sourced<readonly string[]> | null;
  /** `enabledCiphers`; null where none are written. */
  readonly cipherSuites: Sourced<readonly string[]> | null;
  /** Hosts, `*.suffix` among them, whose names are not checked; null where all are. Lower case. */
  readonly unchecked: Sourced<readonly string[]> | null;
  readonly place: Place | null;
}

/** Liberty's id of the SSL configuration that exists without being written. */
export const DEFAULT_SSL = "defaultSSLConfig";

/** Every SSL configuration of a server, the implied default one included. */
export function sslConfigs(config: ServerConfig): ReadonlyMap<string, SslConfig> {
  const found = new Map<string, SslConfig>();
  for (const element of config.all("ssl"))
    if (element.id !== null) found.set(element.id, sslConfig(element.id, element, config));
  if (!found.has(DEFAULT_SSL)) found.set(DEFAULT_SSL, sslConfig(DEFAULT_SSL, null, config));
  return found;
}

function sslConfig(id: string, element: MergedElement | null, config: ServerConfig): SslConfig {
  const text = (name: string): Sourced<string> | null =>
    element === null ? null : config.text(element, name);
  const place = element?.place ?? null;
  const keyStore =
    text("keyStoreRef") ??
    nestedRef(element, "keyStore") ??
    byDefault(DEFAULT_KEY_STORE, `keyStoreRef is ${DEFAULT_KEY_STORE}`, place);
  const trustStore = text("trustStoreRef") ?? nestedRef(element, "trustStore");
  const protocol = text("sslProtocol");
  const ciphers = text("enabledCiphers");
  const suites = ciphers === null ? null : javaCipherSuites(ciphers.value);
  const skipped = text("skipHostnameVerificationForHosts");
  const need = element === null ? null : config.flag(element, "clientAuthentication");
  const want = element === null ? null : config.flag(element, "clientAuthenticationSupported");
  return {
    id,
    place,
    keyStore,
    trustStore: trustStore ?? byDefault(keyStore.value, "trustStoreRef is keyStoreRef", place),
    isTrustImplicit: trustStore === null,
    nameCheck: nameCheckOf(element, config),
    trustDefaultCerts: element === null ? null : config.flag(element, "trustDefaultCerts"),
    clientAlias: text("clientKeyAlias"),
    serverAlias: text("serverKeyAlias"),
    clientAuth:
      need?.value === true
        ? { value: "required", origin: need.origin }
        : want?.value === true
          ? { value: "requested", origin: want.origin }
          : byDefault(
              "none",
              "clientAuthentication and clientAuthenticationSupported are false",
              place,
            ),
    filters: element === null ? [] : filtersOf(element, config),
    protocols: protocolsOf(protocol),
    cipherSuites: ciphers === null || suites === null ? null : { ...ciphers, value: suites },
    unchecked: skipped === null ? null : { ...skipped, value: hostsOf(skipped.value) },
  };
}

/** A store that stands inside its `<ssl>`, by the id under which it was taken out. */
function nestedRef(
  element: MergedElement | null,
  local: "keyStore" | "trustStore",
): Sourced<string> | null {
  const child = element?.children.find((each) => each.local === local);
  return element === null || child === undefined
    ? null
    : derived(nestedStoreId(element.id, child), `<${local}> inside <ssl>`, [child.place]);
}

/** `SSL_TLSv2`, `TLS` and their like leave the choice to the runtime; names of versions are a list. */
function protocolsOf(written: Sourced<string> | null): Sourced<readonly string[]> | null {
  if (written === null) return null;
  const words = written.value.split(",").map((word) => word.trim());
  if (!words.every((word) => /^TLSv1(?:\.[0-3])?$/iu.test(word))) return null;
  return { ...written, value: javaProtocols(written.value) };
}

const hostsOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(",")
    .map((host) => host.trim())
    .filter((host) => host !== "")
    .slice(0, 1000);

/** Whether an SSL configuration leaves the name of a host unchecked that it checks otherwise. */
export function isUnchecked({ unchecked, nameCheck }: SslConfig, host: string): boolean {
  if (nameCheck.value === "none") return false;
  const name = host.toLowerCase();
  return (unchecked?.value ?? []).some((pattern) =>
    pattern.startsWith("*") ? name.endsWith(pattern.slice(1)) : name === pattern,
  );
}

/** The level from which on verifyHostname is true unless written (PH58796). */
export const NAME_CHECK_VERSION = "24.0.0.9";

function nameCheckOf(element: MergedElement | null, config: ServerConfig): Sourced<NameCheck> {
  const written = element === null ? null : config.flag(element, "verifyHostname");
  if (written !== null) return { value: written.value ? "https" : "none", origin: written.origin };
  const version = config.runtime.version?.value ?? null;
  const place = element?.place ?? null;
  if (version === null)
    return byDefault("https", `verifyHostname is true from ${NAME_CHECK_VERSION} on`, place);
  return isAtLeast(version, NAME_CHECK_VERSION)
    ? byDefault("https", `verifyHostname is true in ${version}`, place)
    : byDefault("none", `verifyHostname is false in ${version}`, place);
}

function filtersOf(element: MergedElement, config: ServerConfig): readonly OutboundFilter[] {
  return element.children.flatMap((child) => {
    if (child.local !== "outboundConnection") return [];
    const host = config.text(child, "host");
    if (host === null) {
      if (!config.has(child, "host"))
        config.builder.note("An outboundConnection without a host is passed over", child.place);
      return [];
    }
    const port = config.text(child, "port")?.value ?? "*";
    return [
      {
        host: host.value.toLowerCase(),
        port: /^\d{1,5}$/.test(port) ? Number(port) : null,
        clientAlias: config.text(child, "clientCertificate"),
        place: child.place,
      },
    ];
  });
}

/** What a cross-check has to say about name checks of a configuration that is used to dial. */
export function checkNames(ssl: SslConfig, config: ServerConfig): void {
  const { id, nameCheck, place, unchecked } = ssl;
  const version = config.runtime.version?.value ?? null;
  if (unchecked !== null && unchecked.value.length > 0 && nameCheck.value !== "none")
    config.builder.issue({
      code: "estate.name-check-off",
      severity: "info",
      summary: `SSL configuration ${id} does not check the names of ${unchecked.value.slice(0, 5).join(", ")} (skipHostnameVerificationForHosts)`,
      place: placeOf(unchecked),
      remedy: [
        "Give these servers certificates with their names, then take the hosts out of skipHostnameVerificationForHosts",
      ],
    });
  if (nameCheck.value !== "none") {
    if (version === null && nameCheck.origin.kind === "default")
      config.builder.note(
        `Which version of Liberty this is cannot be found; names are taken to be checked, as from ${NAME_CHECK_VERSION} on. Say the version with --system-version`,
        place,
      );
    return;
  }
  const isWritten = nameCheck.origin.kind === "written";
  config.builder.issue({
    code: isWritten ? "estate.name-check-off" : "estate.name-check-changes",
    severity: "warning",
    summary: isWritten
      ? `SSL configuration ${id} does not check the names of the servers that it dials`
      : `SSL configuration ${id} does not check names in ${version ?? "this version"} and will from ${NAME_CHECK_VERSION} on: every mismatch breaks with the update`,
    place: isWritten ? placeOf(nameCheck) : place,
    remedy: [
      "Compare the names in the servers' certificates with the hosts that are dialled",
      `Set verifyHostname="true" on <ssl id="${id}">`,
    ],
  });
}
