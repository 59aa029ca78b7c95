import t from "tap";
import { LIBERTY } from "../../../src/estate/systems/liberty/importer.ts";
import { importFolder } from "./import-folder.ts";

t.test(
  "LIBERTY derives every value of a server with drop-ins, includes, conflicts and variables of every source",
  async (t) => {
    const { lines } = await importFolder(LIBERTY, "liberty/wlp", {
      paths: ["usr/servers/front"],
      host: "front.example.net",
    });
    t.same(lines, [
      'dials "ldap.example.net:636" ldaps://ldap.example.net:636 @usr/servers/front/server.xml:21:27',
      'dials "ldap2.example.net:1636" ldaps://ldap2.example.net:1636 @usr/servers/front/server.xml:22:39',
      'dials "north.bpm.example.net:9444" https://north.bpm.example.net:9444 @usr/servers/front/server.xml:24:34',
      'dials "mapped-host.example.net:9445" https://mapped-host.example.net:9445 @usr/servers/front/server.xml:24:99',
      'dials "idp.bpm.example.net:9444" https://idp.bpm.example.net:9444 @usr/servers/front/server.xml:25:25',
      'dials "r.example.net:443" https://r.example.net:443 @usr/servers/front/server.xml:29:23',
      'dials "i.example.net:443" https://i.example.net:443 @usr/servers/front/server.xml:30:23',
      'listens "https" https://front.example.net:9443 @usr/servers/front/server.xml:10:42, clientAuth requested @usr/servers/front/server.xml:14:67',
      'store "outTrust" usr/servers/front/resources/security/peers.p12 @usr/servers/front/common/tls-base.xml:3:27, password {"kind":"config","pa… @usr/servers/front/common/tls-base.xml:3:102',
      'store "defaultKeyStore" usr/servers/front/resources/security/key.p12 @default, password {"kind":"config","pa… @usr/servers/front/server.env:4:1',
      'store "replaced" usr/servers/front/resources/security/theirs.p12 @usr/servers/front/common/replaced.xml:1:33',
      'store "ignored" usr/servers/front/resources/security/mine.p12 @usr/servers/front/server.xml:13:26',
      'client "" openjdk-17 trusts "outTrust", nameCheck https @usr/servers/front/server.xml:15:68',
      'client "directory" openjdk-17 trusts "defaultKeyStore", nameCheck none @usr/servers/front/configDropins/overrides/Z.xml:1:29',
      'client "bpm" openjdk-17 trusts "outTrust", nameCheck https @usr/servers/front/server.xml:15:68',
      'client "usesReplaced" openjdk-17 trusts "replaced", nameCheck https @usr/servers/front/server.xml:27:72',
      'client "usesIgnored" openjdk-17 trusts "ignored", nameCheck https @usr/servers/front/server.xml:28:70',
      'link "directory" -> "ldap.example.net:636"',
      'link "directory" -> "ldap2.example.net:1636"',
      'link "" -> "north.bpm.example.net:9444"',
      'link "" -> "mapped-host.example.net:9445"',
      'link "bpm" -> "idp.bpm.example.net:9444"',
      'link "usesReplaced" -> "r.example.net:443"',
      'link "usesIgnored" -> "i.example.net:443"',
      "note usr/servers/front/common/tls-base.xml:2:12 usr/servers/front/common/tls-base.xml includes itself; the include is passed over",
      "note - Which Java runs the server cannot be found (JAVA_HOME in server.env); profile openjdk-17 is taken. Set profile: in the estate where it is another",
      "note usr/servers/front/server.xml:11:25 The keystore usr/servers/front/resources/security/front.p12 does not exist; the client has no certificate of its own",
      "note - The keystore usr/servers/front/resources/security/key.p12 does not exist; the client has no certificate of its own",
      "critical estate.file-unreadable usr/servers/front/configDropins/overrides/broken.xml:3:1 usr/servers/front/configDropins/overrides/broken.xml is passed over: Not well-formed XML: disallowed character in attribute name",
      "info estate.default-password usr/servers/front/common/tls-base.xml:3:102 The password of truststore outTrust is one that everybody knows",
      "warning estate.store-unusable usr/servers/front/common/tls-base.xml:3:27 The store of truststore outTrust, usr/servers/front/resources/security/peers.p12, is of no use: File not found; Java clients fall back to the JDK's own cacerts without a message",
      "warning estate.unresolved-variable usr/servers/front/server.xml:26:22 Nothing defines ${nowhere}, which hostName uses",
      "warning estate.name-check-off usr/servers/front/configDropins/overrides/Z.xml:1:29 SSL configuration directory does not check the names of the servers that it dials",
      "warning estate.truststore-is-keystore usr/servers/front/configDropins/defaults/a.xml:1:80 SSL configuration directory names no truststore, so its keystore defaultKeyStore is the truststore",
      "warning estate.store-unusable - The store of truststore defaultKeyStore, usr/servers/front/resources/security/key.p12, is of no use: File not found; Java clients fall back to the JDK's own cacerts without a message",
      "warning estate.store-unusable usr/servers/front/common/replaced.xml:1:33 The store of truststore replaced, usr/servers/front/resources/security/theirs.p12, is of no use: File not found; Java clients fall back to the JDK's own cacerts without a message",
      "warning estate.store-unusable usr/servers/front/server.xml:13:26 The store of truststore ignored, usr/servers/front/resources/security/mine.p12, is of no use: File not found; Java clients fall back to the JDK's own cacerts without a message",
      "warning estate.store-unusable usr/servers/front/server.xml:11:25 The store of keystore inKeys, usr/servers/front/resources/security/front.p12, is of no use: File not found",
      'info estate.filter-unmatched usr/servers/front/server.xml:17:5 No URL that the server dials fits the outbound filter nobody.example.net:* of <ssl id="outbound">',
    ]);
  },
);
