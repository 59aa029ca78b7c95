import t from "tap";
import { resolveAddresses } from "../../src/probe/resolve.ts";

const timeoutMs = 10_000;

t.test("resolveAddresses() takes IP literals as they are", async (t) => {
  for (const literal of ["192.0.2.1", "2001:db8::1", "fe80::1%eth0"])
    t.same(await resolveAddresses(literal, { timeoutMs }), { ok: true, value: [literal] });
});

t.test("resolveAddresses() finds the loopback addresses once each", async (t) => {
  const resolved = await resolveAddresses("localhost", { timeoutMs });
  t.ok(resolved.ok);
  const addresses = resolved.ok ? resolved.value : [];
  t.ok(addresses.every((address) => ["127.0.0.1", "::1"].includes(address)));
  t.equal(new Set(addresses).size, addresses.length);
});

t.test("resolveAddresses() reports a name that does not exist", async (t) => {
  // RFC 6761 section 6.4: this name never exists.
  const resolved = await resolveAddresses("anchorwatch.invalid", { timeoutMs });
  t.match(resolved, { ok: false, error: { code: "dns-failed", message: /^anchorwatch\.invalid/ } });
});

t.test("resolveAddresses() stops waiting when its time is over", async (t) => {
  const resolved = await resolveAddresses("anchorwatch.invalid", { timeoutMs: 0 });
  t.match(resolved, { ok: false, error: { code: "dns-failed" } });
});

t.test("resolveAddresses() stops waiting when it is cancelled", async (t) => {
  const before = AbortSignal.abort();
  t.match(await resolveAddresses("localhost", { timeoutMs, signal: before }), {
    error: { code: "cancelled" },
  });
  const controller = new AbortController();
  const pending = resolveAddresses("anchorwatch.invalid", { timeoutMs, signal: controller.signal });
  controller.abort();
  t.match(await pending, { error: { code: "cancelled" } });
});
