import type { NamedTruststore, RelyingParty } from "../diagnosis/assessment.ts";
import type { ProfileName } from "../trust/profile-names.ts";
import type { ClientSystem } from "../trust/system-names.ts";
import type { NameCheck } from "../trust/verdict.ts";
import { loadTruststore } from "../truststore/load.ts";
import { resolvePassword } from "../truststore/password.ts";
import { systemStore } from "../truststore/system-store.ts";
import { clientWords } from "./command-words.ts";
import { chosenRules, type ProfileChoice } from "./profile-choice.ts";
import { UsageError } from "./usage-error.ts";

/** What the options say about the clients to judge as. */
export interface ClientOptions {
  readonly as?: readonly ProfileChoice[] | undefined;
  readonly truststore?: readonly string[] | undefined;
  readonly truststorePassword?: string | undefined;
  readonly nameCheck?: NameCheck | undefined;
  readonly system?: ClientSystem | undefined;
}

const JAVA_FORMATS: readonly string[] = ["jks", "jceks", "pkcs12", "bks", "bcfks"];

/**
 * The clients that options describe: one for each profile, all with the same truststores.
 * @throws {UsageError} when a password cannot be had or a file of settings cannot be used
 */
export async function relyingParties(
  options: ClientOptions,
  ownChain: readonly Uint8Array[] | null,
): Promise<readonly RelyingParty[]> {
  const truststores = await readTruststores(options);
  const choices = options.as ?? [ownProfile(defaultProfile(truststores))];
  const distinct = new Map(choices.map((choice) => [choice.text, choice]));
  return Promise.all(
    [...distinct.values()].map(async (choice) => ({
      name: choice.text,
      profile: choice.profile,
      rules: await chosenRules(choice),
      truststores,
      nameCheck: options.nameCheck ?? "https",
      ownChain,
      system: options.system ?? null,
      commandWords: clientWords(options, choice.text),
    })),
  );
}

const ownProfile = (profile: ProfileName): ProfileChoice => ({
  text: profile,
  profile,
  javaSecurity: null,
});

async function readTruststores(options: ClientOptions): Promise<readonly NamedTruststore[]> {
  const password = await readPassword(options.truststorePassword);
  if (options.truststore === undefined)
    return [{ name: "the operating system's store", store: systemStore() }];
  return Promise.all(
    options.truststore.map(async (text): Promise<NamedTruststore> => {
      const paths = text.split(",").filter((path) => path !== "");
      return {
        name: text,
        store: await loadTruststore({ name: text, paths, password }),
        passwordSpec: options.truststorePassword ?? null,
      };
    }),
  );
}

async function readPassword(spec: string | undefined): Promise<string | null> {
  if (spec === undefined) return null;
  const password = await resolvePassword(spec);
  if (!password.ok) throw new UsageError(`--truststore-password: ${password.error.message}`);
  return password.value;
}

/** The profile that fits the format: Java stores are read by Java. */
function defaultProfile(truststores: readonly NamedTruststore[]): ProfileName {
  const isJava = truststores.some(({ store }) =>
    store.ok
      ? store.value.files.some(({ format }) => JAVA_FORMATS.includes(format))
      : store.error.format !== null && JAVA_FORMATS.includes(store.error.format),
  );
  return isJava ? "openjdk-21" : "openssl-3";
}
