import { dirname, join } from "node:path";
import type { NamedTruststore } from "../diagnosis/assessment.ts";
import { loadTruststore } from "../truststore/load.ts";

/**
 * The `cacerts` that JVMs do not read because of the stores in use: the CA that is missing may be there. No password is
 * needed for the ones that JDKs come with.
 */
export async function maskedStores(
  truststores: readonly NamedTruststore[],
): Promise<readonly NamedTruststore[]> {
  const paths = truststores.flatMap(({ store }) =>
    store.ok
      ? store.value.files.flatMap(({ path, anomalies }) =>
          path !== null && anomalies.some(({ code }) => code === "masks-cacerts")
            ? [join(dirname(path), "cacerts")]
            : [],
        )
      : [],
  );
  return Promise.all(
    paths.map(async (path) => ({
      name: path,
      store: await loadTruststore({ name: path, paths: [path], password: null }),
    })),
  );
}
