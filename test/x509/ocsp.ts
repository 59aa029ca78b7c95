import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import t from "tap";
import { parseCertificate } from "../../src/x509/certificate.ts";
import { encodeOcspRequest, matchesCertificate } from "../../src/x509/ocsp-request.ts";
import { parseOcspResponse } from "../../src/x509/ocsp.ts";
import { readTimestampList } from "../../src/x509/timestamps.ts";
import { Extensions, issue, NOW, ocspResponse, pem } from "../trust/revocation/authority.ts";
import { requireTool } from "../tools.ts";
import { bytes } from "./encodings.ts";

const root = issue({ subject: "Root", serial: 1, isCa: true, notAfter: Date.UTC(2049, 0) });
const leaf = issue({ subject: "leaf", serial: 0x1234, issuer: root, notAfter: Date.UTC(2049, 0) });

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

t.test(
  "parseOcspResponse() reads what a responder of openssl answers to our request",
  async (t) => {
    const openssl = requireTool(t, "openssl");
    if (openssl === undefined) return;
    const folder = t.testdir({});
    const file = (name: string, content: string): string => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    };
    const delegate = issue({
      subject: "Responder",
      serial: 9,
      issuer: root,
      notAfter: Date.UTC(2049, 0),
      more: [Extensions.ocspSigning()],
    });
    const ca = file("ca.pem", pem("CERTIFICATE", root.der));
    const index = file(
      "index.txt",
      `R\t490101000000Z\t260301120000Z,superseded\t1234\tunknown\t/CN=leaf\n`,
    );
    const port = await freePort();
    const responder: ChildProcess = spawn(
      openssl,
      [
        ..."ocsp -ndays 3 -text -port".split(" "),
        String(port),
        "-index",
        index,
        "-CA",
        ca,
        "-rsigner",
        file("responder.pem", pem("CERTIFICATE", delegate.der)),
        "-rkey",
        file("key.pem", String(delegate.key.export({ type: "pkcs8", format: "pem" }))),
      ],
      { stdio: "ignore" },
    );
    t.teardown(() => responder.kill());
    const [certificate, issuer] = [leaf, root].map(({ der }) => parseCertificate(der));
    if (certificate?.ok !== true || issuer?.ok !== true) return t.fail("our own certificates");
    const nonce = new Uint8Array(16).fill(5);
    const request = encodeOcspRequest(certificate.value, issuer.value, nonce);
    const written = join(folder, "request.der");
    writeFileSync(written, request);
    const text = execFileSync(openssl, ["ocsp", "-reqin", written, "-req_text"]).toString();
    t.match(text, /Serial Number: 1234/);
    t.match(text, /OCSP Nonce/);
    let response: Response | undefined;
    for (let attempt = 0; attempt < 100 && response === undefined; attempt++)
      try {
        response = await fetch(`http://127.0.0.1:${port}/`, {
          method: "POST",
          headers: { "content-type": "application/ocsp-request" },
          body: Buffer.from(request),
        });
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    if (response === undefined) return t.fail("the responder does not answer");
    const parsed = parseOcspResponse(new Uint8Array(await response.arrayBuffer()));
    if (!parsed.ok) return t.fail(parsed.error.message);
    if (parsed.value.kind === "error") return t.fail(parsed.value.status);
    const { responses, certificates, responder: id, nonce: echoed } = parsed.value;
    t.equal(responses.length, 1);
    const [single] = responses;
    t.ok(single !== undefined && matchesCertificate(single.id, certificate.value, issuer.value));
    t.same(single?.status, { kind: "revoked", at: Date.UTC(2026, 2, 1, 12), reason: "superseded" });
    t.equal((single?.nextUpdate ?? 0) - (single?.thisUpdate ?? 0), 3 * 86_400_000);
    t.equal(id.kind === "name" && id.name.text, "CN=Responder");
    t.equal(certificates[0]?.serialNumber, "09");
    t.ok(
      echoed !== null && Buffer.from(echoed).includes(Buffer.from(nonce)),
      "the nonce comes back",
    );
    return undefined;
  },
);

t.test("parseOcspResponse() answers every truncation with a typed error", async (t) => {
  const der = ocspResponse({
    subject: leaf,
    issuer: root,
    status: "revoked",
    certificates: [leaf.der],
  });
  t.equal(parseOcspResponse(der).ok, true);
  for (let length = 0; length < der.length; length++)
    if (parseOcspResponse(der.subarray(0, length)).ok)
      return t.fail(`accepted at ${length} octets`);
  return undefined;
});

for (const [hex, expected] of [
  ["30030a0101", "malformedRequest"],
  ["30030a0102", "internalError"],
  ["30030a0103", "tryLater"],
  ["30030a0105", "sigRequired"],
  ["30030a0106", "unauthorized"],
  ["30030a0104", "value-invalid"],
  ["30030a0100", "value-invalid"],
] as const)
  t.test(`parseOcspResponse(${hex}) -> ${expected}`, async (t) => {
    const parsed = parseOcspResponse(bytes(hex));
    const found = parsed.ok
      ? parsed.value.kind === "error"
        ? parsed.value.status
        : "basic"
      : parsed.error.code;
    t.equal(found, expected);
  });

t.test("readTimestampList() reads timestamps and refuses lengths that lie", async (t) => {
  const log = "ab".repeat(32);
  const entry = `00${log}${NOW.toString(16).padStart(16, "0")}0000040300020500`;
  const size = (entry.length / 2).toString(16).padStart(4, "0");
  const body = `${size}${entry}`;
  const list = bytes(`${(body.length / 2).toString(16).padStart(4, "0")}${body}`);
  t.same(readTimestampList(list), [{ logId: log, timestamp: NOW }]);
  for (let length = 0; length < list.length; length++)
    t.throws(() => readTimestampList(list.subarray(0, length)), { name: "DerError" });
});
