import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import t from "tap";
import { checkRecords } from "../cli/records.ts";
import { encodeCertificate } from "../differential/certificate-spec.ts";
import { authorityInfoAccess } from "../differential/extension-specs.ts";
import { findTool } from "../tools.ts";
import { startNameServer } from "./name-server.ts";
import { startTinyproxy } from "./proxies.ts";
import { runCommand } from "../cli/command-thread.ts";
import { type Lab, link, openLab } from "./scenarios/lab.ts";
import {
  startFirewall,
  startStrictFirewall,
  startTcpServer,
  startTlsServer,
} from "./scenarios/odd-servers.ts";
import { hierarchy, HOST, labName, leaf, parsed, root } from "./scenarios/pki.ts";
import { runScenarios } from "./scenarios/run-scenario.ts";
import { broken, type Estate, fine, type Scenario } from "./scenarios/scenario.ts";

const corp = hierarchy("Corp");
const elsewhere = hierarchy("Elsewhere");

/** The estate of a server that is no TLS server with a chain. */
const place = (lab: Lab, port: number, changes: Partial<Estate> = {}): Estate => ({
  target: `https://${HOST}`,
  host: HOST,
  port,
  store: { path: lab.pem("trust.pem", [corp.root]), password: null },
  ...changes,
});

/** A server behind a device that lets only some hellos through. */
async function behindFirewall(
  lab: Lab,
  passes: (hello: Buffer) => boolean,
  changes: Partial<Estate> = {},
): Promise<Estate> {
  const { port } = await lab.serve([corp.leaf, corp.issuing]);
  const firewall = await lab.keep(startFirewall(port, passes));
  return place(lab, firewall.port, changes);
}

const device = root("Device", { subject: labName("Zscaler Root CA") });

const JAVA = ["openjdk-17"] as const;

const SCENARIOS: readonly Scenario[] = [
  {
    id: "D1",
    title: "a device on the way signs a certificate of its own",
    build: (lab) => link(lab, { sent: [leaf(device), device], anchors: [corp.root] }),
    expected: broken("topology.inspection"),
    realClients: JAVA,
    says: ["TLS inspection", "Zscaler"],
  },
  {
    id: "D1-own",
    title: "a private CA with an ordinary name, freshly issued, is no inspection",
    build: (lab) =>
      link(lab, {
        sent: [leaf(elsewhere.issuing, { from: 0 }), elsewhere.issuing],
        anchors: [corp.root],
      }),
    expected: broken("truststore.anchor-missing"),
    realClients: [],
  },
  {
    id: "D4",
    title: "the chain of the RSA certificate is complete, that of the ECDSA certificate is not",
    build: async (lab) => {
      const rsa = leaf(corp.issuing, { key: "rsa-2048-0" });
      const server = await lab.keep(startTlsServer([corp.leaf], { others: [[rsa, corp.issuing]] }));
      return place(lab, server.port);
    },
    expected: broken("topology.chain-varies", { "chain.incomplete": "critical" }),
    realClients: [],
    says: ["RSA keys"],
  },
  {
    id: "D6",
    title: "the proxy does not permit the port",
    build: async (lab) => {
      const { port } = await lab.serve([corp.leaf, corp.issuing]);
      const proxy = await startTinyproxy(findTool("tinyproxy") ?? "tinyproxy", lab.path("."), {
        connectPorts: [9],
      });
      await lab.keep(Promise.resolve({ close: () => proxy.process.stop() }));
      return place(lab, port, { arguments: ["--proxy", `http://127.0.0.1:${proxy.port}`] });
    },
    expected: broken("topology.proxy"),
    realClients: [],
    says: ["403"],
  },
  {
    id: "D6-authentication",
    title: "the proxy wants to know who asks",
    build: async (lab) => {
      const { port } = await lab.serve([corp.leaf, corp.issuing]);
      const proxy = await startTinyproxy(findTool("tinyproxy") ?? "tinyproxy", lab.path("."), {
        connectPorts: [port],
        login: true,
      });
      await lab.keep(Promise.resolve({ close: () => proxy.process.stop() }));
      return place(lab, port, { arguments: ["--proxy", `http://127.0.0.1:${proxy.port}`] });
    },
    expected: broken("topology.proxy"),
    realClients: [],
    says: ["407"],
  },
  {
    id: "D7",
    title: "the port speaks plain HTTP",
    build: async (lab) => {
      const server = await lab.keep(
        startTcpServer((socket) =>
          socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
        ),
      );
      return place(lab, server.port);
    },
    expected: broken("topology.not-tls"),
    realClients: JAVA,
    says: ["HTTP"],
  },
  {
    id: "D7-starttls",
    title: "the port speaks SMTP and upgrades",
    build: async (lab) => {
      const server = await lab.keep(
        startTcpServer((socket) => socket.write("220 mail.lab.example ESMTP ready\r\n")),
      );
      return place(lab, server.port);
    },
    expected: broken("topology.not-tls"),
    realClients: JAVA,
    says: ["SMTP", `smtp://${HOST}`],
  },
  {
    id: "D8",
    title: "a device resets every connection after the hello",
    build: (lab) => behindFirewall(lab, () => false),
    expected: broken("topology.connection-cut"),
    realClients: JAVA,
  },
  {
    id: "D8-name",
    title: "a filter blocks the server name",
    build: (lab) => behindFirewall(lab, (hello) => !hello.includes(HOST)),
    expected: broken("topology.hello-dropped"),
    realClients: JAVA,
    says: [`the server name ${HOST}`],
  },
  {
    id: "D8-tls13",
    title: "a device drops hellos that offer TLS 1.3",
    // supported_versions, a list of versions that begins with TLS 1.3
    build: (lab) =>
      behindFirewall(lab, (hello) => !/002b00[0-9a-f]{4}0304/.test(hello.toString("hex"))),
    expected: broken("topology.hello-dropped"),
    realClients: JAVA,
    says: ["TLS 1.3"],
  },
  {
    id: "D8-long",
    title: "a device drops long hellos",
    build: (lab) => behindFirewall(lab, (hello) => hello.length < 400),
    expected: broken("topology.hello-dropped"),
    profiles: ["openjdk-17"],
    realClients: JAVA,
    says: ["its length"],
  },
  {
    id: "D8-short",
    title: "clients whose own hellos are short get through the same device",
    build: (lab) => behindFirewall(lab, (hello) => hello.length < 400),
    expected: fine,
    profiles: ["openssl-3", "go"],
    realClients: ["openssl-3"],
  },
  {
    id: "D8-post-quantum",
    title: "a device drops hellos with a post-quantum key share",
    build: (lab) =>
      behindFirewall(lab, (hello) => hello.length < 1000, { arguments: ["--hello", "nodejs-24"] }),
    expected: broken("topology.hello-dropped"),
    profiles: ["nodejs-24"],
    realClients: [],
    says: ["post-quantum"],
  },
  {
    id: "D8-post-quantum-unasked",
    title: "the same, where the first hello has no such share and is answered",
    build: (lab) => behindFirewall(lab, (hello) => hello.length < 1000),
    expected: broken("topology.hello-dropped"),
    except: { "openjdk-17": fine },
    profiles: ["nodejs-24", "openjdk-17"],
    realClients: [],
  },
  {
    id: "D8-post-quantum-retry",
    title: "the server asks for a post-quantum share, and the second hello is dropped",
    build: async (lab) => {
      const { port } = await lab.serve([corp.leaf, corp.issuing]);
      const firewall = await lab.keep(startStrictFirewall(port, ({ length }) => length < 1000));
      return place(lab, firewall.port);
    },
    expected: broken("topology.hello-dropped"),
    except: { "openjdk-17": fine },
    profiles: ["nodejs-24", "openjdk-17"],
    realClients: [],
  },
  {
    id: "D8-sporadic",
    title: "the first connection is cut and the next ones are not",
    build: async (lab) => {
      let first = true;
      return behindFirewall(
        lab,
        () => {
          const passes = !first;
          first = false;
          return passes;
        },
        { arguments: ["--hello", "wide"] },
      );
    },
    expected: broken("topology.connection-cut"),
    realClients: [],
    says: ["comes and goes"],
  },
  {
    id: "D-none",
    title: "the lab's own firewall lets everything through",
    build: (lab) => behindFirewall(lab, () => true),
    expected: fine,
    profiles: ["openjdk-17", "openssl-3"],
  },
];

runScenarios("topology", SCENARIOS);

/** Asks for every address of a name that a name server on loopback knows. */
async function checkAddresses(
  t: Parameters<typeof checkRecords>[0],
  lab: Lab,
  addresses: { readonly a: readonly string[]; readonly aaaa: readonly string[] },
  port: number,
) {
  const names = await startNameServer({ [HOST]: { kind: "addresses", ...addresses } });
  try {
    const { stdout } = await runCommand([
      "check",
      `https://${HOST}:${port}`,
      "--resolver",
      names.address,
      "--truststore",
      lab.pem("trust.pem", [corp.root]),
      "--as",
      "openssl-3",
      "--format",
      "ndjson",
    ]);
    return checkRecords(t, stdout);
  } finally {
    names.close();
  }
}

t.test("check compares the addresses of a name and reports it once (D2)", async (t) => {
  const lab = openLab("D2");
  t.teardown(() => lab.stop());
  const renewed = leaf(corp.issuing, { from: -1, until: 400 });
  const { port } = await lab.keep(startTlsServer([renewed, corp.issuing], { host: "127.0.0.1" }));
  for (const host of ["127.0.0.2", "127.0.0.3"])
    await lab.keep(startTlsServer([renewed, corp.issuing], { host, port }));
  await lab.keep(startTlsServer([corp.leaf, corp.issuing], { host: "127.0.0.4", port }));
  const a = ["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"];
  const records = await checkAddresses(t, lab, { a, aaaa: [] }, port);
  t.same(
    records.map(({ address }) => address),
    a,
  );
  const found = records.flatMap(({ findings }) =>
    findings.filter(({ code }) => code === "topology.addresses-differ"),
  );
  t.equal(found.length, 1);
  t.match(found[0]?.summary, "3 of 4 addresses");
  t.match(found[0]?.summary, "the new certificate");
  t.match(found[0]?.summary, "127.0.0.4 present");
});

t.test("check says that the addresses of IPv6 answer otherwise (D3)", async (t) => {
  const lab = openLab("D3");
  t.teardown(() => lab.stop());
  const { port } = await lab.keep(startTlsServer([corp.leaf, corp.issuing], {}));
  await lab.keep(startTlsServer([corp.leaf], { host: "::1", port }));
  const records = await checkAddresses(
    t,
    lab,
    { a: ["127.0.0.1"], aaaa: ["0000:0000:0000:0000:0000:0000:0000:0001"] },
    port,
  );
  const codes = records.flatMap(({ findings }) => findings.map(({ code }) => code));
  t.equal(codes.filter((code) => code === "topology.ip-families-differ").length, 1);
  t.ok(codes.includes("chain.incomplete"), "the address that lacks the intermediate is named, too");
});

t.test("check names an intermediate that another target of the run sends", async (t) => {
  const lab = openLab("B1-seen");
  t.teardown(() => lab.stop());
  const good = await lab.serve([corp.leaf, corp.issuing]);
  const bad = await lab.serve([corp.leaf]);
  const { stdout } = await runCommand([
    "check",
    `127.0.0.1:${good.port}`,
    `127.0.0.1:${bad.port}`,
    "--concurrency",
    "1",
    "--servername",
    HOST,
    "--as",
    "openssl-3",
    "--format",
    "ndjson",
    "--truststore",
    lab.pem("trust.pem", [corp.root]),
  ]);
  const [, record] = checkRecords(t, stdout);
  t.equal(record?.findings[0]?.code, "chain.incomplete");
  t.match(record?.findings[0]?.summary, `127.0.0.1:${good.port} sends it`);
  t.match(record?.findings[0]?.summary, "with it this client would accept the chain");
});

t.test("check says that a name leads elsewhere than the estate expects (D5)", async (t) => {
  const lab = openLab("D5");
  t.teardown(() => lab.stop());
  const other = leaf(corp.issuing, { host: "other.lab.example" });
  const { port } = await lab.serve([other, corp.issuing]);
  const estate = lab.write(
    "anchorwatch.yaml",
    `version: 1
truststores: { lab: { path: "${lab.pem("trust.pem", [corp.root])}" } }
clients: { lab: { profile: openssl-3, trust: [lab] } }
endpoints: { service: { url: "https://${HOST}", expect: { addresses: [10.20.0.0/16] } } }
links: [{ from: lab, to: [service] }]
`,
  );
  const { stdout, stderr } = await runCommand([
    "check",
    `https://${HOST}`,
    "--connect",
    `127.0.0.1:${port}`,
    "--client",
    "lab",
    "--estate",
    estate,
    "--format",
    "ndjson",
  ]);
  t.equal(stderr, "");
  const [record] = checkRecords(t, stdout);
  t.same(
    record?.findings.map(({ code }) => code),
    ["topology.unexpected-address", "name.mismatch"],
  );
  t.match(record?.findings[0]?.summary, "leads to 127.0.0.1");
});

t.test(
  "check --issuers names the missing intermediate that the certificate's CA publishes",
  async (t) => {
    const lab = openLab("B1-published");
    t.teardown(() => lab.stop());
    const web = createServer((_request, response) => response.end(encodeCertificate(corp.issuing)));
    await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
    t.teardown(() => {
      web.closeAllConnections();
      web.close();
    });
    const uri = `http://127.0.0.1:${(web.address() as AddressInfo).port}/issuing.cer`;
    const own = leaf(corp.issuing, {
      extensions: [authorityInfoAccess([{ method: "1.3.6.1.5.5.7.48.2", uri }])],
    });
    const { port } = await lab.serve([own]);
    const check = async (...options: readonly string[]) => {
      const { stdout } = await runCommand([
        "check",
        `https://${HOST}`,
        "--connect",
        `127.0.0.1:${port}`,
        "--truststore",
        lab.pem("trust.pem", [corp.root]),
        "--format",
        "ndjson",
        ...options,
      ]);
      return checkRecords(t, stdout)[0]?.findings[0];
    };
    const fetched = await check("--issuers", "fetch-internal");
    t.equal(fetched?.code, "chain.incomplete");
    t.match(fetched?.summary, `${uri} publishes it; with it this client would accept the chain`);
    t.match(fetched?.remedy[0], parsed(corp.issuing).sha256.slice(0, 2).toUpperCase());
    t.notMatch((await check("--issuers", "fetch"))?.summary, "publishes it", "not on this machine");
    t.notMatch((await check())?.summary, "publishes it");
  },
);
