import t from "tap";
import { assess } from "../../src/diagnosis/assess.ts";
import type { Assessment, AssessmentContext } from "../../src/diagnosis/assessment.ts";
import { causeOf } from "../../src/diagnosis/comparison/hello-trigger.ts";
import type { PastAnswer } from "../../src/diagnosis/comparison/history-facts.ts";
import { SeenElsewhere } from "../../src/diagnosis/comparison/seen-elsewhere.ts";
import { nameSelection } from "../../src/diagnosis/comparison/server-names.ts";
import { addressesFinding } from "../../src/diagnosis/topology/addresses-differ.ts";
import { inspectionProduct } from "../../src/diagnosis/topology/inspection-names.ts";
import { isWithin } from "../../src/x509/networks.ts";
import type { Handshake } from "../../src/probe/handshake.ts";
import type { Investigation, Variation } from "../../src/probe/investigation/investigation.ts";
import { internCertificate } from "../../src/x509/certificate-cache.ts";
import { issueCertificate, type IssuedCertificate } from "../../src/cli/demo/certificate.ts";
import { generateKeys } from "../../src/cli/demo/keys.ts";
import { handshakeOf, HOST, makePki, NOW, storeOf } from "./pki.ts";

const DAY = 86_400_000;
const pki = await makePki();

const FAILED = {
  outcome: "failed",
  stage: "connect",
  failure: { code: "connection-reset", message: "Connection reset" },
  version: null,
} as const satisfies Partial<Handshake>;

/** An investigation of a failed conversation in which these variations were made, answered or not. */
function investigationOf(answers: Partial<Record<Variation, boolean>>): Investigation {
  return {
    about: handshakeOf([], FAILED),
    experiments: Object.entries(answers).map(([variation, isAnswered]) => ({
      variation: variation as Variation,
      handshake: isAnswered ? handshakeOf([pki.leaf]) : handshakeOf([], FAILED),
    })),
  };
}

t.test("causeOf() takes the change after which the server answers for the trigger", async (t) => {
  const cases: readonly (readonly [Partial<Record<Variation, boolean>>, unknown])[] = [
    [
      { "small-hello": true, "tls12-only": true, "no-post-quantum": true, again: false },
      "post-quantum-share",
    ],
    [{ "small-hello": true, "tls12-only": true, "no-alpn": true, again: false }, "alpn"],
    [
      { "small-hello": true, "tls12-only": true, "no-post-quantum": false, again: false },
      "long-hello",
    ],
    [{ "small-hello": false, "tls12-only": true, again: false }, "tls13"],
    [
      {
        "small-hello": false,
        "tls12-only": false,
        "no-server-name": true,
        "other-server-name": true,
      },
      "this-server-name",
    ],
    [
      {
        "small-hello": false,
        "tls12-only": false,
        "no-server-name": true,
        "other-server-name": false,
      },
      "unknown-server-name",
    ],
  ];
  for (const [answers, trigger] of cases)
    t.same(causeOf(investigationOf(answers)), { kind: "trigger", trigger });
  t.same(causeOf(investigationOf({ "small-hello": true, again: true })), { kind: "sporadic" });
  t.same(causeOf(investigationOf({ "small-hello": false, "tls12-only": false })), {
    kind: "every-hello",
  });
  t.equal(causeOf(investigationOf({})), null);
});

t.test(
  "nameSelection() tells a default host from a certificate that was chosen for the name",
  async (t) => {
    const about = handshakeOf([pki.leaf_other]);
    const answers = (nameless: IssuedCertificate, other: IssuedCertificate): Investigation => ({
      about,
      experiments: [
        { variation: "no-server-name", handshake: handshakeOf([nameless]) },
        { variation: "other-server-name", handshake: handshakeOf([other]) },
      ],
    });
    const kindOf = (investigation: Investigation | null) =>
      nameSelection(about, investigation)?.kind;
    t.equal(kindOf(answers(pki.leaf, pki.leaf)), "chosen-for-name");
    t.equal(kindOf(answers(pki.leaf, pki.leaf_other)), "default-host");
    t.equal(kindOf(answers(pki.leaf_other, pki.leaf_other)), "same-for-any-name");
    t.equal(kindOf(null), undefined);
  },
);

t.test(
  "addressesFinding() counts the addresses with the new certificate and lists the others",
  async (t) => {
    const at = (
      address: string,
      chain: readonly IssuedCertificate[],
      changes: Partial<Handshake> = {},
    ) => handshakeOf(chain, { address, ...changes });
    t.equal(addressesFinding([at("192.0.2.1", [pki.leaf]), at("192.0.2.2", [pki.leaf])]), null);
    const renewed = await renew(pki.leaf);
    const differ = addressesFinding([
      at("192.0.2.1", [renewed]),
      at("192.0.2.2", [pki.leaf]),
      at("192.0.2.3", [renewed]),
      at("192.0.2.4", [renewed]),
    ]);
    t.equal(differ?.code, "topology.addresses-differ");
    t.match(differ?.summary, "3 of 4 addresses");
    t.match(differ?.summary, "the new certificate");
    t.match(differ?.summary, "192.0.2.2 present");
    const old = addressesFinding([
      at("192.0.2.1", [pki.leaf]),
      at("192.0.2.2", [pki.leaf]),
      at("192.0.2.3", [renewed]),
    ]);
    t.match(old?.summary, "1 of 3 addresses", "the newest certificate is what is rolled out");
    const families = addressesFinding([
      at("192.0.2.1", [pki.leaf, pki.intA]),
      at("2001:db8::1", [pki.leaf]),
    ]);
    t.equal(families?.code, "topology.ip-families-differ");
    t.match(families?.summary, "IPv6 differs");
    const refused = { ...FAILED, failure: { code: "connect-refused", message: "" } } as const;
    t.match(
      addressesFinding([at("192.0.2.1", [pki.leaf]), at("2001:db8::1", [], refused)])?.summary,
      "fail (connect-refused)",
    );
    const noRoute = { ...FAILED, failure: { code: "connect-unreachable", message: "" } } as const;
    t.equal(
      addressesFinding([at("192.0.2.1", [pki.leaf]), at("2001:db8::1", [], noRoute)]),
      null,
      "a prober without IPv6 says nothing about the server",
    );
  },
);

t.test("isWithin() knows addresses and networks of both families", async (t) => {
  t.ok(isWithin("10.20.30.40", ["10.0.0.0/8"]));
  t.ok(isWithin("10.20.30.40", ["192.0.2.1", "10.20.30.40"]));
  t.ok(isWithin("10.20.31.255", ["10.20.30.0/23"]));
  t.notOk(isWithin("10.20.32.0", ["10.20.30.0/23"]));
  t.ok(isWithin("fd00::1%eth0", ["fd00::/8"]));
  t.notOk(isWithin("fd00::1", ["10.0.0.0/8", "::/x", "nonsense"]));
  t.notOk(isWithin("bpm", ["0.0.0.0/0"]));
});

t.test(
  "inspectionProduct() knows products by their usual names and takes no ordinary CA for one",
  async (t) => {
    t.equal(
      inspectionProduct("CN=Zscaler Intermediate Root CA (zscalerthree.net),O=Zscaler Inc."),
      "Zscaler",
    );
    t.equal(
      inspectionProduct("CN=FG100FTK19012345,OU=Certificate Authority,O=Fortinet"),
      "FortiGate",
    );
    t.equal(inspectionProduct("CN=mitmproxy,O=mitmproxy"), "mitmproxy");
    for (const name of [
      "CN=R11,O=Let's Encrypt,C=US",
      "CN=Corp Issuing CA 1,O=Corp",
      "CN=Cloudflare Inc ECC CA-3,O=Cloudflare\\, Inc.,C=US",
      "CN=Cisco Systems Root CA,O=Cisco",
      "CN=DigiCert Global G2 TLS RSA SHA256 2020 CA1,O=DigiCert Inc,C=US",
    ])
      t.equal(inspectionProduct(name), null, name);
  },
);

/** The same certificate, issued anew. */
async function renew(_old: IssuedCertificate, changes: object = {}): Promise<IssuedCertificate> {
  return issueCertificate({
    subject: [
      ["O", "Corp"],
      ["CN", HOST],
    ],
    key: await generateKeys("p-256"),
    issuer: pki.intA,
    san: [HOST],
    eku: ["serverAuth"],
    notBefore: NOW - DAY,
    notAfter: NOW + 365 * DAY,
    ...changes,
  });
}

function judge(
  chain: readonly IssuedCertificate[],
  stored: readonly IssuedCertificate[],
  context: Partial<AssessmentContext> = {},
  changes: Partial<Handshake> = {},
): Assessment {
  return assess(
    {
      name: "client",
      profile: "openssl-3",
      truststores: [storeOf("trust", stored)],
      nameCheck: "https",
      ownChain: null,
    },
    handshakeOf(chain, changes),
    {
      at: NOW,
      thresholds: { warning: 5 * DAY, critical: DAY },
      otherTruststores: [],
      ...context,
    },
  );
}

const past = (chain: readonly IssuedCertificate[], days: number): PastAnswer => ({
  certificates: chain.map(({ der }) => Uint8Array.from(der)),
  version: "TLSv1.3",
  firstSeen: NOW - 90 * DAY,
  lastSeen: NOW - days * DAY,
});

const codesOf = ({ findings }: Assessment) => findings.map(({ code }) => code);

t.test("assess() tells with a history what changed", async (t) => {
  const renewed = await renew(pki.leaf);
  const history = (previous: readonly PastAnswer[], since: number | null = NOW - DAY) => ({
    history: { previous, since, addresses: [] },
  });
  const changed = judge([renewed, pki.intA], [pki.rootA], history([past([pki.leaf, pki.intA], 1)]));
  t.same(codesOf(changed), ["leaf.changed"]);
  t.match(changed.findings[0]?.summary, "a new key, same issuer");
  t.same(
    codesOf(
      judge(
        [renewed, pki.intA],
        [pki.rootA],
        history([past([pki.leaf, pki.intA], 9)], NOW - 8 * DAY),
      ),
    ),
    [],
    "what works is news for a week",
  );
  const back = judge([pki.leaf, pki.intA], [pki.rootA], history([past([renewed, pki.intA], 1)]));
  t.same(codesOf(back), ["leaf.rolled-back"]);
  t.match(back.findings[0]?.summary, "is older than the one seen until");
  const otherIssuer = await renew(pki.leaf, { issuer: pki.intB });
  const refused = judge(
    [otherIssuer, pki.intB],
    [pki.rootA],
    history([past([pki.leaf, pki.intA], 1)]),
  );
  t.equal(codesOf(refused)[0], "truststore.anchor-missing");
  t.ok(codesOf(refused).includes("leaf.issuer-changed"));
  t.same(
    codesOf(
      judge(
        [pki.leaf, pki.intA],
        [pki.rootA],
        history([past([pki.leaf, pki.intA], 2), past([otherIssuer, pki.intB], 1)]),
      ),
    ),
    [],
    "a return to the issuer of before is no news",
  );
  const bare = judge([renewed], [pki.rootA], history([past([pki.leaf, pki.intA], 2)]));
  t.equal(codesOf(bare)[0], "chain.incomplete");
  const dropped = bare.findings.find(({ code }) => code === "chain.intermediate-dropped");
  t.match(dropped?.summary, `since ${new Date(NOW - DAY).toISOString().slice(0, 10)}`);
  const more = judge(
    [pki.leaf, pki.intA, pki.rootA],
    [pki.rootA],
    history([past([pki.leaf, pki.intB, pki.intA], 1)]),
  );
  t.ok(codesOf(more).includes("chain.changed"));
  const { summary } = more.findings.find(({ code }) => code === "chain.changed") ?? {};
  t.match(summary, / no longer, .+ since then$/);
  t.notOk(
    codesOf(
      judge(
        [pki.leaf, pki.intA, pki.rootA],
        [pki.rootA],
        history([past([pki.leaf, pki.rootA, pki.intA], 1)]),
      ),
    ).includes("chain.changed"),
    "another order is no other chain",
  );
  const version = { was: "TLSv1.3", is: "TLSv1.2", lastSeen: NOW - 2 * DAY, since: NOW - DAY };
  const facts = { previous: [], since: null, addresses: [], version };
  const older = judge([pki.leaf, pki.intA], [pki.rootA], { history: facts });
  t.same(codesOf(older), ["handshake.version-changed"]);
  t.match(older.findings[0]?.summary, /^The server chose TLSv1\.3 until .* and TLSv1\.2 since /);
  t.same(
    codesOf(
      judge([pki.leaf, pki.intA], [pki.rootA], {
        history: { ...facts, version: { ...version, since: NOW - 8 * DAY } },
      }),
    ),
    [],
  );
});

t.test(
  "assess() recognises inspection by a fresh certificate of an issuer that also signs for unrelated hosts",
  async (t) => {
    const fresh = await renew(pki.leaf, { issuer: pki.rootB, notBefore: NOW - 600_000 });
    const neighbours = [{ host: "shop.other.test", issuer: "" }].map(({ host }) => ({
      host,
      issuer: issuerOf(fresh),
    }));
    t.equal(codesOf(judge([fresh], [pki.rootA]))[0], "chain.incomplete", "one sign is not enough");
    const inspected = judge([fresh], [pki.rootA], { neighbours });
    t.same(codesOf(inspected), ["topology.inspection"]);
    t.match(inspected.findings[0]?.summary, "shop.other.test");
    t.match(inspected.findings[0]?.summary, "10 minutes ago");
    t.same(
      codesOf(judge([fresh], [pki.rootB], { neighbours })),
      [],
      "what is trusted is no finding",
    );
  },
);

function issuerOf({ der }: IssuedCertificate): string {
  const parsed = internCertificate(Uint8Array.from(der));
  return parsed.ok ? parsed.value.issuer.text : "";
}

t.test("assess() names the missing intermediate when it is known from elsewhere", async (t) => {
  const intermediate = internCertificate(Uint8Array.from(pki.intA.der));
  t.ok(intermediate.ok);
  if (!intermediate.ok) return;
  const fetched = judge([pki.leaf], [pki.rootA], {
    knownIssuers: [
      {
        certificate: intermediate.value,
        how: "fetched",
        where: "http://aia.corp.example/int-a.cer",
      },
    ],
  });
  const [headline] = fetched.findings;
  t.equal(headline?.code, "chain.incomplete");
  t.match(headline?.summary, "http://aia.corp.example/int-a.cer publishes it");
  t.match(headline?.summary, "with it this client would accept the chain");
  t.ok(headline?.evidence.certificates.includes(intermediate.value.sha256));
  const elsewhere = new SeenElsewhere();
  elsewhere.add(
    handshakeOf([pki.leaf, pki.intA, pki.rootA], {
      endpoint: { scheme: "tls", host: "b", port: 1 },
    }),
  );
  const seen = elsewhere.issuersBeside(handshakeOf([pki.leaf]));
  t.same(
    seen.map(({ where, how }) => [where, how]),
    [["b:1", "seen"]],
    "roots are not taken note of",
  );
  t.match(
    judge([pki.leaf], [pki.rootB], { knownIssuers: seen }).findings[0]?.summary,
    "b:1 sends it",
  );
  t.match(
    judge([pki.leaf], [pki.rootB], { knownIssuers: seen }).findings[0]?.summary,
    "would not accept the chain either",
  );
});

t.test("assess() says that the name leads elsewhere", async (t) => {
  const expectedAddresses = ["10.0.0.0/8"];
  const works = judge([pki.leaf, pki.intA], [pki.rootA], { expectedAddresses });
  t.same(
    works.findings.map(({ code, severity }) => [code, severity]),
    [["topology.unexpected-address", "warning"]],
  );
  const broken = judge([pki.leaf_other, pki.intA], [pki.rootA], { expectedAddresses });
  t.same(codesOf(broken), ["topology.unexpected-address", "name.mismatch"]);
  t.same(
    codesOf(
      judge([pki.leaf, pki.intA], [pki.rootA], { expectedAddresses }, { address: "10.1.2.3" }),
    ),
    [],
  );
  const moved = judge([pki.leaf_other, pki.intA], [pki.rootA], {
    history: {
      previous: [],
      since: null,
      addresses: [{ address: "10.1.2.3", lastSeen: NOW - DAY }],
    },
  });
  t.ok(codesOf(moved).includes("topology.unexpected-address"));
});

t.test(
  "assess() explains a hello that was dropped, also when only the client's own was",
  async (t) => {
    const about = handshakeOf([], FAILED);
    const investigation: Investigation = {
      about,
      experiments: [
        { variation: "small-hello", handshake: handshakeOf([pki.leaf]) },
        { variation: "again", handshake: handshakeOf([], FAILED) },
      ],
    };
    t.same(codesOf(judge([], [pki.rootA], { investigation }, FAILED)), ["topology.hello-dropped"]);
    const own = judge([pki.leaf, pki.intA], [pki.rootA], { investigation, own: about });
    t.equal(own.ok, false);
    t.equal(codesOf(own)[0], "topology.hello-dropped");
  },
);
