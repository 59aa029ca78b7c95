import t, { type Test } from "tap";
import type { TargetScheme, UpgradeScheme } from "../../src/probe/handshake.ts";
import { isUpgradeScheme, SCHEMES } from "../../src/probe/schemes.ts";
import {
  isRoot,
  type LabDaemon,
  serverDirectory,
  type ServerParts,
} from "../lab/servers/daemon.ts";
import { startDovecot } from "../lab/servers/dovecot.ts";
import { startInspircd } from "../lab/servers/inspircd.ts";
import { startMariadb } from "../lab/servers/mariadb.ts";
import { startNgircd } from "../lab/servers/ngircd.ts";
import { startNnrpd } from "../lab/servers/nnrpd.ts";
import { startPostfix } from "../lab/servers/postfix.ts";
import { startPostgres } from "../lab/servers/postgres.ts";
import { startProsody } from "../lab/servers/prosody.ts";
import { startSlapd } from "../lab/servers/slapd.ts";
import { startVsftpd } from "../lab/servers/vsftpd.ts";
import { startXrdp } from "../lab/servers/xrdp.ts";
import { requireTool, type Tool } from "../tools.ts";
import { createLab, type Lab, probeLocal } from "./lab.ts";

/** A server, and what its dialogs come to where it has no certificate. */
interface RealServer {
  readonly tool: Tool;
  readonly needsRoot?: true;
  readonly start: (program: string, parts: ServerParts) => Promise<LabDaemon<TargetScheme>>;
  /** Schemes whose upgrade works when it has a certificate. */
  readonly upgrades: readonly UpgradeScheme[];
  /** Its words where TLS is switched off, or cannot be had. */
  readonly refusals: Readonly<Partial<Record<UpgradeScheme, RegExp>>>;
  /** What it is called when another protocol was expected, where its first words are known. */
  readonly speaks: RegExp | null;
}

const servers: readonly RealServer[] = [
  {
    tool: "slapd",
    start: startSlapd,
    upgrades: ["ldap"],
    refusals: { ldap: /refused StartTLS: protocolError, unsupported extended operation/ },
    speaks: null,
  },
  {
    tool: "postfix",
    needsRoot: true,
    start: startPostfix,
    upgrades: ["smtp"],
    refusals: { smtp: /does not offer STARTTLS: it offers PIPELINING SIZE/ },
    speaks: /^Peer speaks SMTP, /,
  },
  {
    tool: "dovecot",
    needsRoot: true,
    start: startDovecot,
    upgrades: ["imap", "pop3", "sieve", "lmtp"],
    refusals: {
      imap: /does not offer STARTTLS: it offers IMAP4rev1 /,
      pop3: /does not offer STLS: it offers CAPA, /,
      sieve: /does not offer STARTTLS: it offers IMPLEMENTATION, SIEVE, /,
      lmtp: /does not offer STARTTLS: it offers 8BITMIME /,
    },
    speaks:
      /^Peer speaks (?:IMAP|POP3|ManageSieve|SMTP or FTP), |^Server refused .*: 50[02] 5\.5\.1 /,
  },
  {
    tool: "vsftpd",
    needsRoot: true,
    start: startVsftpd,
    upgrades: ["ftp"],
    refusals: { ftp: /refused AUTH TLS and AUTH SSL: 530 Please login with USER and PASS\./ },
    speaks: /^Peer speaks FTP, /,
  },
  {
    tool: "nnrpd",
    needsRoot: true,
    start: startNnrpd,
    upgrades: ["nntp"],
    // it offers STARTTLS whether or not it has a certificate
    refusals: { nntp: /refused STARTTLS: 580 Error initializing TLS$/ },
    speaks: /^Peer speaks NNTP, /,
  },
  {
    tool: "prosody",
    start: startProsody,
    upgrades: ["xmpp", "xmpp-server"],
    refusals: {
      xmpp: /does not offer STARTTLS: it offers mechanisms$/,
      "xmpp-server": /does not offer STARTTLS: it offers dialback$/,
    },
    speaks: null,
  },
  {
    tool: "ngircd",
    start: startNgircd,
    upgrades: [],
    refusals: { irc: /does not offer STARTTLS: it offers multi-prefix$/ },
    speaks: null,
  },
  {
    tool: "inspircd",
    start: startInspircd,
    upgrades: ["irc"],
    refusals: { irc: /does not offer STARTTLS: it offers / },
    speaks: null,
  },
  {
    tool: "postgres",
    start: startPostgres,
    upgrades: ["postgres"],
    refusals: { postgres: /refused the SSLRequest: N / },
    speaks: null,
  },
  {
    tool: "mariadbd",
    start: startMariadb,
    upgrades: ["mysql"],
    refusals: { mysql: /the greeting of \S+MariaDB\S* is without the flag CLIENT_SSL$/ },
    speaks: /^Peer speaks MySQL, /,
  },
  {
    tool: "xrdp",
    start: startXrdp,
    upgrades: ["rdp"],
    refusals: { rdp: /does not offer TLS: it chose RDP's own encryption$/ },
    speaks: null,
  },
];

t.test("probe() upgrades to TLS as real servers do", async (t) => {
  const openssl = requireTool(t, "openssl");
  if (openssl === undefined) return;
  const lab = await createLab(t, openssl);
  t.jobs = 3;
  for (const server of servers)
    void t.test(`probe() with ${server.tool}`, { buffered: true }, async (t) => {
      const program = requireTool(t, server.tool);
      if (program === undefined) return;
      if (server.needsRoot === true && !isRoot) {
        t.plan(0, `${server.tool} can only be started by root`);
        return;
      }
      await withTls(t, server, program, lab);
      await withoutTls(t, server, program);
    });
});

async function run(
  t: Test,
  { start }: RealServer,
  program: string,
  identity: Lab["identity"] | null,
): Promise<LabDaemon<TargetScheme>> {
  const daemon = await start(program, { directory: await serverDirectory(t), identity });
  t.teardown(() => daemon.stop());
  return daemon;
}

const portsOf = (daemon: LabDaemon<TargetScheme>): readonly (readonly [TargetScheme, number])[] =>
  SCHEMES.flatMap((scheme) => {
    const port = daemon.ports[scheme];
    return port === undefined ? [] : [[scheme, port] as const];
  });

function withTls(t: Test, server: RealServer, program: string, lab: Lab): Promise<unknown> {
  return t.test(`probe() finds the chain of ${server.tool}`, async (t) => {
    const daemon = await run(t, server, program, lab.identity);
    for (const [scheme, port] of portsOf(daemon)) {
      const upgrades = isUpgradeScheme(scheme);
      if (upgrades && !server.upgrades.includes(scheme)) continue;
      const handshake = await probeLocal(scheme, port);
      t.equal(handshake.outcome, "complete", `${scheme} ${handshake.failure?.message}`);
      t.same(handshake.certificates, lab.chain, `${scheme} has the chain as configured`);
      t.equal(handshake.phases.dialog !== null, upgrades, `${scheme} has a dialog or none`);
      t.equal((handshake.dialog?.length ?? 0) > 1, upgrades, `${scheme} has a transcript or none`);
    }
    for (const scheme of server.upgrades) t.ok(daemon.ports[scheme], `${scheme} was probed`);
  });
}

async function withoutTls(t: Test, server: RealServer, program: string): Promise<void> {
  await t.test(`probe() says what ${server.tool} without TLS says`, async (t) => {
    const daemon = await run(t, server, program, null);
    const ports = portsOf(daemon);
    t.same(ports.map(([scheme]) => scheme).toSorted(), Object.keys(server.refusals).toSorted());
    for (const [scheme, port] of ports) {
      const handshake = await probeLocal(scheme, port);
      t.equal(handshake.stage, "connect");
      t.equal(handshake.failure?.code, "upgrade-refused", `${scheme}`);
      if (isUpgradeScheme(scheme)) t.match(handshake.failure?.message, server.refusals[scheme]);
    }
    await asOthers(t, server, daemon);
  });
}

/** Failures that a server of another protocol may come to. */
const STRANGE: ReadonlySet<string> = new Set([
  "wrong-protocol",
  "upgrade-refused",
  "timeout-dialog",
  "connection-closed",
  "connection-reset",
]);

/** Speaks every other protocol to a server. */
async function asOthers(
  t: Test,
  { tool, speaks, refusals }: RealServer,
  daemon: LabDaemon<TargetScheme>,
): Promise<void> {
  const others = SCHEMES.filter((scheme) => isUpgradeScheme(scheme) && !(scheme in refusals));
  const ask = async (scheme: TargetScheme, port: number): Promise<void> => {
    const { failure } = await probeLocal(scheme, port, PATIENCE);
    t.ok(STRANGE.has(failure?.code ?? ""), `${scheme} to ${tool}: ${failure?.message}`);
    if (speaks !== null) t.match(failure?.message, speaks, `${scheme} to ${tool}`);
  };
  await Promise.all(
    portsOf(daemon).flatMap(([, port]) => others.map((scheme) => ask(scheme, port))),
  );
}

/** Both sides may wait for the other's first word: then only time ends the dialog. */
const PATIENCE = { timeoutMs: 1500 };
