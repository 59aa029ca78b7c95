/** Folders under `src` with the folders that each may import from (design: the house). */
export const LAYERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["x509", []],
  ["truststore", ["x509"]],
  ["probe", ["x509"]],
  ["trust", ["x509", "truststore", "probe"]],
  ["diagnosis", ["x509", "truststore", "probe", "trust"]],
  ["estate", ["x509", "truststore", "probe", "trust"]],
  ["links", ["x509", "truststore", "probe", "trust", "diagnosis", "estate"]],
  ["report", ["x509", "truststore", "probe", "trust", "diagnosis", "estate", "links"]],
  ["daemon", ["x509", "truststore", "probe", "trust", "diagnosis", "estate", "links", "report"]],
  [
    "cli",
    ["x509", "truststore", "probe", "trust", "diagnosis", "estate", "links", "report", "daemon"],
  ],
]);

/** Folders whose code does no input or output and reads no clock. The TLS engine is bytes in, bytes out. */
export const PURE_FOLDERS = [
  "src/x509/",
  "src/trust/",
  "src/diagnosis/",
  "src/links/",
  "src/report/",
  "src/probe/tls/",
];

/** Modules of the runtime that pure code may use: they compute, and touch neither system nor clock. */
export const PURE_MODULES: ReadonlySet<string> = new Set([
  "node:assert",
  "node:buffer",
  "node:crypto",
  "node:path/posix",
  "node:url",
  "node:util",
  "node:zlib",
]);

/** Packages that pure code may use. */
export const PURE_PACKAGES: ReadonlySet<string> = new Set(["zod"]);

/** Globals through which code would reach the system, the clock or chance. */
export const IMPURE_GLOBALS: ReadonlySet<string> = new Set([
  "clearImmediate",
  "clearInterval",
  "clearTimeout",
  "console",
  "fetch",
  "performance",
  "process",
  "setImmediate",
  "setInterval",
  "setTimeout",
  "WebSocket",
]);
