import type { Certificate } from "../../../x509/certificate.ts";
import type { Finding } from "../../finding.ts";
import { makeFinding } from "../../make-finding.ts";
import type { Situation } from "../../situation.ts";
import { dateText, fingerprint, shortName } from "../../words.ts";
import { type PastChain, presentSince } from "./past-certificates.ts";

/** Certificates that a summary names. */
const MAX_NAMED = 3;

/** The server sends the same certificate with others behind it than before; empty where only their order changed (C17). */
export function chainChanged(past: PastChain, situation: Situation): readonly Finding[] {
  const added = without(situation.sent, past.certificates);
  const removed = without(past.certificates, situation.sent);
  if (added.length === 0 && removed.length === 0) return [];
  const since = presentSince(situation);
  const changes = [
    ...(removed.length === 0 ? [] : [`${named(removed)} no longer`]),
    ...(added.length === 0 ? [] : [`${named(added)} since then`]),
  ].join(", ");
  return [
    makeFinding("chain.changed", {
      severity: "info",
      summary: `The certificates behind the server's own changed on ${dateText(since)}: ${changes}`,
      remedy: [
        `Where nobody changed the chain on the server, ask its owner${added.length === 0 ? "" : ` and compare the SHA-256 fingerprints: ${added.slice(0, MAX_NAMED).map(fingerprint).join(", ")}`}`,
      ],
      certificates: [...added, ...removed],
      time: since,
    }),
  ];
}

function without(all: readonly Certificate[], others: readonly Certificate[]): Certificate[] {
  const known = new Set(others.map(({ sha256 }) => sha256));
  return all.filter(({ sha256 }) => !known.has(sha256));
}

function named(certificates: readonly Certificate[]): string {
  const names = certificates.slice(0, MAX_NAMED).map(({ subject }) => shortName(subject));
  const more = certificates.length - names.length;
  return [...names, ...(more > 0 ? [`${more} more`] : [])].join(" and ");
}
