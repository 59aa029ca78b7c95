import { readFileSync } from "node:fs";
import { type Cell, type Peer, VERSION_NAMES } from "./cell.ts";
import { wholeProduct } from "./plan.ts";
import type { CellResult } from "./run.ts";

/** The page that keeps the table. */
export const PAGE = new URL("../../docs/interop.md", import.meta.url);

const HEADINGS = [
  "server",
  "versions",
  "suites",
  "groups",
  "certificates",
  "client authentication",
  "cells",
  "whole product",
];

const INTRODUCTION = `# Interoperability

Anchorwatch is held against real servers, handshake by handshake. A cell is one handshake: one version, one cipher
suite, one group, one type of server certificate and one kind of client authentication. It passes when everything that
is recorded is as the server itself reports it in its log, its output or its API: version, suite, the group where the
server tells it, and the client's certificate or why it was refused; when the chain is the configured one; and when the
three-state result (not requested, optional, required) is right.

Each version is tested with every suite that the server and Anchorwatch have in common, every group, every type of
certificate and every kind of client authentication: not requested; optional and accepted, refused, or not given;
required and given, not given, or wrong. The columns count what passed of what the server can do, for all versions
together. The last column is the number of cells of the whole product, all of which \`node test/interop/main.ts --full\` runs.

`;

const CLOSING = `
Types of certificates: RSA with 2048 and 3072 bits, RSA-PSS, P-256, P-384, P-521, Ed25519, Ed448, DSA, and ML-DSA where
the server's library has it.

What is known of these servers:

- nginx, and Node where a certificate is optional, complete the handshake with a client certificate that they do not
  accept and judge it afterwards. Such a server counts as one for which a certificate is optional.
- Java drops leading zero bytes of the secret of a finite field (\`ffdhe2048\` and its like) in TLS 1.3, which RFC 8446
  section 7.4.1 keeps. One such handshake in 256 fails with \`bad-record\`, with every client that follows the RFC.
- GnuTLS answers a missing client certificate before TLS 1.3 with the alert \`decode_error\`. That is recorded as
  \`client-certificate-required\` all the same.
- Debian's configuration of OpenSSL forbids versions before TLS 1.2 and small keys; the servers here run without it.

This page is written by \`node test/interop/main.ts --write\`, and a test compares it with what the servers do.
`;

/** A row of the table for one server. */
export function rowOf(peer: Peer, results: readonly CellResult[]): string {
  const passed = results.filter(({ complaints }) => complaints.length === 0);
  const count = (of: (cell: Cell) => string | null): string => {
    const distinct = (list: readonly CellResult[]) =>
      new Set(list.map(({ cell }) => of(cell)).filter((each) => each !== null)).size;
    return `${distinct(passed)} of ${distinct(results)}`;
  };
  const { versions } = peer.capabilities;
  const ordered = VERSION_NAMES.filter((version) => versions.includes(version));
  const cells = [
    peer.name,
    ordered.map((version) => version.replace("TLSv", "")).join(", "),
    count(({ version, suite }) => `${version} ${suite}`),
    count(({ version, group }) => (group === null ? null : `${version} ${group}`)),
    count(({ version, certificate }) => `${version} ${certificate}`),
    count(({ version, clientAuth }) => `${version} ${clientAuth}`),
    `${passed.length} of ${results.length}`,
    String(wholeProduct(peer.capabilities).length),
  ];
  return line(cells);
}

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** The whole table. */
export function tableOf(rows: readonly string[]): string {
  return [line(HEADINGS), line(HEADINGS.map(() => "---")), ...rows].join("\n");
}

/** The page with rows. */
export function pageOf(rows: readonly string[]): string {
  return `${INTRODUCTION}${tableOf(rows)}\n${CLOSING}`;
}

/** The row that the page has for a server of a class of versions; undefined where it knows none. */
export function documentedRow(name: string): string | undefined {
  return documentedRows().find((each) => each.startsWith(`| ${name} |`));
}

/** The rows of the page, without its headings. */
export function documentedRows(): readonly string[] {
  const [, , ...rows] = readFileSync(PAGE, "utf8")
    .split("\n")
    .filter((each) => each.startsWith("| "));
  return rows;
}
