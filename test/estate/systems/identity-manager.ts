import t from "tap";
import { IDENTITY_MANAGER } from "../../../src/estate/systems/identity-manager/importer.ts";
import { importFiles } from "./import-files.ts";

t.test(
  "IDENTITY_MANAGER.read() derives directories, those to fail over to, and templates",
  async (t) => {
    const { lines } = await importFiles(t, IDENTITY_MANAGER, {
      "directory.xml": `<?xml version="1.0"?>
<Directory name="users">
  <Provider type="LDAP" userdirectory="users">
    <LDAP searchroot="o=example" secure="true"/>
    <Credentials user="cn=admin" cleartext="true">Vinbarskrok</Credentials>
    <Connection host="ldap-1.example.com" port="636" failover="ldap-2.example.com:1636 [2001:db8::7]:636 bad:0"/>
  </Provider>
  <Provider type="LDAP">
    <LDAP searchroot="o=p" secure="TRUE"/>
    <Connection host="imps.example.com"/>
    <eTrustAdmin domain="im"/>
  </Provider>
  <Provider type="LDAP"><LDAP secure="false"/><Connection host="plain.example.com" port="389"/></Provider>
  <Provider type="LDAP"><LDAP secure="@SMDirSecure"/><Connection host="@SMDirHost" port="@SMDirPort"/></Provider>
  <Provider type="LDAP"><LDAP secure="true"/><Connection host="@SMDirHost" port="@SMDirPort"/></Provider>
</Directory>
`,
    });
    t.strictSame(lines, [
      'dials "ldap-1.example.com:636" ldaps://ldap-1.example.com:636 @directory.xml:6:17',
      'dials "ldap-2.example.com:1636" ldaps://ldap-2.example.com:1636 @directory.xml:6:54',
      'dials "[2001:db8::7]:636" ldaps://[2001:db8::7]:636 @directory.xml:6:54',
      'dials "imps.example.com:20390" ldaps://imps.example.com:20390 @directory.xml:10:17',
      'note directory.xml:6:54 The place "bad:0" of a directory is not understood',
      "note directory.xml:13:31 Identity Manager dials this directory without TLS: LDAP/@secure is false",
      "note directory.xml:14:31 LDAP/@secure is @SMDirSecure, which the Management Console fills in; export the directory from there",
      "note directory.xml:15:58 Connection is @SMDirHost:@SMDirPort, which the Management Console fills in; export the directory from there",
      "note - Identity Manager judges with the truststore of the application server's JVM, which is not in directory.xml; link that client to what it dials",
    ]);
  },
);
