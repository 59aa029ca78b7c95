import { type DialledUrl, dialledUrl, endpointName, serviceUrl } from "../dialled-url.ts";
import {
  addJavaClient,
  javaOption,
  type JavaOption,
  type JavaSurroundings,
} from "../java/options.ts";
import { byDefault, placeOf, type Sourced } from "../origin.ts";
import { unresolvedVariable } from "../unresolved-variable.ts";
import { attributeOf, descendants, type XmlElement } from "../xml/element.ts";
import type { TomcatContext } from "./connector.ts";

/** Ports of LDAP, without TLS or with StartTLS, and of LDAPS. */
const PORTS = { ldap: 389, ldaps: 636 } as const;

/** A JVM option that takes the comparison of names out of LDAPS (Java 8u181 and later). */
const UNCHECKED = "com.sun.jndi.ldap.object.disableEndpointIdentification";

/** What realms of one server.xml are judged with. */
export interface RealmContext extends TomcatContext {
  readonly jvm: JavaSurroundings;
}

/** Adds the directories that JNDIRealm dials with TLS, judged as the JVM of the server. */
export async function addDirectoryRealms(
  root: XmlElement,
  options: readonly JavaOption[],
  context: RealmContext,
): Promise<void> {
  const { builder } = context;
  let client: string | null | undefined;
  for (const realm of descendants(root)) {
    if (realm.local !== "Realm" || !isDirectoryRealm(realm)) continue;
    for (const directory of directoriesOf(realm, context)) {
      client ??= await addRealmClient(options, context);
      const { scheme, host, port, url } = directory;
      const endpoint = builder.endpoint({
        name: endpointName(host, port),
        direction: "dials",
        url: { ...url, value: serviceUrl(scheme, host, port) },
        serverName: null,
        clientAuth: null,
        labels: { role: "realm" },
      });
      if (client !== null) builder.link(client, endpoint, url.origin);
    }
  }
}

const isDirectoryRealm = (realm: XmlElement): boolean =>
  /(?:^|\.)JNDIRealm$/u.test(realm.attributes.get("className")?.value ?? "");

function addRealmClient(
  options: readonly JavaOption[],
  { builder, jvm }: RealmContext,
): Promise<string | null> {
  const off = javaOption(options, UNCHECKED);
  const isOff = off !== null && /^(?:true)?$/iu.test(off.value);
  if (isOff)
    builder.issue({
      code: "estate.name-check-off",
      severity: "warning",
      summary: `The JVM does not check the names of LDAPS servers: ${UNCHECKED} is set`,
      place: placeOf(off),
      remedy: [`Remove -D${UNCHECKED}, and restart Tomcat`],
    });
  const nameCheck = isOff
    ? { ...off, value: "none" as const }
    : byDefault("ldaps" as const, "Java checks the names of LDAPS servers", jvm.place);
  return addJavaClient(options, { ...jvm, name: "realm", nameCheck }, builder);
}

interface Directory {
  readonly scheme: "ldap" | "ldaps";
  readonly host: string;
  readonly port: number;
  readonly url: Sourced<string>;
}

function directoriesOf(realm: XmlElement, { builder, fill }: RealmContext): readonly Directory[] {
  const filled = (name: string): string => {
    const written = attributeOf(realm, name);
    return written === null ? "" : fill(written).value.toLowerCase();
  };
  const startTls = filled("useStartTls") === "true";
  const isWrapped = filled("protocol") === "ssl";
  return ["connectionURL", "alternateURL"].flatMap((name) => {
    const written = attributeOf(realm, name);
    if (written === null) return [];
    const url = fill(written);
    // several servers stand in one value, apart by spaces
    return url.value.split(/\s+/u).flatMap((text): readonly Directory[] => {
      if (text === "") return [];
      const target = dialledUrl(text);
      if (target.kind === "unresolved") {
        unresolvedVariable(`${name} of the realm`, text, placeOf(written), builder);
        return [];
      }
      const found = directoryOf(target, startTls, isWrapped);
      if (found === null) {
        builder.note(
          target.kind === "plain" && target.scheme === "ldap"
            ? `The realm dials ${endpointName(target.host, target.port ?? PORTS.ldap)} without TLS`
            : `${name} of the realm is none that can be followed`,
          placeOf(written),
        );
        return [];
      }
      return [{ ...found, url }];
    });
  });
}

function directoryOf(
  target: DialledUrl,
  startTls: boolean,
  isWrapped: boolean,
): Omit<Directory, "url"> | null {
  if (target.kind === "tls")
    return target.scheme === "ldaps"
      ? { scheme: "ldaps", host: target.host, port: target.port }
      : null;
  if (target.kind !== "plain" || target.scheme !== "ldap") return null;
  if (isWrapped) return { scheme: "ldaps", host: target.host, port: target.port ?? PORTS.ldaps };
  return startTls ? { scheme: "ldap", host: target.host, port: target.port ?? PORTS.ldap } : null;
}
