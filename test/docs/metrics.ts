import t from "tap";
import { METRICS, type MetricFamily } from "../../src/daemon/metric-catalogue.ts";
import type { FailureCode } from "../../src/probe/handshake.ts";
import { readPage, section, tableRows } from "./markdown.ts";

const page = readPage("docs/metrics.md");
const families: readonly MetricFamily[] = Object.values(METRICS);

t.test("docs/metrics.md lists every metric with its type and labels, in order", async (t) => {
  const rows = tableRows(section(page, "Catalogue")).map(([name, type, labels]) => ({
    name,
    type,
    labels,
  }));
  t.same(
    rows,
    families.map(({ name, type, labels }) => ({
      name: `\`${name}\``,
      type,
      labels: labels.join(", "),
    })),
  );
});

/** A record, so that the compiler finds a reason that is missing here. */
const REASONS: Readonly<Record<FailureCode, true>> = {
  "dns-failed": true,
  "connect-refused": true,
  "connect-unreachable": true,
  "connect-failed": true,
  "timeout-connect": true,
  "timeout-proxy": true,
  "timeout-dialog": true,
  "timeout-handshake": true,
  "proxy-unreachable": true,
  "proxy-authentication": true,
  "proxy-refused": true,
  "proxy-malformed": true,
  "wrong-protocol": true,
  "upgrade-refused": true,
  "not-tls": true,
  "connection-closed": true,
  "connection-reset": true,
  "alert-received": true,
  "version-unsupported": true,
  "parameter-unsupported": true,
  "malformed-message": true,
  "unexpected-message": true,
  "message-too-large": true,
  "limit-exceeded": true,
  "bad-record": true,
  "bad-signature": true,
  "bad-finished": true,
  "client-certificate-required": true,
  "client-certificate-refused": true,
  cancelled: true,
};

t.test("docs/metrics.md explains every value of the label reason", async (t) => {
  const explained = tableRows(section(page, "Values of `reason`")).flatMap(([values = ""]) =>
    [...values.matchAll(/`([a-z-]+)`/g)].map(([, value = ""]) => value),
  );
  t.same(explained.toSorted(), Object.keys(REASONS).toSorted());
});

t.test("docs/metrics.md queries metrics and labels that exist", async (t) => {
  const byName = new Map(families.map((family) => [family.name, family]));
  const queries = page.fences.filter(({ language }) => language === "promql");
  t.ok(queries.length > 0);
  for (const { text } of queries)
    for (const [, name = "", matchers = ""] of text.matchAll(
      /(anchorwatch_[a-z_]+)(?:\{([^}]*)\})?/g,
    )) {
      t.ok(byName.has(name), name);
      for (const [, label = ""] of matchers.matchAll(/([a-z_]+)=/g))
        t.ok(byName.get(name)?.labels.includes(label), `${name} has the label ${label}`);
    }
});
