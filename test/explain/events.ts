import t from "tap";
import { explainText } from "../../src/diagnosis/explain/explain.ts";
import { explainText as reportText } from "../../src/report/explain/explain-text.ts";
import { plainPaint } from "../../src/report/paint.ts";

t.test("explainText() counts repeated errors, with first and last line and time", async (t) => {
  const lines: string[] = [];
  for (let minute = 10; minute < 40; minute++) {
    lines.push(`2026-11-21 11:${minute}:00,000 INFO nothing happened`);
    lines.push(
      `2026-11-21 11:${minute}:01,000 ERROR call of https://bpm.example.com:9443/x failed`,
      "javax.net.ssl.SSLHandshakeException: PKIX path building failed",
      "\tat a.b.C.d(C.java:1)",
      "Caused by: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target",
      "\t... 12 more",
    );
  }
  lines.push(
    "2026-11-21 12:00:00,000 ERROR curl: (60) SSL certificate problem: certificate has expired",
  );
  const { problems } = explainText(lines.join("\n"));
  t.equal(problems.length, 2);
  const [often, once] = problems;
  t.equal(often?.count, 30);
  t.same(often?.first, { line: 2, time: "2026-11-21 11:10:01,000" });
  t.same(often?.last, { line: 176, time: "2026-11-21 11:39:01,000" });
  t.equal(often?.check.command, "anchorwatch check bpm.example.com:9443 --as openjdk-17");
  t.equal(once?.count, 1);
});

t.test("explainText() keeps hosts apart and puts the most frequent first", async (t) => {
  const of = (host: string, count: number): string =>
    `Get "https://${host}:8443/": x509: certificate signed by unknown authority\n`.repeat(count);
  const { problems } = explainText(of("a.example.com", 2) + of("b.example.com", 5));
  t.same(
    problems.map(({ count, facts }) => [count, facts.host, facts.port]),
    [
      [5, "b.example.com", "8443"],
      [2, "a.example.com", "8443"],
    ],
  );
});

const LIBERTY =
  "[11/21/26 11:23:48:123 UTC] 0000003a E CWPKI0823E: SSL HANDSHAKE FAILURE:  A signer with SubjectDN [CN=bpm-east.example.com, O=Corp] was sent from the host [bpm-east.example.com:9443].  The signer might need to be added to local trust store [/opt/pfs/resources/security/trust.p12], located in SSL configuration alias [pfsSSL].  The extended error message from the SSL handshake exception is: [PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target].";

t.test("explainText() takes host, store, subject and alias out of texts", async (t) => {
  const cases: readonly (readonly [
    text: string,
    facts: Record<string, string>,
    command?: string,
  ])[] = [
    [
      LIBERTY,
      {
        host: "bpm-east.example.com",
        port: "9443",
        subject: "CN=bpm-east.example.com, O=Corp",
        truststore: "/opt/pfs/resources/security/trust.p12",
        sslConfiguration: "pfsSSL",
      },
      "anchorwatch check bpm-east.example.com:9443 --as openjdk-17 --truststore /opt/pfs/resources/security/trust.p12 --truststore-password prompt",
    ],
    [
      "PKIXCertPathBuilderImpl could not build a valid CertPath.; internal cause is: The certificate issued by CN=Corp Issuing CA 2, O=Corp, C=DE is not trusted; internal cause is: x",
      { issuer: "CN=Corp Issuing CA 2, O=Corp, C=DE" },
      "anchorwatch check HOST:PORT --as ibm-java-8",
    ],
    [
      "simple bind failed: imcs.example.com:20411 [Root exception is javax.net.ssl.SSLHandshakeException: unable to find valid certification path to requested target]",
      { host: "imcs.example.com", port: "20411" },
      "anchorwatch check imcs.example.com:20411 --as openjdk-17",
    ],
    [
      "x509: certificate has expired or is not yet valid: current time 2026-11-21T12:23:48+01:00 is after 2026-11-16T11:00:00Z",
      { clock: "2026-11-21T12:23:48+01:00", expiry: "2026-11-16T11:00:00Z" },
      "anchorwatch check HOST:PORT --as go --at 2026-11-21T11:23:48Z",
    ],
    [
      "requests.exceptions.SSLError: HTTPSConnectionPool(host='api.example.com', port=8443): Max retries exceeded (Caused by SSLError(SSLCertVerificationError(1, 'certificate verify failed: unable to get local issuer certificate')))",
      { host: "api.example.com", port: "8443" },
      "anchorwatch check api.example.com:8443 --as openssl-3",
    ],
    [
      "javax.net.ssl.SSLHandshakeException: No subject alternative names matching IP address 10.1.2.3 found",
      { host: "10.1.2.3" },
    ],
    [
      "javax.net.ssl.SSLHandshakeException: No name matching bpm.example.com found",
      { host: "bpm.example.com" },
    ],
    [
      "x509: certificate is valid for a.example.com, b.example.com, not c.example.com",
      { names: "a.example.com, b.example.com", host: "c.example.com" },
    ],
    [
      "ERROR: cannot verify localhost's certificate, issued by ‘CN=Corp CA’:\n  Unable to locally verify the issuer's authority.",
      { host: "localhost", issuer: "CN=Corp CA" },
    ],
    [
      'I/O error on GET request for "https://[2001:db8::1]:8443/x": unable to find valid certification path to requested target',
      { host: "2001:db8::1", port: "8443" },
      "anchorwatch check [2001:db8::1]:8443 --as openjdk-17",
    ],
    ["Inaccessible trust store: /opt/app/trust.jks", { truststore: "/opt/app/trust.jks" }],
    [
      "2026/11/21 11:23:48 http: TLS handshake error from 10.0.0.1:51234: remote error: tls: unknown certificate authority",
      { peer: "10.0.0.1:51234", alert: "unknown certificate authority" },
    ],
  ];
  for (const [text, facts, command] of cases) {
    const [problem] = explainText(text).problems;
    t.match(problem?.facts, facts, text);
    if (command !== undefined) t.equal(problem?.check.command, command, text);
  }
});

t.test("explainText() tells from which side an alert was received", async (t) => {
  const alert = "javax.net.ssl.SSLHandshakeException: Received fatal alert: unknown_ca";
  const causes = (text: string): readonly string[] => explainText(text).problems[0]?.cases ?? [];
  t.same(
    causes(
      `${alert}\n\tat sun.net.www.protocol.https.HttpsClient.afterConnect(HttpsClient.java:1)`,
    ),
    ["F3", "F7"],
  );
  t.same(causes(`2026-11-21 11:00:00 [https-jsse-nio-8443-exec-1] ${alert}`).slice(0, 2), [
    "A1",
    "B1",
  ]);
  t.same(causes(alert).slice(0, 3), ["F3", "F7", "A1"], "both, where the text does not tell");
});

t.test("explainText() warns of what Liberty's wording leads to", async (t) => {
  const [problem] = explainText(LIBERTY).problems;
  t.ok(problem?.notes.some((note) => note.includes("server's own certificate")));
  t.same(problem?.cases.slice(0, 5), ["A1", "B1", "A3", "A11", "A24"]);
});

t.test("explainText() reads times in seconds or milliseconds since 1970", async (t) => {
  const text = "unable to find valid certification path to requested target";
  for (const [line, time] of [
    [`1795260228.123 ERROR ${text}`, "1795260228.123"],
    [`[1795260228] ERROR ${text}`, "1795260228"],
    [`{"ts":1795260228123,"msg":"${text}"}`, "1795260228123"],
    [`17952602281 ${text}`, null],
  ] as const)
    t.equal(explainText(line).problems[0]?.first.time, time, line);
});

t.test("explainText() of the report tells of targets that were not checked", async (t) => {
  const explanation = explainText("curl: (60) SSL certificate problem: certificate has expired");
  const said = (unchecked: number): string =>
    reportText({ explanation, problems: [], unchecked, exitCode: 2 }, plainPaint);
  t.notMatch(said(0), "not checked");
  t.match(said(1), "1 further error with a target was not checked");
  t.match(said(3), "3 further errors with a target were not checked");
});
