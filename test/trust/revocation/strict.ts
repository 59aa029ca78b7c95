import t from "tap";
import { judge } from "../../../src/trust/judge.ts";
import type { JudgeInput, Verdict } from "../../../src/trust/verdict.ts";
import { parseCertificate } from "../../../src/x509/certificate.ts";
import { bytes, element, extension, text } from "../../x509/encodings.ts";
import {
  distributionPoint,
  Extensions,
  integer,
  issue,
  type Issued,
  keyIdentifier,
  newKey,
  NOW,
  ocspResponse,
  revocationList,
  scope,
} from "./authority.ts";

const DAY = 86_400_000;
const altName = extension("551d11", element(0x30, text(0x82, "leaf.example")));
const serverAuth = extension("551d25", element(0x30, bytes("06082b06010505070301")));
const root = issue({ subject: "Root", serial: 1, isCa: true });
const middle = issue({ subject: "Middle", serial: 2, isCa: true, issuer: root });
const leafOf = (issuer: Issued, more: readonly Uint8Array[] = []): Issued =>
  issue({ subject: "leaf", serial: 0x77, issuer, more: [altName, serverAuth, ...more] });
const leaf = leafOf(root);

function strict(chain: readonly Issued[], evidence: Partial<JudgeInput>): Verdict {
  const anchor = parseCertificate(root.der);
  if (!anchor.ok) throw new Error(anchor.error.message);
  return judge({
    profile: "strict",
    chain: chain.map(({ der }) => der),
    anchors: [anchor.value],
    host: "leaf.example",
    nameCheck: "https",
    purpose: "server",
    at: NOW,
    version: null,
    cipherSuite: null,
    maxPathLength: null,
    ...evidence,
  });
}

const revoking = { signer: root, entries: [{ serial: leaf.serial }] };

for (const [what, crls, outcome] of [
  ["nothing", [], "trusted"],
  ["a list without the certificate", [revocationList({ signer: root })], "trusted"],
  ["a list with it", [revocationList(revoking)], "revoked"],
  [
    "a list with it on hold",
    [revocationList({ signer: root, entries: [{ serial: leaf.serial, reason: 6 }] })],
    "revoked",
  ],
  [
    "a list that took it off again",
    [revocationList({ signer: root, entries: [{ serial: leaf.serial, reason: 8 }] })],
    "trusted",
  ],
  [
    "its serial number on another issuer's list",
    [
      revocationList({
        signer: issue({ subject: "Other", serial: 9, isCa: true }),
        entries: [{ serial: leaf.serial }],
      }),
      revocationList({ signer: root }),
    ],
    "trusted",
  ],
  [
    "another issuer's list alone",
    [
      revocationList({
        signer: issue({ subject: "Other", serial: 9, isCa: true }),
        entries: [{ serial: leaf.serial }],
      }),
    ],
    "trusted",
  ],
  ["a list without number", [revocationList({ signer: root, number: null })], "revocation-unknown"],
  [
    "a list with a critical number",
    [revocationList({ signer: root, numberIsCritical: true })],
    "revocation-unknown",
  ],
  [
    "a list without key identifier",
    [revocationList({ signer: root, authorityKey: null })],
    "revocation-unknown",
  ],
  [
    "a list without nextUpdate",
    [revocationList({ signer: root, nextUpdate: null })],
    "revocation-unknown",
  ],
  [
    "an old list",
    [revocationList({ signer: root, thisUpdate: NOW - 9 * DAY, nextUpdate: NOW - DAY })],
    "revocation-unknown",
  ],
  [
    "an old list that revokes the certificate",
    [revocationList({ ...revoking, thisUpdate: NOW - 9 * DAY, nextUpdate: NOW - DAY })],
    "revoked",
  ],
  [
    "an old list that suspended the certificate",
    [
      revocationList({
        signer: root,
        entries: [{ serial: leaf.serial, reason: 6 }],
        thisUpdate: NOW - 9 * DAY,
        nextUpdate: NOW - DAY,
      }),
    ],
    "revocation-unknown",
  ],
  [
    "a list without number that revokes the certificate",
    [revocationList({ ...revoking, number: null })],
    "revoked",
  ],
  [
    "an old list by another key that revokes the certificate",
    [
      revocationList({
        ...revoking,
        signer: { ...root, ...newKey() },
        authorityKey: keyIdentifier(root.spki),
        nextUpdate: NOW - DAY,
      }),
    ],
    "revocation-unknown",
  ],
  [
    "a list of tomorrow",
    [revocationList({ signer: root, thisUpdate: NOW + DAY, nextUpdate: NOW + 2 * DAY })],
    "revocation-unknown",
  ],
  [
    "an old list and a current one",
    [revocationList({ signer: root, nextUpdate: NOW - DAY }), revocationList({ signer: root })],
    "trusted",
  ],
  [
    "a list by another key",
    [revocationList({ signer: { ...root, ...newKey() }, authorityKey: keyIdentifier(root.spki) })],
    "revocation-unknown",
  ],
  [
    "a list with an unknown critical extension",
    [revocationList({ signer: root, more: [extension("2a0304", bytes("0500"), bytes("0101ff"))] })],
    "revocation-unknown",
  ],
  [
    "a list with an unknown critical extension in another entry",
    [
      revocationList({
        signer: root,
        entries: [
          { serial: bytes("55"), more: [extension("2a0304", bytes("0500"), bytes("0101ff"))] },
        ],
      }),
    ],
    "revocation-unknown",
  ],
  [
    "a list for authorities only",
    [revocationList({ ...revoking, more: [scope(element(0x82, bytes("ff")))] })],
    "trusted",
  ],
  [
    "a list for users only",
    [revocationList({ ...revoking, more: [scope(element(0x81, bytes("ff")))] })],
    "revoked",
  ],
  ["no list at all but octets", [bytes("3000")], "revocation-unknown"],
] as const)
  t.test(`judge() as strict with ${what} -> ${outcome}`, async (t) => {
    const { trusted, reason } = strict([leaf], { crls });
    t.equal(trusted === true ? "trusted" : reason?.code, outcome);
  });

t.test("judge() as strict refuses a path with a revoked intermediate", async (t) => {
  const below = leafOf(middle);
  const list = revocationList({ signer: root, entries: [{ serial: middle.serial }] });
  const { reason, revocation } = strict([below, middle], { crls: [list] });
  t.match(reason, { code: "revoked", depth: 1 });
  t.same(
    revocation.map(({ status }) => status.kind),
    ["unknown", "revoked"],
  );
});

t.test("judge() as strict applies a delta to the list that it belongs to", async (t) => {
  const base = revocationList({ signer: root, number: 5 });
  const delta = (from: number, number: number, reason?: number): Uint8Array =>
    revocationList({
      signer: root,
      number,
      entries: [{ serial: leaf.serial, ...(reason === undefined ? {} : { reason }) }],
      more: [extension("551d1b", integer(from), bytes("0101ff"))],
    });
  t.equal(strict([leaf], { crls: [base, delta(5, 6)] }).reason?.code, "revoked");
  t.equal(strict([leaf], { crls: [base, delta(6, 7)] }).trusted, true, "based on a later list");
  const full = revocationList({ ...revoking, number: 5 });
  t.equal(strict([leaf], { crls: [full, delta(4, 6, 8)] }).trusted, true, "taken off by the delta");
  t.equal(strict([leaf], { crls: [full] }).reason?.code, "revoked");
});

t.test("judge() as strict takes lists of a signer that the authority has certified", async (t) => {
  const url = "http://lists.example/1.crl";
  const signer = issue({ subject: "List Signer", serial: 3, issuer: root, keyUsage: 0x02 });
  const point = distributionPoint(url, { issuer: signer.name });
  const subject = leafOf(root, [Extensions.distributionPoints(point)]);
  const name = element(0xa0, element(0xa0, text(0x86, url)));
  const indirect = element(0x84, bytes("ff"));
  const issuerEntry = extension("551d1d", element(0x30, element(0xa4, root.name)), bytes("0101ff"));
  const list = (more: readonly Uint8Array[], by: Issued = signer): Uint8Array =>
    revocationList({
      signer: by,
      entries: [{ serial: subject.serial, more }],
      more: [scope(name, indirect)],
    });
  t.equal(strict([subject, signer], { crls: [list([issuerEntry])] }).reason?.code, "revoked");
  t.equal(
    strict([subject, signer], { crls: [list([])] }).trusted,
    true,
    "the entry is about a certificate of the list's own issuer",
  );
  const stranger = issue({ subject: "List Signer", serial: 4, isCa: true });
  t.equal(
    strict([subject, stranger], { crls: [list([issuerEntry], stranger)] }).reason?.code,
    "revocation-unknown",
    "somebody else of that name",
  );
});

t.test(
  "judge() as strict believes OCSP responses of the issuer and of whom it certified",
  async (t) => {
    const wish = { subject: leaf, issuer: root };
    const delegate = issue({
      subject: "Responder",
      serial: 8,
      issuer: root,
      more: [Extensions.ocspSigning()],
    });
    for (const [what, response, status] of [
      ["good", ocspResponse(wish), "good"],
      ["good by key", ocspResponse({ ...wish, byKey: true }), "good"],
      ["revoked", ocspResponse({ ...wish, status: "revoked" }), "revoked"],
      ["unknown", ocspResponse({ ...wish, status: "unknown" }), "responder-unaware"],
      [
        "delegated",
        ocspResponse({ ...wish, signer: delegate, certificates: [delegate.der] }),
        "good",
      ],
      [
        "delegated without the certificate",
        ocspResponse({ ...wish, signer: delegate }),
        "signer-unauthorised",
      ],
      [
        "by the leaf itself",
        ocspResponse({ ...wish, signer: leaf, certificates: [leaf.der] }),
        "signer-unauthorised",
      ],
      ["old", ocspResponse({ ...wish, thisUpdate: NOW - 9 * DAY, nextUpdate: NOW - DAY }), "stale"],
      [
        "old without an end",
        ocspResponse({ ...wish, thisUpdate: NOW - 3 * DAY, nextUpdate: null }),
        "stale",
      ],
      ["of five minutes ago", ocspResponse({ ...wish, nextUpdate: NOW - 300_000 }), "good"],
      ["about another certificate", ocspResponse({ ...wish, serial: bytes("55") }), "not-covered"],
      [
        "with a critical extension",
        ocspResponse({
          ...wish,
          more: [element(0xa1, element(0x30, extension("2a0304", bytes("0500"), bytes("0101ff"))))],
        }),
        "critical-extension",
      ],
      ["an error", bytes("30030a0103"), "responder-error"],
      ["cut", ocspResponse(wish).subarray(0, 50), "malformed"],
    ] as const) {
      const { trusted, revocation } = strict([leaf], { ocspResponses: [response] });
      const found = revocation[0]?.status;
      t.equal(found?.kind === "unknown" ? found.cause : found?.kind, status, what);
      t.equal(trusted, status !== "revoked", what);
    }
  },
);
