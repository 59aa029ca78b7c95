import type { UnsupportedFormat } from "./store-format.ts";

/** Words for a shell: quoted where blanks or special characters ask for it. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function keytoolImport(file: string, type: string, provider: string): string {
  return `keytool -importkeystore -srckeystore ${shellWord(file)} -srcstoretype ${type}${provider} -destkeystore ${shellWord(`${file}.p12`)} -deststoretype PKCS12`;
}

const BOUNCY_CASTLE =
  " -providerpath bcprov.jar -provider org.bouncycastle.jce.provider.BouncyCastleProvider";

/** The steps that turn a file of a format that is not read into one that is; `file` is the name to show in them. */
export function conversionSteps(format: UnsupportedFormat, file: string): readonly string[] {
  const name = shellWord(file);
  switch (format) {
    case "uber":
      return [keytoolImport(file, "UBER", BOUNCY_CASTLE)];
    case "cms-stash":
      return [`Name the key database beside it, and give the password as stash:${file}`];
    case "nss-legacy": {
      const slash = file.lastIndexOf("/");
      const directory = slash < 0 ? "." : file.slice(0, slash) || "/";
      const store = `dbm:${directory}`;
      return [
        `certutil -L -d ${shellWord(store)}`,
        `certutil -L -d ${shellWord(store)} -n NICKNAME -a >> ca.pem`,
      ];
    }
    case "windows-sst":
      return [
        "In Windows PowerShell:",
        `$c = [Security.Cryptography.X509Certificates.X509Certificate2Collection]::new(); $c.Import((Resolve-Path ${name})); $c | % { '-----BEGIN CERTIFICATE-----'; [Convert]::ToBase64String($_.RawData, 'InsertLineBreaks'); '-----END CERTIFICATE-----' } | Set-Content -Encoding ascii ${shellWord(`${file}.pem`)}`,
      ];
    case "private-key":
      return ["Name the certificate file instead: a private key holds no trust anchor"];
    case "certificate-request":
      return ["Name the certificate that the CA issued for the request instead"];
    case "revocation-list":
      return ["Name the certificate of the CA that issued the revocation list instead"];
    case "keepass":
    case "java-object":
    case "zip":
      return [
        "Name the truststore itself: JKS, PKCS#12, PEM, DER or another format that holds certificates",
      ];
  }
}
