import t from "tap";
import { handshakeToJson } from "../../src/probe/handshake-json.ts";
import { probe } from "../../src/probe/probe.ts";
import type { ServerFeatures } from "../../src/probe/survey/survey-record.ts";
import { survey } from "../../src/probe/survey/survey.ts";
import { singleHello } from "../../src/probe/tls/single-hello.ts";
import { Sessions } from "../../src/probe/tls/sessions.ts";
import { Version } from "../../src/probe/tls/versions.ts";
import { createIssuer, startOpensslServer } from "../lab/openssl.ts";
import { requireTool } from "../tools.ts";

/** What a server with these options should be found to do. */
const CASES: readonly (readonly [
  options: readonly string[],
  wanted: Pick<
    ServerFeatures,
    "sessionIdentifiers" | "sessionTickets" | "sessionTickets13" | "tickets13"
  >,
])[] = [
  [
    [],
    {
      sessionIdentifiers: "resumed",
      sessionTickets: "resumed",
      sessionTickets13: "resumed",
      tickets13: 2,
    },
  ],
  [
    ["-no_ticket"],
    {
      sessionIdentifiers: "resumed",
      sessionTickets: "none",
      sessionTickets13: "resumed",
      tickets13: 2,
    },
  ],
  [
    ["-no_cache", "-num_tickets", "0"],
    {
      sessionIdentifiers: "none",
      sessionTickets: "resumed",
      sessionTickets13: "none",
      tickets13: 0,
    },
  ],
  [
    ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"],
    {
      sessionIdentifiers: "resumed",
      sessionTickets: "resumed",
      sessionTickets13: null,
      tickets13: null,
    },
  ],
  [
    ["-tls1_3", "-groups", "P-521", "-ciphersuites", "TLS_AES_256_GCM_SHA384"],
    {
      sessionIdentifiers: null,
      sessionTickets: null,
      sessionTickets13: "resumed",
      tickets13: 2,
    },
  ],
];

t.test("survey() tries whether sessions are resumed", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const issue = createIssuer(openssl, t.testdir());
  const issuer = await issue({ name: "ca", keyType: "p256" });
  const certificate = await issue({ name: "server", keyType: "p256", issuer });
  for (const [options, wanted] of CASES)
    await t.test(`survey() of s_server ${options.join(" ")}`, async (t) => {
      const server = await startOpensslServer(openssl, certificate, ["-www", ...options]);
      t.teardown(() => server.process.stop());
      const endpoint = { scheme: "tls", host: "127.0.0.1", port: server.port } as const;
      const { addresses } = await survey(endpoint, { perSecond: Infinity });
      t.match(addresses[0]?.features, wanted);
    });

  await t.test("probe() keeps what resumes a session out of the record", async (t) => {
    const server = await startOpensslServer(openssl, certificate, ["-www", "-tls1_2"]);
    t.teardown(() => server.process.stop());
    const endpoint = { scheme: "tls", host: "127.0.0.1", port: server.port } as const;
    const sessions = new Sessions();
    const handshake = await probe(endpoint, {
      shape: singleHello({ version: Version.tls12 }),
      sessions,
    });
    t.equal(handshake.outcome, "complete");
    const session = sessions.of("ticket");
    t.equal(session?.kind, "ticket");
    if (session?.kind !== "ticket") return;
    const text = JSON.stringify(handshakeToJson(handshake));
    t.ok(session.ticket.length > 16);
    for (const form of ["hex", "base64"] as const)
      t.notOk(text.includes(Buffer.from(session.ticket).toString(form).slice(0, 20)), form);
  });
});
