import { execFileSync } from "node:child_process";
import { join } from "node:path";
import t from "tap";
import { type ConfiguredStore, checkStore } from "../../../src/estate/systems/check-store.ts";
import { ImportBuilder } from "../../../src/estate/systems/import-builder.ts";
import { type Place, written } from "../../../src/estate/systems/origin.ts";
import { requireTool } from "../../tools.ts";

const place: Place = { file: "/etc/app.conf", line: 1, column: 1, at: "store" };

const found = async (
  store: Partial<ConfiguredStore> & { readonly at: string },
): Promise<readonly string[]> => {
  const builder = new ImportBuilder();
  const { at, ...rest } = store;
  await checkStore(
    {
      role: "keystore",
      path: written(at, place),
      type: null,
      password: null,
      alias: null,
      isTruststore: false,
      ...rest,
    },
    builder,
  );
  const { issues, notes } = builder.build("");
  return [
    ...issues.map(({ code, severity }) => `${severity} ${code}`),
    ...notes.map(({ message }) => message),
  ];
};

t.test("checkStore() opens stores that keytool made", async (t) => {
  const keytool = requireTool(t, "keytool");
  if (keytool === undefined) return;
  const folder = t.testdir({
    good: "a password of our own\n",
    known: "changeit",
    wrong: "another one\n",
  });
  const store = join(folder, "ssl.keystore");
  execFileSync(
    keytool,
    [
      "-genkeypair",
      "-keyalg",
      "EC",
      "-alias",
      "eta2_server",
      "-dname",
      "CN=eta_server",
      "-storetype",
      "JKS",
      "-keystore",
      store,
      "-storepass:file",
      join(folder, "good"),
      "-keypass:file",
      join(folder, "good"),
    ],
    { stdio: "ignore" },
  );
  const secret = (name: string): ConfiguredStore["password"] =>
    written({ kind: "file", path: join(folder, name) }, place);

  t.strictSame(
    await found({
      at: store,
      password: secret("good"),
      type: written("JKS", place),
      alias: written("ETA2_SERVER", place),
    }),
    [],
  );
  t.strictSame(
    await found({ at: store, password: secret("good"), type: written("PKCS12", place) }),
    ["info estate.store-type-differs"],
    "Java opens either",
  );
  t.strictSame(await found({ at: store, password: secret("good"), type: written("PEM", place) }), [
    "warning estate.store-type-differs",
  ]);
  t.strictSame(await found({ at: store, password: secret("good"), alias: written("im", place) }), [
    "warning estate.alias-missing",
  ]);
  t.strictSame(await found({ at: store, password: secret("wrong") }), [
    "warning estate.store-unusable",
  ]);
  t.strictSame(await found({ at: store, password: secret("known") }), [
    "info estate.default-password",
    "warning estate.store-unusable",
  ]);
  t.strictSame(await found({ at: join(folder, "absent") }), ["warning estate.store-unusable"]);
  const [, note] = await found({
    at: store,
    password: secret("absent"),
    type: written("PEM", place),
  });
  t.match(
    note,
    /not found/u,
    "a password that cannot be had is said, and the store is read without",
  );
});
