import {
  nameConstraints,
  subjectAltName,
  unknownExtension,
} from "../differential/extension-specs.ts";
import { attribute, nameOf } from "../differential/names.ts";
import { link } from "./scenarios/lab.ts";
import {
  hierarchy,
  intermediate,
  leaf,
  PURPOSES,
  root,
  selfSigned,
  USAGES,
} from "./scenarios/pki.ts";
import { runScenarios } from "./scenarios/run-scenario.ts";
import { broken, type Scenario, works } from "./scenarios/scenario.ts";

const corp = hierarchy("Corp");
const other = hierarchy("Other");
const anchors = [corp.root];
const sent = [corp.leaf, corp.issuing] as const;

const expiredIssuing = intermediate("Corp Issuing", corp.root, { from: -900, until: -5 });
const rekeyedIssuing = intermediate("Corp Issuing", corp.root, { key: "p384" });
const expiredLeaf = leaf(corp.issuing, { from: -400, until: -5 });
const cross = intermediate("Corp Root", other.root);
const expiredCross = intermediate("Corp Root", other.root, { from: -900, until: -5 });

const noCa = intermediate("No CA", corp.root, { constraints: { ca: false } });
const noSigner = intermediate("No Signer", corp.root, { usages: [USAGES.cRLSign] });
const narrow = intermediate("Narrow", corp.root, { constraints: { ca: true, pathLength: 0 } });
const below = intermediate("Below", narrow);
const elsewhere = intermediate("Elsewhere", corp.root, {
  extensions: [nameConstraints([{ base: { kind: "dns", text: "other.example" } }], [])],
});
const forClients = intermediate("For Clients", corp.root, { purposes: [PURPOSES.client] });
const rsaRoot = root("RSA Root", { key: "rsa-2048-0" });
const rsaIssuing = intermediate("RSA Issuing", rsaRoot, { key: "rsa-2048-1" });

const SCENARIOS: readonly Scenario[] = [
  {
    id: "B1",
    title: "the intermediate is not sent",
    build: (lab) => link(lab, { sent: [corp.leaf], anchors }),
    expected: broken("chain.incomplete"),
  },
  {
    id: "B2",
    title: "an intermediate of another hierarchy is sent",
    build: (lab) => link(lab, { sent: [corp.leaf, other.issuing], anchors }),
    expected: broken("chain.unrelated-intermediate"),
    says: ["Other Issuing belongs to the hierarchy of Other Root"],
  },
  {
    id: "B3",
    title: "an intermediate with the right name and another key is sent",
    build: (lab) => link(lab, { sent: [corp.leaf, rekeyedIssuing], anchors }),
    expected: broken("chain.intermediate-rekeyed"),
  },
  {
    id: "B4",
    title: "the intermediate has expired",
    build: (lab) => link(lab, { sent: [corp.leaf, expiredIssuing], anchors }),
    expected: broken("chain.intermediate-expired"),
  },
  {
    id: "B4-unordered",
    title: "the same out of order, where Java hides the reason",
    build: (lab) => link(lab, { sent: [corp.leaf, corp.root, expiredIssuing], anchors }),
    expected: broken("chain.intermediate-expired"),
    except: {
      "openjdk-17-sunx509": broken("chain.intermediate-expired", {
        "chain.out-of-order": "critical",
      }),
    },
  },
  {
    id: "B5",
    title: "the expired and the valid intermediate are both sent",
    build: (lab) => link(lab, { sent: [corp.leaf, expiredIssuing, corp.issuing], anchors }),
    expected: works("chain.intermediate-stale"),
    except: { "openjdk-17-sunx509": broken("chain.intermediate-stale") },
  },
  {
    id: "B6",
    title: "the chain is out of order",
    build: (lab) => link(lab, { sent: [corp.leaf, corp.root, corp.issuing], anchors }),
    expected: works("chain.out-of-order"),
    except: { "openjdk-17-sunx509": broken("chain.out-of-order") },
  },
  {
    id: "B6-expired",
    title: "the chain is out of order and the certificate has expired",
    build: (lab) => link(lab, { sent: [expiredLeaf, corp.root, corp.issuing], anchors }),
    expected: broken("leaf.expired"),
    except: { "openjdk-17-sunx509": broken("chain.out-of-order", { "leaf.expired": "critical" }) },
  },
  {
    id: "B6-constraints",
    title: "the chain is out of order and violates name constraints",
    build: (lab) => link(lab, { sent: [leaf(elsewhere), corp.root, elsewhere], anchors }),
    profiles: ["openjdk-17", "openssl-3", "nodejs-24", "go"],
    expected: broken("chain.name-constraints"),
  },
  {
    id: "B6-extension",
    title: "the chain is out of order and has an unknown critical extension",
    build: (lab) =>
      link(lab, {
        sent: [
          leaf(corp.issuing, { extensions: [unknownExtension(true)] }),
          corp.root,
          corp.issuing,
        ],
        anchors,
      }),
    profiles: ["openjdk-17", "openssl-3", "nodejs-24", "go"],
    expected: broken("chain.critical-extension"),
  },
  {
    id: "B7",
    title: "an unrelated certificate is sent as well",
    build: (lab) => link(lab, { sent: [...sent, other.root], anchors }),
    expected: works("chain.superfluous"),
    except: { "openjdk-17-sunx509": broken("chain.superfluous") },
  },
  {
    id: "B7-duplicate",
    title: "the server's certificate is sent twice",
    build: (lab) => link(lab, { sent: [corp.leaf, ...sent], anchors }),
    expected: works("chain.superfluous"),
    except: { "openjdk-17-sunx509": broken("chain.superfluous") },
  },
  {
    id: "B8",
    title: "the root is sent as well",
    build: (lab) => link(lab, { sent: [...sent, corp.root], anchors }),
    expected: works("chain.root-sent"),
  },
  {
    id: "B9",
    title: "the cross-certificate that this client needs is not sent",
    build: async (lab) => ({
      ...(await link(lab, { sent, anchors: [other.root] })),
      others: { spare: { path: lab.pem("cross.pem", [cross]), password: null } },
    }),
    expected: broken("chain.cross-certificate-missing"),
  },
  {
    id: "B10",
    title: "an expired cross-certificate is still sent, and the client has the new root",
    build: (lab) => link(lab, { sent: [...sent, expiredCross], anchors: [corp.root, other.root] }),
    expected: works("chain.cross-certificate-expired"),
    except: { "openjdk-17-sunx509": broken("chain.cross-certificate-expired") },
  },
  {
    id: "B10-needed",
    title: "the same, and the client lacks the new root",
    build: async (lab) => ({
      ...(await link(lab, { sent: [...sent, expiredCross], anchors: [other.root] })),
      others: { newer: { path: lab.pem("newer.pem", [corp.root]), password: null } },
    }),
    expected: broken("chain.cross-certificate-expired"),
  },
  {
    id: "B11",
    title: "the server's certificate signs itself",
    build: (lab) => link(lab, { sent: [selfSigned()], anchors }),
    expected: broken("chain.self-signed"),
  },
  {
    id: "B12",
    title: "the server presents what its installer made",
    build: (lab) =>
      link(lab, {
        sent: [
          selfSigned({
            subject: nameOf(
              attribute("C", "us"),
              attribute("O", "ibm"),
              attribute("CN", "localhost"),
            ),
          }),
        ],
        anchors,
      }),
    expected: broken("chain.known-certificate"),
  },
  {
    id: "B13",
    title: "the signature of the certificate is damaged",
    build: (lab) =>
      link(lab, { sent: [leaf(corp.issuing, { damage: "signature" }), corp.issuing], anchors }),
    expected: broken("chain.signature-invalid"),
  },
  {
    id: "B14",
    title: "the intermediate is no CA",
    build: (lab) => link(lab, { sent: [leaf(noCa), noCa], anchors }),
    expected: broken("chain.not-ca"),
  },
  {
    id: "B14-absent",
    title: "the intermediate does not say that it is a CA",
    build: (lab) => {
      const silent = intermediate("Silent", corp.root, { constraints: null, usages: null });
      return link(lab, { sent: [leaf(silent), silent], anchors });
    },
    expected: broken("chain.not-ca"),
  },
  {
    id: "B15",
    title: "the intermediate lacks keyCertSign",
    build: (lab) => link(lab, { sent: [leaf(noSigner), noSigner], anchors }),
    expected: broken("chain.not-ca"),
    says: ["keyCertSign"],
  },
  {
    id: "B16",
    title: "the path is longer than a CA allows",
    build: (lab) => link(lab, { sent: [leaf(below), below, narrow], anchors }),
    expected: broken("chain.path-length"),
  },
  {
    id: "B17",
    title: "the CA may not sign the name",
    build: (lab) => link(lab, { sent: [leaf(elsewhere), elsewhere], anchors }),
    expected: broken("chain.name-constraints"),
  },
  {
    id: "B18",
    title: "the intermediate is for clients only",
    build: (lab) => link(lab, { sent: [leaf(forClients), forClients], anchors }),
    expected: broken("chain.extended-key-usage"),
    except: {
      "openjdk-17": works("chain.extended-key-usage"),
      "openjdk-17-sunx509": works("chain.extended-key-usage"),
    },
  },
  {
    id: "B19",
    title: "an unknown critical extension",
    build: (lab) =>
      link(lab, {
        sent: [leaf(corp.issuing, { extensions: [unknownExtension(true)] }), corp.issuing],
        anchors,
      }),
    expected: broken("chain.critical-extension"),
  },
  {
    id: "B20",
    title: "a certificate signed with SHA-1",
    build: (lab) =>
      link(lab, {
        sent: [leaf(rsaIssuing, { hash: "sha1" }), rsaIssuing],
        anchors: [rsaRoot],
      }),
    expected: broken("chain.weak-algorithm"),
    except: {
      "openjdk-17": works("chain.weak-algorithm"),
      "openjdk-17-sunx509": works("chain.weak-algorithm"),
    },
  },
  {
    id: "B20-md5",
    title: "a certificate signed with MD5",
    build: (lab) =>
      link(lab, {
        sent: [leaf(rsaIssuing, { hash: "md5" }), rsaIssuing],
        anchors: [rsaRoot],
      }),
    expected: broken("chain.weak-algorithm"),
    except: {
      // its hello says which signatures it takes in certificates, and MD5 is none of them
      "openjdk-17": broken("handshake.no-common-signature", { "chain.weak-algorithm": "critical" }),
      "openjdk-17-sunx509": broken("handshake.no-common-signature", {
        "chain.weak-algorithm": "critical",
      }),
    },
    says: [/MD5/i],
  },
  {
    id: "B21",
    title: "a key of 1024 bits",
    build: (lab) =>
      link(lab, { sent: [leaf(corp.issuing, { key: "rsa-1024" }), corp.issuing], anchors }),
    expected: works("chain.weak-key"),
    except: {
      "openssl-3": broken("chain.weak-key"),
      "nodejs-24": broken("chain.weak-key"),
    },
  },
  {
    id: "B21-tiny",
    title: "a key of 512 bits, which Java minds as well",
    build: (lab) =>
      link(lab, {
        sent: [leaf(corp.issuing, { key: "rsa-512" }), corp.issuing],
        anchors,
        server: { maxVersion: "TLSv1.2", ciphers: "ECDHE-RSA-AES128-SHA:@SECLEVEL=0" },
      }),
    expected: broken("chain.weak-key"),
    except: { go: works("chain.weak-key") },
  },
  {
    id: "B22",
    title: "a key on a curve that clients do not offer",
    build: (lab) =>
      link(lab, { sent: [leaf(corp.issuing, { key: "p224" }), corp.issuing], anchors }),
    expected: broken("handshake.no-common-parameters"),
    verdictOnly: true,
  },
  {
    id: "B23",
    title: "more certificates than Java takes",
    build: (lab) =>
      link(lab, {
        sent: [
          ...sent,
          ...Array.from({ length: 10 }, (_, index) => intermediate(`Spare ${index}`, corp.root)),
        ],
        anchors,
      }),
    expected: broken("chain.too-long"),
    except: {
      "openssl-3": works("chain.superfluous"),
      "nodejs-24": works("chain.superfluous"),
      go: works("chain.superfluous"),
    },
  },
  {
    id: "B24",
    title: "a certificate with an extension twice",
    build: (lab) =>
      link(lab, {
        sent: [
          leaf(corp.issuing, {
            extensions: [subjectAltName([{ kind: "dns", text: "twice.lab.example" }])],
          }),
          corp.issuing,
        ],
        anchors,
      }),
    profiles: ["openjdk-17", "openjdk-17-sunx509"],
    expected: broken("chain.malformed"),
  },
];

runScenarios("chain", SCENARIOS);
