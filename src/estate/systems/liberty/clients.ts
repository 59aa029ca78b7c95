import type { ImportedClient, ImportedIdentity } from "../model.ts";
import { placeOf, type Sourced } from "../origin.ts";
import type { SourceReader } from "../source-reader.ts";
import { checkStore } from "../check-store.ts";
import { isWithoutKey } from "../without-key.ts";
import { libertyStore, type LibertyStore } from "./key-stores.ts";
import type { OutboundChoice } from "./outbound.ts";
import type { ServerConfig } from "./server-config.ts";
import { checkNames, type SslConfig } from "./ssl-configs.ts";

/** Turns SSL configurations into clients, each once, with the stores that they use. */
export class LibertyClients {
  readonly #config: ServerConfig;
  readonly #reader: SourceReader;
  readonly #main: SslConfig;
  readonly #clients = new Map<string, string>();
  readonly #stores = new Map<string, Promise<LibertyStore | null>>();
  readonly #truststores = new Map<string, string>();
  readonly #checked = new Set<string>();

  /** @param main the SSL configuration that dials where nothing else fits: its client has the main name */
  constructor(config: ServerConfig, reader: SourceReader, main: SslConfig) {
    this.#config = config;
    this.#reader = reader;
    this.#main = main;
  }

  /** The local name of the client that dials by a choice. */
  async nameOf({ ssl, filter }: OutboundChoice): Promise<string> {
    const alias = filter?.clientAlias ?? ssl.clientAlias;
    const key = JSON.stringify([ssl.id, alias?.value ?? null]);
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    const own = ssl.id === this.#main.id ? "" : ssl.id;
    const differs = filter !== null && filter.clientAlias !== null;
    const name = differs ? [own, filter.clientAlias.value].filter(Boolean).join("-") : own;
    const client = await this.#client(name, ssl, alias);
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
    if (!this.#checked.has(ssl.id)) {
      this.#checked.add(ssl.id);
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
    return {
      name,
      profile: runtime.profile,
      trust,
      nameCheck: ssl.nameCheck,
      identity: await this.#identity(ssl, alias),
    };
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
    await checkStore(
      {
        role: `truststore ${store.id}`,
        path: store.path,
        type: store.type,
        password: store.password,
        alias: null,
        isTruststore: true,
      },
      this.#config.builder,
    );
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
    await checkStore(
      {
        role: `keystore ${store.id}`,
        path: store.path,
        type: store.type,
        password: store.password,
        alias,
        isTruststore: false,
      },
      this.#config.builder,
    );
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
