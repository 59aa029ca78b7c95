import type { UpgradeScheme } from "../handshake.ts";
import { ftp } from "./ftp.ts";
import { imap } from "./imap.ts";
import { irc } from "./irc.ts";
import { ldap } from "./ldap.ts";
import { mssql } from "./mssql.ts";
import { mysql } from "./mysql.ts";
import { nntp } from "./nntp.ts";
import { pop3 } from "./pop3.ts";
import { postgres } from "./postgres.ts";
import { rdp } from "./rdp.ts";
import { sieve } from "./sieve.ts";
import { lmtp, smtp } from "./smtp.ts";
import type { Dialog, DialogFacts } from "./talk.ts";
import { xmpp, xmppServer } from "./xmpp.ts";

/** The dialog of every scheme that has one. */
export const DIALOGS: Readonly<Record<UpgradeScheme, (facts: DialogFacts) => Dialog>> = {
  ldap,
  imap,
  pop3,
  smtp,
  lmtp,
  ftp,
  nntp,
  xmpp,
  "xmpp-server": xmppServer,
  sieve,
  irc,
  postgres,
  mysql,
  mssql,
  rdp,
};
