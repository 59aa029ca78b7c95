import t from "tap";
import { IBM_HTTP_SERVER } from "../../../src/estate/systems/ibm-http-server/importer.ts";
import { generateKeyPairSync } from "node:crypto";
import { selfSigned } from "../../lab/self-signed.ts";
import { writeKdb } from "../../truststore/write-kdb.ts";
import { importFiles } from "./import-files.ts";
import { importFolder } from "./import-folder.ts";

t.test(
  "IBM_HTTP_SERVER derives virtual hosts, proxied servers and transports with their key databases",
  async (t) => {
    const { lines } = await importFolder(IBM_HTTP_SERVER, "ihs");
    t.same(lines, [
      'listens "front.example.net:8443" https://front.example.net:8443 @conf/extra/front.conf:1:14, clientAuth required @conf/extra/front.conf:6:17',
      'dials "wle.example.net:9443" https://wle.example.net:9443 @conf/extra/front.conf:9:5',
      'listens "second.example.net:8444" https://second.example.net:8444 @conf/extra/front.conf:11:14, clientAuth none @default',
      'dials "wle1.example.net:9443" https://wle1.example.net:9443 @plugin-cfg.xml:5:18',
      'dials "wle2.example.net:9443" https://wle2.example.net:9443 @plugin-cfg.xml:10:18',
      'store "" /opt/web/keys/front.kdb @conf/extra/front.conf:4:11, password {"kind":"stash","path":"/opt/web/keys/front.sth"} @default',
      'store "plugin" /opt/web/plugin/plugin-key.kdb @plugin-cfg.xml:6:34, password {"kind":"stash","path":"/opt/web/plugin/plugin-key.sth"} @plugin-cfg.xml:7:36',
      'client "" gskit trusts "", nameCheck none @default',
      'client "plugin" gskit trusts "plugin", nameCheck none @default',
      'link "" -> "wle.example.net:9443"',
      'link "plugin" -> "wle1.example.net:9443"',
      "note conf/extra/front.conf:4:11 /opt/web/keys/front.sth: Password file not found",
      "note conf/extra/front.conf:14:11 /opt/web/keys/other.sth: Password file not found",
      "note plugin-cfg.xml:6:34 /opt/web/plugin/plugin-key.sth: Password file not found",
      "note plugin-cfg.xml:10:7 A transport with https names no keyring; which certificates it trusts cannot be told",
      "warning estate.store-unusable conf/extra/front.conf:4:11 The store of KeyFile, /opt/web/keys/front.kdb, is of no use: File not found",
      "warning estate.store-unusable conf/extra/front.conf:14:11 The store of KeyFile, /opt/web/keys/second.kdb, is of no use: File not found",
      "warning estate.store-unusable plugin-cfg.xml:6:34 The store of keyring, /opt/web/plugin/plugin-key.kdb, is of no use: File not found",
    ]);
  },
);

/** A stash of version 1: every byte of the password, its end and the padding XOR 0xF5. */
const stashOf = (password: string): Uint8Array =>
  Buffer.from(`${password}\0`.padEnd(129, "x")).map((byte) => byte ^ 0xf5);

t.test(
  "IBM_HTTP_SERVER opens key databases with their stash and looks for the label",
  async (t) => {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const signer = selfSigned(publicKey, privateKey);
    const kdb = writeKdb([{ label: "corp root", body: { signer } }], { password: "kdb-4711" });
    const conf = (label: string): string =>
      `Listen 8443\n<VirtualHost *:8443>\nServerName front.example.net\nSSLEnable\nKeyFile keys/front.kdb\nSSLServerCert "${label}"\nSSLProxyEngine On\nProxyPass /a https://a.example.net:9443/\n</VirtualHost>\n`;
    const files = { "keys/front.kdb": kdb, "keys/front.sth": stashOf("kdb-4711") };
    const codes = async (label: string, stash: string): Promise<readonly string[]> => {
      const all = { ...files, "conf/httpd.conf": conf(label), "keys/front.sth": stashOf(stash) };
      const { found } = await importFiles(t, IBM_HTTP_SERVER, all, { paths: ["conf/httpd.conf"] });
      return found.issues.map(({ code }) => code);
    };
    t.same(await codes("corp root", "kdb-4711"), []);
    t.same(await codes("another", "kdb-4711"), ["estate.alias-missing"]);
    t.same(await codes("corp root", "kdb-0815"), ["estate.store-unusable"]);
    for (const version of [3, 4, 6] as const) {
      const other = writeKdb([{ label: "corp root", body: { signer } }], {
        password: "kdb-4711",
        version,
      });
      const all = { ...files, "conf/httpd.conf": conf("corp root"), "keys/front.kdb": other };
      const { found } = await importFiles(t, IBM_HTTP_SERVER, all, { paths: ["conf/httpd.conf"] });
      t.same(found.issues, [], `version ${version}`);
    }
  },
);
