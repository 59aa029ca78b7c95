import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import t, { type Test } from "tap";
import { keyPem, smallPki } from "../daemon/fixture.ts";
import { bearer, bentProber, post, startWatched, TOKEN_LINES } from "./watched.ts";

/** A web server on loopback that sends people elsewhere, and counts who comes. */
const webServer = async (t: Test, location: string | null) => {
  const { leaf } = smallPki();
  let asked = 0;
  const server = createServer({ key: keyPem(leaf), cert: leaf.pem }, (_request, response) => {
    asked++;
    response.writeHead(location === null ? 200 : 302, location === null ? {} : { location });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  return { port: (server.address() as AddressInfo).port, asked: () => asked };
};

/** Places that a name must not lead to unless they are listed themselves. */
const INNER = [
  ["127.0.0.1"],
  ["::1"],
  ["::ffff:127.0.0.1"],
  ["::ffff:a9fe:a9fe"],
  ["64:ff9b::7f00:1"],
  ["169.254.169.254"],
  ["fd00:ec2::254"],
  ["0.0.0.0"],
  ["192.0.2.1", "127.0.0.1"],
] as const;

t.test("POST check reaches nothing by a name that leads inside", async (t) => {
  let addresses: readonly string[] = [];
  const prober = bentProber({ "canary.test.example.com": () => addresses });
  const { daemon } = await startWatched(t, {
    http: `${TOKEN_LINES}\n  allow: ["canary.test.example.com:*"]`,
    prober,
  });
  const before = prober.dialled.length;
  for (addresses of INNER) {
    const body = { target: "https://canary.test.example.com:8443", client: "pfs" };
    const answer = await post(daemon.url, "api/v1/check", body, bearer("operate"));
    t.equal(answer.status, 403, addresses.join());
    t.match(await answer.json(), { type: /target-refused$/ });
  }
  t.equal(prober.dialled.length, before, "nothing was dialled");
});

t.test("/probe reaches nothing by a name that leads inside", async (t) => {
  let addresses: readonly string[] = [];
  const prober = bentProber({ "canary.test.example.com": () => addresses });
  const { daemon } = await startWatched(t, {
    http: `  allow: ["canary.test.example.com:*"]`,
    prober,
    watchInterval: 3_600_000,
  });
  const before = prober.dialled.length;
  for (addresses of INNER.filter((each) => each.length === 1)) {
    const answer = await fetch(`${daemon.url}probe?module=pfs&target=canary.test.example.com:8443`);
    t.equal(answer.status, 200);
    const text = await answer.text();
    t.match(text, /^probe_success 0$/m, addresses.join());
    t.match(text, /anchorwatch_probe_failure_info\{reason="dns-failed"\} 1/);
  }
  t.equal(prober.dialled.length, before, "nothing was dialled");
});

t.test(
  "Checks on request dial the address that was vetted, whatever the name says next",
  async (t) => {
    const { port } = await webServer(t, null);
    const answers = [["127.0.0.1"], ["169.254.169.254"], ["169.254.169.254"]];
    let looked = 0;
    const prober = bentProber({ "rebind.test.example.com": () => answers[looked++] ?? [] });
    const { daemon } = await startWatched(t, {
      http: `${TOKEN_LINES}\n  allow: ["rebind.test.example.com:*", "127.0.0.1:${port}"]`,
      prober,
    });
    const target = `https://rebind.test.example.com:${port}`;
    const checked = await post(
      daemon.url,
      "api/v1/check",
      { target, client: "pfs" },
      bearer("operate"),
    );
    t.equal(checked.status, 200);
    t.match(await checked.json(), {
      links: [{ addresses: [{ address: "127.0.0.1", outcome: "complete" }] }],
    });
    t.equal(looked, 1, "it was looked up once");
    looked = 0;
    const probed = await fetch(
      `${daemon.url}probe?module=pfs&target=${encodeURIComponent(target)}`,
      {
        headers: bearer("read"),
      },
    );
    t.match(await probed.text(), /^probe_http_status_code 200$/m);
    t.equal(looked, 1);
    t.notOk(prober.dialled.includes("169.254.169.254"));
  },
);

t.test("Checks on request follow no redirection", async (t) => {
  const inner = await webServer(t, null);
  const outer = await webServer(t, `https://127.0.0.1:${inner.port}/latest/meta-data/`);
  const { daemon } = await startWatched(t, {
    http: `${TOKEN_LINES}\n  allow: ["127.0.0.1:${outer.port}"]`,
  });
  const target = `https://127.0.0.1:${outer.port}/`;
  const probed = await fetch(`${daemon.url}probe?module=pfs&target=${target}`, {
    headers: bearer("read"),
  });
  t.match(await probed.text(), /^probe_http_status_code 302$/m);
  await post(daemon.url, "api/v1/check", { target, client: "pfs" }, bearer("operate"));
  t.equal(outer.asked(), 1, "POST check makes no request");
  t.equal(inner.asked(), 0);
});

t.test(
  "Checks on request take no target that is neither known nor listed, however it is written",
  async (t) => {
    const { daemon, ports } = await startWatched(t, {
      http: `${TOKEN_LINES}\n  allow: ["*.test.example.com:443", "10.20.0.0/16:636"]`,
      prober: bentProber({}),
    });
    for (const target of [
      "127.0.0.1:22",
      `127.0.0.1:${ports[0]}`,
      "https://127.1",
      "https://2130706433",
      "https://0x7f000001",
      "https://[::ffff:127.0.0.1]",
      "https://a.b.test.example.com",
      "https://a.test.example.com:8443",
      "https://a.test.example.com.evil.example",
      "https://test.example.com",
      "10.21.0.1:636",
      "10.20.0.1:22",
      "ldap://10.20.0.1.evil.example:636",
    ]) {
      const query = `probe?module=pfs&target=${encodeURIComponent(target)}`;
      const probed = await fetch(daemon.url + query, { headers: bearer("read") });
      t.ok([400, 403].includes(probed.status), `/probe ${target}: ${probed.status}`);
      const checked = await post(
        daemon.url,
        "api/v1/check",
        { target, client: "pfs" },
        bearer("operate"),
      );
      t.ok([400, 403].includes(checked.status), `check ${target}: ${checked.status}`);
    }
    for (const target of [
      "https://user:secret@a.test.example.com",
      "http://localhost",
      "file:///etc/passwd",
      "//",
      "a b",
    ]) {
      const query = `probe?target=${encodeURIComponent(target)}`;
      const probed = await fetch(daemon.url + query, { headers: bearer("read") });
      t.ok([400, 403].includes(probed.status), `/probe ${target}`);
      t.notMatch(await probed.text(), /secret/);
    }
  },
);
