import type { XmlElement } from "../xml/element.ts";
import type { WildflyContext } from "./context.ts";
import { checkStore } from "../check-store.ts";
import { configuredPath } from "../configured-path.ts";
import { byDefault, derived, placeOf, type Sourced } from "../origin.ts";
import type { SecretReference } from "../../estate.ts";
import { passwordReference, prefixedVariable } from "../placeholders.ts";
import { attributeOf, childOf, descendants } from "../xml/element.ts";

/** Reads `wildfly-config.xml`: a client for every SSL context that names a truststore. */
export async function addClientConfiguration(
  root: XmlElement,
  { builder, profile, folder, fill }: WildflyContext,
): Promise<void> {
  const elements = [...descendants(root)];
  const stores = new Map<string, XmlElement>();
  for (const each of elements)
    if (each.local === "key-store" && each.attributes.has("name"))
      stores.set(each.attributes.get("name")?.value ?? "", each);
  const fileOf = (store: XmlElement): Sourced<string> | null => {
    const file = childOf(store, "file");
    const written = file === null ? null : attributeOf(file, "name");
    if (written === null) return null;
    const filled = fill(written);
    return { value: configuredPath(filled.value, folder), origin: filled.origin };
  };
  const passwordOf = (store: XmlElement): Sourced<SecretReference> | null => {
    const element = childOf(store, "key-store-clear-password");
    const written = element === null ? null : attributeOf(element, "password");
    const place = written === null ? null : placeOf(written);
    return written === null || place === null
      ? null
      : passwordReference(written, {
          file: place.file,
          locator: `xml:${place.at}`,
          variable: prefixedVariable,
        });
  };
  for (const context of elements) {
    if (context.local !== "ssl-context") continue;
    const name = context.attributes.get("name")?.value;
    if (name === undefined) continue;
    const trust = childOf(context, "trust-store")?.attributes.get("key-store-name")?.value;
    const store = stores.get(trust ?? "");
    const path = store === undefined ? null : fileOf(store);
    if (store === undefined || path === null) {
      builder.note(
        `SSL context "${name}" names no truststore in a file: the JVM's own decides`,
        context.place,
      );
      continue;
    }
    const password = passwordOf(store);
    const local = builder.truststore({ name, paths: [path], password });
    const type = attributeOf(store, "type");
    await checkStore(
      { role: `key-store ${trust ?? ""}`, path, type, password, alias: null, isTruststore: true },
      builder,
    );
    const credential = childOf(context, "key-store-ssl-certificate");
    const key = stores.get(credential?.attributes.get("key-store-name")?.value ?? "");
    const keyPath = key === undefined ? null : fileOf(key);
    builder.client({
      name,
      profile,
      trust: [derived(local, "trust-store of the SSL context", [context.place])],
      nameCheck: byDefault("https", "Java checks the names of HTTPS servers"),
      identity:
        key === undefined || keyPath === null
          ? null
          : {
              kind: "keystore",
              path: keyPath,
              password: passwordOf(key),
              keyPassword: null,
              alias: credential === null ? null : attributeOf(credential, "alias"),
            },
    });
  }
}
