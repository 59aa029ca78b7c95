import type { StoreFile } from "../../../truststore/truststore.ts";
import type { Certificate } from "../../../x509/certificate.ts";
import { anchorsIn, checkStore, ownChain } from "../check-store.ts";
import type { ImportedClient, ImportedEndpoint, ImportedIdentity } from "../model.ts";
import { placeOf, type Sourced } from "../origin.ts";
import type { SourceReader } from "../source-reader.ts";
import { isWithoutKey } from "../without-key.ts";
import { DEFAULT_KEY_STORE, libertyStore, type LibertyStore } from "./key-stores.ts";
import type { OutboundChoice } from "./outbound.ts";
import type { ServerConfig } from "./server-config.ts";
import { checkNames, isUnchecked, type SslConfig } from "./ssl-configs.ts";

/** Turns SSL configurations into clients, each once, with the stores that they use. */
export class LibertyClients {
  readonly #config: ServerConfig;
  readonly #reader: SourceReader;
  readonly #main: SslConfig;
  readonly #clients = new Map<string, string>();
  readonly #stores = new Map<string, Promise<LibertyStore | null>>();
  readonly #truststores = new Map<string, string>();
  readonly #told = new Set<string>();
  readonly #files = new Map<string, Promise<StoreFile | null>>();

  /** @param main the SSL configuration that dials where nothing else fits: its client has the main name */
  constructor(config: ServerConfig, reader: SourceReader, main: SslConfig) {
    this.#config = config;
    this.#reader = reader;
    this.#main = main;
  }

  /** The local name of the client that dials a host by a choice; null: whatever has no filter. */
  async nameOf({ ssl, filter }: OutboundChoice, host: string | null = null): Promise<string> {
    const alias = filter?.clientAlias ?? ssl.clientAlias;
    const skips = host !== null && isUnchecked(ssl, host);
    const key = JSON.stringify([ssl.id, alias?.value ?? null, skips]);
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    const own = ssl.id === this.#main.id ? "" : ssl.id;
    const differs = filter !== null && filter.clientAlias !== null;
    const parts = [own, differs ? filter.clientAlias.value : "", skips ? "names-unchecked" : ""];
    const client = await this.#client(parts.filter(Boolean).join("-"), ssl, alias);
    if (skips && ssl.unchecked !== null) {
      const given = this.#config.builder.client({
        ...client,
        nameCheck: { value: "none", origin: ssl.unchecked.origin },
      });
      this.#clients.set(key, given);
      return given;
    }
    const given = this.#config.builder.client(client);
    this.#clients.set(key, given);
    return given;
  }

  async #client(
    name: string,
    ssl: SslConfig,
    alias: Sourced<string> | null,
  ): Promise<ImportedClient> {
    const { builder, runtime } = this.#config;
    if (!this.#told.has(ssl.id)) {
      this.#told.add(ssl.id);
      checkNames(ssl, this.#config);
      if (ssl.isTrustImplicit) this.#tellImplicit(ssl);
    }
    const trust: Sourced<string>[] = [];
    const store = await this.#storeOf(ssl.trustStore, "truststore");
    if (store !== null && store.path !== null)
      trust.push({ value: await this.#truststore(store), origin: ssl.trustStore.origin });
    if (ssl.trustDefaultCerts?.value === true) {
      if (runtime.javaHome === null)
        builder.note(
          "trustDefaultCerts adds the JVM's own truststore, and which JVM runs the server cannot be found; add java-home:PATH to the client's trust",
          placeOf(ssl.trustDefaultCerts),
        );
      else trust.push({ value: this.#jvm(runtime.javaHome), origin: ssl.trustDefaultCerts.origin });
    }
    const identity = await this.#identity(ssl, alias);
    return {
      name,
      profile: runtime.profile,
      trust,
      nameCheck: ssl.nameCheck,
      identity,
      ...limitsOf(ssl),
      ownChain: identity === null ? [] : await this.#chain(ssl, alias),
    };
  }

  /** What a listener with an SSL configuration presents, accepts and asks for; its stores are checked. */
  async servingWith(
    ssl: SslConfig,
  ): Promise<
    Pick<ImportedEndpoint, "protocols" | "cipherSuites" | "ownChain" | "clientAuthorities">
  > {
    const { builder } = this.#config;
    const store = await this.#store(ssl.keyStore.value);
    if (store === null || store.path === null) return limitsOf(ssl);
    if (!store.exists && store.id === DEFAULT_KEY_STORE) {
      builder.note(
        `The keystore ${store.path.value} does not exist; where it has a password, the server makes it with a self-signed certificate at its start`,
        placeOf(store.path),
      );
      return limitsOf(ssl);
    }
    const own = await this.#checked(store, false, ssl.serverAlias);
    const authorities = ssl.clientAuth.value === "none" ? null : await this.#authorities(ssl);
    return {
      ...limitsOf(ssl),
      ownChain: ownChain(own, ssl.serverAlias?.value ?? null),
      ...(authorities === null
        ? {}
        : { clientAuthorities: { value: authorities, origin: ssl.trustStore.origin } }),
    };
  }

  async #authorities(ssl: SslConfig): Promise<readonly Certificate[]> {
    const store = await this.#storeOf(ssl.trustStore, "truststore");
    if (store === null || store.path === null) return [];
    return anchorsIn(await this.#checked(store, true, null), "java");
  }

  async #chain(ssl: SslConfig, alias: Sourced<string> | null): Promise<readonly Certificate[]> {
    const store = await this.#store(ssl.keyStore.value);
    return store === null || store.path === null
      ? []
      : ownChain(await this.#checked(store, false, alias), alias?.value ?? null);
  }

  /** A store as it opens; what is wrong with it is said once. */
  async #checked(
    store: LibertyStore,
    isTruststore: boolean,
    alias: Sourced<string> | null,
  ): Promise<StoreFile | null> {
    const { path, type, password } = store;
    if (path === null) return null;
    const key = JSON.stringify([path.value, isTruststore, alias?.value ?? null]);
    const known = this.#files.get(key);
    if (known !== undefined) return known;
    const role = `${isTruststore ? "truststore" : "keystore"} ${store.id}`;
    const file = checkStore(
      { role, path, type, password, alias, isTruststore },
      this.#config.builder,
    );
    this.#files.set(key, file);
    return file;
  }

  #store(id: string): Promise<LibertyStore | null> {
    const known = this.#stores.get(id);
    if (known !== undefined) return known;
    const store = libertyStore(id, this.#config, this.#reader);
    this.#stores.set(id, store);
    return store;
  }

  async #storeOf(ref: Sourced<string>, use: string): Promise<LibertyStore | null> {
    const store = await this.#store(ref.value);
    if (store === null)
      this.#config.builder.issue({
        code: "estate.store-unusable",
        severity: "critical",
        summary: `No <keyStore> has the id ${ref.value}, which is the ${use}`,
        place: placeOf(ref),
        remedy: [
          `Add <keyStore id="${ref.value}" location="…" password="…"/>, or correct the reference`,
        ],
      });
    return store;
  }

  async #truststore(store: LibertyStore): Promise<string> {
    const known = this.#truststores.get(store.id);
    if (known !== undefined || store.path === null) return known ?? store.id;
    await this.#checked(store, true, null);
    const name = this.#config.builder.truststore({
      name: store.id,
      paths: [store.path, ...store.added],
      password: store.password,
      type: store.type,
    });
    this.#truststores.set(store.id, name);
    return name;
  }

  #jvm(home: Sourced<string>): string {
    const known = this.#truststores.get("jvm:");
    if (known !== undefined) return known;
    const name = this.#config.builder.truststore({
      name: "jvm",
      paths: [{ value: `java-home:${home.value}`, origin: home.origin }],
      password: null,
    });
    this.#truststores.set("jvm:", name);
    return name;
  }

  async #identity(ssl: SslConfig, alias: Sourced<string> | null): Promise<ImportedIdentity | null> {
    const store = await this.#storeOf(ssl.keyStore, "keystore");
    if (store === null || store.path === null) return null;
    if (!store.exists) {
      this.#config.builder.note(
        `The keystore ${store.path.value} does not exist; the client has no certificate of its own`,
        placeOf(store.path),
      );
      return null;
    }
    if (await isWithoutKey(store.path.value, store.password?.value ?? null)) {
      this.#config.builder.note(
        `The keystore ${store.path.value} holds no private key; the client has no certificate of its own`,
        placeOf(store.path),
      );
      return null;
    }
    await this.#checked(store, false, alias);
    return {
      kind: "keystore",
      path: store.path,
      password: store.password,
      keyPassword: alias === null ? null : (store.keyPasswords.get(alias.value) ?? null),
      alias,
    };
  }

  #tellImplicit(ssl: SslConfig): void {
    this.#config.builder.issue({
      code: "estate.truststore-is-keystore",
      severity: "warning",
      summary: `SSL configuration ${ssl.id} names no truststore, so its keystore ${ssl.keyStore.value} is the truststore`,
      place: ssl.place,
      remedy: [
        `Add a <keyStore> for trust and name it: <ssl id="${ssl.id}" keyStoreRef="${ssl.keyStore.value}" trustStoreRef="…"/>`,
      ],
    });
  }
}

/** Versions and suites, where an SSL configuration limits them. */
const limitsOf = ({
  protocols,
  cipherSuites,
}: SslConfig): Pick<ImportedClient, "protocols" | "cipherSuites"> => ({
  ...(protocols === null ? {} : { protocols }),
  ...(cipherSuites === null ? {} : { cipherSuites }),
});
