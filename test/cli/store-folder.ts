import type { Test } from "tap";
import type { IssuedCertificate } from "../../src/cli/demo/certificate.ts";
import type { NewEntry } from "../../src/truststore/new-entry.ts";
import { writeJks } from "../../src/truststore/write-jks.ts";
import { writePemStore } from "../../src/truststore/write-pem.ts";
import { MODERN_PKCS12, OPENSSL_PKCS12, writePkcs12 } from "../../src/truststore/write-pkcs12.ts";
import { issue, NOW, someKeys } from "../truststore/authority.ts";
import { writeJks as writeAnyJks } from "../truststore/write-stores.ts";
import { anchorwatch, type CommandOutcome, linesOf } from "./command.ts";

/** Password of the stores of these tests. */
export const PASSWORD = "store-pa55";
/** Where the passwords stand. */
export const env = { STORE_PW: PASSWORD, WRONG_PW: "not this one" };
/** The option with the right password. */
export const RIGHT = ["--password", "env:STORE_PW"] as const;
/** The option with the moment of these tests. */
export const AT = ["--at", new Date(NOW).toISOString()] as const;

/** `anchorwatch store …` in a folder. */
export const store = (cwd: string, ...args: readonly string[]): Promise<CommandOutcome> =>
  anchorwatch(["store", ...args], { env, cwd });

interface Cast {
  readonly root: IssuedCertificate;
  readonly renewed: IssuedCertificate;
  readonly other: IssuedCertificate;
  readonly leaf: IssuedCertificate;
}

let cast: Promise<Cast> | undefined;

/** The certificates of all these tests, issued once. */
export function people(): Promise<Cast> {
  cast ??= (async () => {
    const [, key] = await someKeys();
    if (key === undefined) throw new Error("No keys");
    const long = "with a name that is so long that no line of a terminal has room for it";
    const root = await issue({ name: "Corp Root", days: [-100, 300] });
    return {
      root,
      renewed: await issue({ name: "Corp Root", days: [-1, 3000] }),
      other: await issue({ name: `Other Root ${long}`, organisation: `Corp ${long}`, key }),
      leaf: await issue({ name: "server.example.com", issuer: root, key, ca: false }),
    };
  })();
  return cast;
}

/** A folder with stores and certificates. */
export async function openFolder(t: Test): Promise<string> {
  const { root, renewed, other, leaf } = await people();
  const entries: readonly NewEntry[] = [
    { alias: "corp-root", der: root.der },
    { alias: "other-root", der: other.der },
  ];
  const folder = t.testdir({
    "trust.p12": Buffer.from(await writePkcs12(entries, PASSWORD, MODERN_PKCS12)),
    "trust.jks": Buffer.from(writeJks(entries, PASSWORD, NOW)),
    "bundle.pem": writePemStore(entries),
    "openssl.p12": Buffer.from(await writePkcs12(entries, PASSWORD, OPENSSL_PKCS12)),
    "key.jks": Buffer.from(
      writeAnyJks(
        [
          { alias: "own", certificates: [leaf.der, root.der], key: true },
          { alias: "corp-root", certificates: [root.der] },
        ],
        PASSWORD,
      ),
    ),
    "known.jks": Buffer.from(writeJks(entries, "changeit", NOW)),
    "renewed.pem": renewed.pem,
    "root.pem": root.pem,
    "leaf.pem": leaf.pem,
  });
  return folder;
}

/** Everything that people read fits into 80 columns; paths, and commands to be copied, may be longer. */
export function fits(t: Test, { stdout }: CommandOutcome): void {
  for (const line of linesOf(stdout))
    if (!/^\s*(\d+\. )?(anchorwatch|keytool|openssl) |tap-testdir/.test(line))
      t.ok(line.length <= 80, line);
}
