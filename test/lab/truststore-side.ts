import type { CertificateSpec } from "../differential/certificate-spec.ts";
import { type Lab, link, STORE_PASSWORD } from "./scenarios/lab.ts";
import {
  hierarchy,
  HOST,
  intermediate,
  keyPemOf,
  leaf,
  pemOf,
  root,
  selfSigned,
  USAGES,
} from "./scenarios/pki.ts";
import { runScenarios } from "./scenarios/run-scenario.ts";
import {
  broken,
  type Estate,
  fine,
  type Scenario,
  type StoreFile,
  works,
} from "./scenarios/scenario.ts";

const corp = hierarchy("Corp");
const other = hierarchy("Other");
const sent = [corp.leaf, corp.issuing] as const;

const JAVA = ["openjdk-17", "openjdk-17-sunx509"] as const;

/** A link whose clients are Java programs with a store of their own. */
async function javaLink(
  lab: Lab,
  chain: readonly CertificateSpec[],
  javaStore: StoreFile,
): Promise<Estate> {
  const { port } = await lab.serve(chain);
  return { target: `https://${HOST}`, host: HOST, port, store: null, javaStore };
}

/** A PKCS#12 file of openssl with the key and chain of a server. */
async function keystore(
  lab: Lab,
  name: string,
  chain: readonly CertificateSpec[],
): Promise<StoreFile> {
  const [own] = chain;
  if (own === undefined) throw new Error("A keystore needs a certificate");
  await lab.openssl(
    "pkcs12",
    "-export",
    "-name",
    "server",
    "-passout",
    `pass:${STORE_PASSWORD}`,
    "-in",
    lab.pem(`${name}.pem`, chain),
    "-inkey",
    lab.write(`${name}.key`, keyPemOf(own)),
    "-out",
    lab.path(name),
  );
  return { path: lab.path(name), password: STORE_PASSWORD };
}

const rekeyed = root("Corp Root", { key: "p384" });
const expiredRoot = root("Corp Root", { from: -900, until: -5 });
const renewedLeaf = leaf(corp.issuing, { key: "p521" });
const expiredLeaf = leaf(corp.issuing, { from: -400, until: -5 });
const expiredOwn = selfSigned({ from: -400, until: -5 });
const staleIssuing = intermediate("Corp Issuing", corp.root, { from: -900, until: -5 });

const SCENARIOS: readonly Scenario[] = [
  {
    id: "A1",
    title: "the root of a correct chain is not in the store",
    build: async (lab) => ({
      ...(await link(lab, { sent, anchors: [other.root] })),
      javaStore: await lab.javaStore("trust.jks", { other: other.root }),
    }),
    expected: broken("truststore.anchor-missing"),
    says: ["the server's chain is in order"],
  },
  {
    id: "A2",
    title: "the same, and the server sends the root",
    build: (lab) => link(lab, { sent: [...sent, corp.root], anchors: [other.root] }),
    expected: broken("truststore.anchor-missing"),
    says: ["the server sends a complete chain, the truststore is the problem"],
  },
  {
    id: "A3",
    title: "the root is in another store of the estate",
    build: async (lab) => ({
      ...(await link(lab, { sent, anchors: [other.root] })),
      others: { corporate: await lab.javaStore("corporate.p12", { "corp-root": corp.root }) },
    }),
    expected: broken("truststore.anchor-elsewhere"),
    says: ["corporate (alias corp-root) holds it"],
  },
  {
    id: "A4",
    title: "the store is missing, and OpenJDK falls back to its own cacerts",
    build: (lab) => javaLink(lab, sent, { path: lab.path("missing.jks"), password: null }),
    profiles: JAVA,
    expected: broken("truststore.not-found"),
    verdictOnly: true,
    says: ["trusts the CAs in its own cacerts instead"],
  },
  {
    id: "A5-pkcs12",
    title: "a wrong password for PKCS#12",
    build: async (lab) => ({
      ...(await javaLink(lab, sent, {
        ...(await lab.javaStore("trust.p12", { root: corp.root })),
        password: "not this one",
      })),
    }),
    profiles: JAVA,
    expected: broken("truststore.wrong-password"),
  },
  {
    id: "A5-jks",
    title: "a wrong password for JKS",
    build: async (lab) => ({
      ...(await javaLink(lab, sent, {
        ...(await lab.javaStore("trust.jks", { root: corp.root })),
        password: "not this one",
      })),
    }),
    profiles: JAVA,
    expected: broken("truststore.wrong-password"),
  },
  {
    id: "A6-empty-file",
    title: "a store of zero bytes",
    build: (lab) => javaLink(lab, sent, { path: lab.write("trust.jks", ""), password: null }),
    profiles: JAVA,
    expected: broken("truststore.unreadable"),
  },
  {
    id: "A6-garbage",
    title: "a store that is no store",
    build: (lab) =>
      javaLink(lab, sent, {
        path: lab.write("trust.jks", "<html>not here</html>\n"),
        password: null,
      }),
    profiles: JAVA,
    expected: broken("truststore.unreadable"),
  },
  {
    id: "A7",
    title: "an empty store",
    build: async (lab) => {
      const javaStore = await lab.javaStore("trust.p12", { root: corp.root });
      await lab.keytool("-delete", "-alias", "root", "-keystore", javaStore.path);
      return javaLink(lab, sent, javaStore);
    },
    profiles: JAVA,
    expected: broken("truststore.no-anchors"),
  },
  {
    id: "A8",
    title: "a PKCS#12 store with a password that the client does not give",
    build: async (lab) =>
      javaLink(lab, sent, {
        ...(await lab.javaStore("trust.p12", { root: corp.root })),
        password: null,
      }),
    profiles: JAVA,
    expected: broken("truststore.password-missing"),
    says: ["finds 0 certificates in it"],
  },
  {
    id: "A9",
    title: "a PKCS#12 store made by openssl, without the mark that Java wants",
    build: async (lab) => {
      const path = lab.path("trust.p12");
      await lab.openssl(
        "pkcs12",
        "-export",
        "-nokeys",
        "-in",
        lab.pem("root.pem", [corp.root]),
        "-out",
        path,
        "-passout",
        `pass:${STORE_PASSWORD}`,
      );
      return javaLink(lab, sent, { path, password: STORE_PASSWORD });
    },
    profiles: JAVA,
    expected: broken("truststore.no-java-anchors"),
  },
  {
    id: "A10",
    title: "a server's keystore is used as truststore",
    build: async (lab) => javaLink(lab, sent, await keystore(lab, "key.p12", [...sent, corp.root])),
    profiles: JAVA,
    expected: works("truststore.keystore-used"),
  },
  {
    id: "A10-renewed",
    title: "the same after the server has got its next certificate",
    build: async (lab) =>
      javaLink(
        lab,
        [renewedLeaf, corp.issuing],
        await keystore(lab, "key.p12", [...sent, corp.root]),
      ),
    profiles: JAVA,
    expected: broken("truststore.keystore-used"),
  },
  {
    id: "A11",
    title: "the server's certificate is imported instead of its CA",
    build: async (lab) => ({
      ...(await link(lab, { sent, anchors: [corp.leaf] })),
      javaStore: await lab.javaStore("trust.p12", { server: corp.leaf }),
    }),
    expected: broken("truststore.leaf-pinned"),
    except: {
      "openjdk-17": works("truststore.leaf-pinned"),
      "openjdk-17-sunx509": works("truststore.leaf-pinned"),
      go: works("truststore.leaf-pinned"),
    },
  },
  {
    id: "A11-leaf-only",
    title: "the same, and the server sends nothing else",
    build: (lab) => link(lab, { sent: [corp.leaf], anchors: [corp.leaf] }),
    expected: broken("truststore.leaf-pinned"),
    except: {
      "openjdk-17": works("truststore.leaf-pinned"),
      "openjdk-17-sunx509": works("truststore.leaf-pinned"),
      go: works("truststore.leaf-pinned"),
    },
  },
  {
    id: "A11-renewed",
    title: "the same after the renewal that everybody forgot",
    build: (lab) => link(lab, { sent: [renewedLeaf, corp.issuing], anchors: [corp.leaf] }),
    expected: broken("truststore.leaf-pinned"),
    says: ["holds an earlier certificate of service.lab.example"],
  },
  {
    id: "A12",
    title: "the imported certificate has expired",
    build: (lab) => link(lab, { sent: [expiredLeaf, corp.issuing], anchors: [expiredLeaf] }),
    expected: broken("truststore.leaf-pinned", { "leaf.expired": "critical" }),
    except: {
      "openjdk-17": works("truststore.leaf-pinned", { "leaf.expired": "warning" }),
      "openjdk-17-sunx509": works("truststore.leaf-pinned", { "leaf.expired": "warning" }),
      go: broken("leaf.expired"),
    },
  },
  {
    id: "A12-self-signed",
    title: "the imported self-signed certificate has expired",
    build: (lab) => link(lab, { sent: [expiredOwn], anchors: [expiredOwn] }),
    expected: broken("leaf.expired"),
    except: {
      "openjdk-17": works("leaf.expired"),
      "openjdk-17-sunx509": works("leaf.expired"),
    },
  },
  {
    id: "A13",
    title: "the store holds the intermediate only",
    build: (lab) => link(lab, { sent, anchors: [corp.issuing] }),
    profiles: [
      "openjdk-17",
      "openjdk-17-sunx509",
      "openssl-3",
      "openssl-3-partial",
      "nodejs-24",
      "go",
    ],
    expected: broken("truststore.intermediate-only"),
    except: {
      "openjdk-17": works("truststore.intermediate-only"),
      "openjdk-17-sunx509": works("truststore.intermediate-only"),
      "openssl-3-partial": works("truststore.intermediate-only"),
      go: works("truststore.intermediate-only"),
    },
  },
  {
    id: "A14",
    title: "the root in the store has expired",
    build: (lab) => link(lab, { sent, anchors: [expiredRoot] }),
    expected: broken("truststore.anchor-expired"),
    except: {
      "openjdk-17": works("truststore.anchor-expired"),
      "openjdk-17-sunx509": works("truststore.anchor-expired"),
    },
  },
  {
    id: "A15",
    title: "the store holds the CA's previous key",
    build: (lab) => link(lab, { sent, anchors: [rekeyed] }),
    expected: broken("truststore.anchor-rekeyed"),
  },
  {
    id: "A15-both",
    title: "the store holds both keys, which works",
    build: (lab) => link(lab, { sent, anchors: [rekeyed, corp.root] }),
    expected: fine,
  },
  {
    id: "A16",
    title: "the anchor says that it is no CA",
    build: (lab) =>
      link(lab, { sent, anchors: [root("Corp Root", { constraints: { ca: false } })] }),
    expected: broken("truststore.anchor-not-ca"),
    except: { "openjdk-17-sunx509": fine },
  },
  {
    id: "A16-usage",
    title: "the anchor may not sign certificates",
    build: (lab) => link(lab, { sent, anchors: [root("Corp Root", { usages: [USAGES.cRLSign] })] }),
    expected: broken("truststore.anchor-not-ca"),
    except: { "openjdk-17-sunx509": fine },
  },
  {
    id: "A17",
    title: "an expired intermediate in the store goes before the valid one that is sent",
    build: (lab) => link(lab, { sent, anchors: [staleIssuing, corp.root] }),
    expected: broken("truststore.stale-intermediate"),
    except: {
      "openjdk-17": works("truststore.stale-intermediate"),
      "openjdk-17-sunx509": works("truststore.stale-intermediate"),
      go: fine,
    },
  },
  {
    id: "A19",
    title: "another JVM came with the CA",
    build: async (lab) => {
      const { port } = await lab.serve(sent);
      const old = await lab.javaStore("cacerts", { other: other.root });
      const younger = lab.path("younger-cacerts");
      await lab.keytool(
        "-importcert",
        "-noprompt",
        "-alias",
        "corp",
        "-keystore",
        younger,
        "-file",
        lab.pem("corp.cer", [corp.root]),
      );
      return {
        target: `https://${HOST}`,
        host: HOST,
        port,
        store: null,
        javaStore: old,
        others: {
          "the newer JDK": {
            path: lab.move(younger, "newer", "cacerts"),
            password: STORE_PASSWORD,
          },
        },
      };
    },
    profiles: JAVA,
    expected: broken("truststore.bundle-outdated"),
  },
  {
    id: "A20",
    title: "the store was changed after the client was started",
    build: async (lab) => ({
      ...(await link(lab, { sent, anchors: [corp.root] })),
      arguments: ["--started", `pid:${process.pid}`],
    }),
    expected: works("truststore.process-outdated"),
    says: ["until a restart"],
  },
  {
    id: "A21",
    title: "jssecacerts masks cacerts",
    build: async (lab) => {
      const { port } = await lab.serve(sent);
      return {
        target: `https://${HOST}`,
        host: HOST,
        port,
        store: null,
        javaStore: await lab.javaStore("jssecacerts", { other: other.root }),
        others: { "the JDK's own": await lab.javaStore("cacerts", { corp: corp.root }) },
      };
    },
    profiles: JAVA,
    expected: broken("truststore.cacerts-masked"),
  },
  {
    id: "A21-home",
    title: "jssecacerts masks cacerts in the home of a JVM that is named as truststore",
    build: async (lab) => {
      const { port } = await lab.serve(sent);
      const mask = await lab.javaStore("mask.jks", { other: other.root });
      const own = await lab.javaStore("own.jks", { corp: corp.root });
      lab.move(mask.path, "lib/security", "jssecacerts");
      lab.move(own.path, "lib/security", "cacerts");
      return {
        target: `https://${HOST}`,
        host: HOST,
        port,
        store: null,
        javaStore: { path: lab.path("."), password: STORE_PASSWORD },
      };
    },
    profiles: JAVA,
    realClients: [],
    expected: broken("truststore.cacerts-masked"),
  },
  {
    id: "A23",
    title: "the entry is marked as rejected for servers",
    build: async (lab) => {
      const estate = await link(lab, { sent, anchors: [other.root] });
      const marked = await lab.openssl(
        "x509",
        "-in",
        lab.pem("root.pem", [corp.root]),
        "-addreject",
        "serverAuth",
        "-trustout",
      );
      return {
        ...estate,
        store: {
          path: lab.write("marked.pem", `${marked}${pemOf(other.root)}`),
          password: null,
        },
      };
    },
    profiles: ["openssl-3"],
    expected: broken("truststore.entry-invisible"),
    verdictOnly: true,
  },
];

runScenarios("truststore", SCENARIOS);
