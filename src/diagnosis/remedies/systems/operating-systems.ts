import { shellWord } from "../../words.ts";
import type { StoreFacts } from "../../situation.ts";
import type { ClientOnly, Import, Removal } from "../system-remedies.ts";
import { windowsWord } from "../tools/windows-word.ts";
import { insertInto, removeFrom, toPem } from "../tools/store-file.ts";

const RESTART = ["Restart the client: programs read the bundle when they start"] as const;
const STORE_PASSWORD = (path: string): readonly string[] => [
  `Programs read the system's CAs as PEM, without a password; give them ${path} as such:`,
  toPem(path),
];
const IDENTITY = ["Give the program the certificate with its chain, and the key, in PEM"] as const;

const DEBIAN_BUNDLE = /^\/etc\/ssl\/certs(\/|$)/;
const RHEL_BUNDLE = /^\/etc\/(pki\/(tls|ca-trust)|ssl)(\/|$)/;

/** Whether a store is what the system's tools write, and would overwrite. */
function isBundle({ isSystemStore, path }: StoreFacts, bundle: RegExp): boolean {
  return isSystemStore || (path !== null && bundle.test(path));
}

/** Debian and Ubuntu: ca-certificates takes files that end in .crt, one certificate each. */
export const DEBIAN: ClientOnly = {
  title: "Debian or Ubuntu",
  client: {
    importCa: ({ file, alias, store, ...job }: Import) =>
      isBundle(store, DEBIAN_BUNDLE)
        ? [
            `cp ${shellWord(file)} /usr/local/share/ca-certificates/${alias}.crt`,
            "update-ca-certificates",
            ...(job.isKnown
              ? []
              : [
                  `On RHEL and Fedora instead: cp ${shellWord(file)} /etc/pki/ca-trust/source/anchors/ && update-ca-trust extract`,
                ]),
          ]
        : insertInto({ file, alias, store, ...job }),
    remove: ({ store, fingerprint, ...entry }: Removal) =>
      isBundle(store, DEBIAN_BUNDLE)
        ? [
            `Delete the file with the SHA-256 fingerprint ${fingerprint} from /usr/local/share/ca-certificates, or put an exclamation mark in front of its line in /etc/ca-certificates.conf`,
            "update-ca-certificates --fresh",
          ]
        : removeFrom({ store, fingerprint, ...entry }),
    useStore: (path) => [`Give the program ${path} as its file of CAs (SSL_CERT_FILE)`],
    storePassword: STORE_PASSWORD,
    nameAsked: () => [],
    useIdentity: IDENTITY,
    restart: RESTART,
  },
};

/** RHEL, Fedora and their kin: p11-kit's ca-trust. */
export const RHEL: ClientOnly = {
  title: "RHEL or Fedora",
  client: {
    importCa: (job) =>
      isBundle(job.store, RHEL_BUNDLE)
        ? [`cp ${shellWord(job.file)} /etc/pki/ca-trust/source/anchors/`, "update-ca-trust extract"]
        : insertInto(job),
    remove: (job) =>
      isBundle(job.store, RHEL_BUNDLE)
        ? [
            `Delete the file with the SHA-256 fingerprint ${job.fingerprint} from /etc/pki/ca-trust/source/anchors, or put a copy of it into /etc/pki/ca-trust/source/blocklist`,
            "update-ca-trust extract",
          ]
        : removeFrom(job),
    useStore: (path) => [`Give the program ${path} as its file of CAs (SSL_CERT_FILE)`],
    storePassword: STORE_PASSWORD,
    nameAsked: () => [],
    useIdentity: IDENTITY,
    restart: RESTART,
  },
};

/** Windows: the machine's store, which .NET and Schannel use. */
export const WINDOWS: ClientOnly = {
  title: "Windows",
  client: {
    importCa: ({ file, role }) => [
      role === "ca"
        ? `certutil -addstore -f Root ${windowsWord(file)}`
        : `certutil -addstore -f TrustedPeople ${windowsWord(file)}`,
      "Run it as administrator; in a domain, publish the CA by group policy instead (Public Key Policies > Trusted Root Certification Authorities)",
    ],
    remove: ({ fingerprint }) => [
      `In certlm.msc, delete the certificate with the SHA-256 fingerprint ${fingerprint}`,
    ],
    storePassword: () => [
      "Windows programs use the machine's store, which has no password; a PKCS#12 file is opened once, when it is imported",
    ],
    nameAsked: () => [],
    useStore: () => ["Windows programs use the machine's store; import the CA there"],
    useIdentity: [
      "Import the certificate with its key into the store of the account that runs the program (certlm.msc > Personal), and give that account the right to read the key",
    ],
    restart: ["Restart the client"],
  },
};
