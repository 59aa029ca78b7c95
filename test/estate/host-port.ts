import t from "tap";
import { isLoopbackHost, parseHostPort } from "../../src/estate/host-port.ts";

void t.test("parseHostPort() tells host and port apart", async (t) => {
  for (const [text, expected] of [
    ["example.com", { host: "example.com", port: null }],
    ["example.com.:1", { host: "example.com.", port: 1 }],
    ["127.0.0.1:65535", { host: "127.0.0.1", port: 65_535 }],
    ["[::1]:9643", { host: "::1", port: 9643 }],
    ["[::1]", { host: "::1", port: null }],
    ["my_host:80", { host: "my_host", port: 80 }],
    ["::1", null],
    ["[example.com]:1", null],
    ["example.com:65536", null],
    ["example.com:", null],
    ["example.com:http", null],
    ["-x.com", null],
    ["a..b", null],
    ["user@host:1", null],
    ["host/path", null],
    ["", null],
    [`${"a".repeat(64)}.com`, null],
  ] as const)
    t.same(parseHostPort(text), expected, JSON.stringify(text));
});

void t.test("isLoopbackHost() holds for this machine alone", async (t) => {
  for (const host of ["localhost", "LOCALHOST", "127.0.0.1", "127.8.8.8", "::1", "0:0:0:0:0:0:0:1"])
    t.ok(isLoopbackHost(host), host);
  for (const host of [
    "0.0.0.0",
    "::",
    "10.0.0.1",
    "localhost.example.com",
    "127.example.com",
    "::2",
  ])
    t.notOk(isLoopbackHost(host), host);
});
