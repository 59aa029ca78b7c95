import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Test } from "tap";

/** Programs that tests run as real peers, and the names under which systems install them. */
const programs = {
  openssl: ["openssl"],
  nginx: ["nginx"],
  java: ["java"],
  javac: ["javac"],
  keytool: ["keytool"],
  chromium: ["chromium", "chromium-browser", "google-chrome"],
  curl: ["curl"],
  prlimit: ["prlimit"],
  promtool: ["promtool"],
  prometheus: ["prometheus"],
  amtool: ["amtool"],
  alertmanager: ["prometheus-alertmanager", "alertmanager"],
  smtpSink: ["smtp-sink"],
  systemdAnalyze: ["systemd-analyze"],
  script: ["script"],
  apache2: ["apache2", "httpd"],
  haproxy: ["haproxy"],
  catalina: ["catalina.sh"],
  stunnel: ["stunnel4", "stunnel"],
  gnutlsServ: ["gnutls-serv"],
  gnutlsCli: ["gnutls-cli"],
  go: ["go"],
  certutil: ["certutil"],
  slapd: ["slapd"],
  postfix: ["postfix"],
  dovecot: ["dovecot"],
  vsftpd: ["vsftpd"],
  prosody: ["prosody"],
  ngircd: ["ngircd"],
  inspircd: ["inspircd"],
  nnrpd: ["nnrpd"],
  postgres: ["postgres"],
  tsql: ["tsql"],
  mariadbd: ["mariadbd"],
  xrdp: ["xrdp"],
  sslscan: ["sslscan"],
  nmap: ["nmap"],
  testssl: ["testssl", "testssl.sh"],
  tinyproxy: ["tinyproxy"],
  microsocks: ["microsocks"],
  blackboxExporter: ["prometheus-blackbox-exporter", "blackbox_exporter"],
} as const satisfies Record<string, readonly string[]>;

/** A program that a test may ask for. */
export type Tool = keyof typeof programs;

const found = new Map<Tool, string | undefined>();

/** Where Debian keeps the versions of PostgreSQL, the newest first. */
function postgresDirectories(): readonly string[] {
  const home = "/usr/lib/postgresql";
  const versions = existsSync(home) ? readdirSync(home) : [];
  return versions.toSorted((a, b) => Number(b) - Number(a)).map((each) => join(home, each, "bin"));
}

/** Directories searched: the PATH, `$JAVA_HOME/bin`, and the system directories that users' paths often lack. */
function directories(): readonly string[] {
  return [
    ...(process.env["JAVA_HOME"] === undefined ? [] : [join(process.env["JAVA_HOME"], "bin")]),
    ...(process.env["PATH"] ?? "").split(delimiter).filter((directory) => directory !== ""),
    "/usr/sbin",
    "/usr/local/sbin",
    "/usr/share/tomcat10/bin",
    // INN as its package has it, and as `.ci/run` unpacks it
    "/usr/lib/news/bin",
    "/opt/inn2/usr/lib/news/bin",
    ...postgresDirectories(),
  ];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Absolute path of an installed program; undefined when this machine has none. */
export function findTool(tool: Tool): string | undefined {
  if (!found.has(tool)) {
    const candidates = directories().flatMap((directory) =>
      programs[tool].map((name) => join(directory, name)),
    );
    found.set(tool, candidates.find(isExecutable));
  }
  return found.get(tool);
}

/**
 * Path of a program that a test needs. Without it the test is skipped with a visible reason, and fails
 * where `CI=true`: there a missing peer must not look like a passed test. The caller returns on undefined.
 */
export function requireTool(t: Test, tool: Tool): string | undefined {
  const path = findTool(tool);
  if (path !== undefined) return path;
  const reason = `${tool} is not installed`;
  if (process.env["CI"] === "true") t.fail(reason);
  else t.plan(0, reason);
  return undefined;
}
