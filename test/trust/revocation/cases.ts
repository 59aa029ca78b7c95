import { randomNumbers } from "../../x509/refusals/mutations.ts";
import { bytes, element, extension, oid, text } from "../../x509/encodings.ts";
import {
  distributionPoint,
  type EntryWish,
  Extensions,
  type Issued,
  issue,
  keyIdentifier,
  type ListWish,
  newKey,
  NOW,
  ocspResponse,
  type ResponseWish,
  revocationList,
  scope,
} from "./authority.ts";

/** A chain with the lists and responses that its client has. */
export interface RevocationCase {
  readonly what: string;
  /** Leaf first, without the root. */
  readonly chain: readonly Uint8Array[];
  readonly root: Uint8Array;
  readonly crls: readonly Uint8Array[];
  readonly ocspResponses: readonly Uint8Array[];
}

const DAY = 86_400_000;
const URL_OF_LIST = "http://lists.example/ca.crl";
const OTHER_URL = "http://lists.example/other.crl";
const EVERY_FLAG = (tag: number): Uint8Array => element(tag, bytes("ff"));
const fullName = (url: string): Uint8Array => element(0xa0, element(0xa0, text(0x86, url)));

type Random = ReturnType<typeof randomNumbers>;

/** Chains of two or three certificates with lists of every make, the same for the same seed but for keys. */
export function* revocationCases(seed: number): Generator<RevocationCase, never> {
  const random = randomNumbers(seed);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  for (;;) {
    const notes: string[] = [];
    const root = issue({
      subject: "Root",
      serial: 1,
      isCa: true,
      keyUsage: pick([0x06, 0x06, 0x04, null]),
    });
    const hasMiddle = random() < 0.6;
    const middle = hasMiddle
      ? issue({
          subject: "Middle",
          serial: 2,
          isCa: true,
          issuer: root,
          keyUsage: pick([0x06, 0x06, 0x06, 0x04, null]),
          more: points(random, notes, "middle"),
        })
      : null;
    const issuer = middle ?? root;
    const leaf = issue({
      subject: "leaf.example",
      serial: 0x1234,
      issuer,
      more: points(random, notes, "leaf"),
    });
    const lists = [
      ...listsFor(issuer, leaf, random, notes),
      ...(middle === null ? [] : listsFor(root, middle, random, notes)),
      ...(random() < 0.4 ? [revocationList({ signer: root })] : []),
    ];
    yield {
      what: notes.join(", "),
      chain: [leaf.der, ...(middle === null ? [] : [middle.der])],
      root: root.der,
      crls: lists,
      ocspResponses: random() < 0.3 ? [response(leaf, issuer, random, notes)] : [],
    };
  }
}

function points(random: Random, notes: string[], whose: string): readonly Uint8Array[] {
  const roll = random();
  if (roll < 0.6) return [];
  notes.push(`${whose} has distribution points`);
  const one = distributionPoint(URL_OF_LIST);
  if (roll < 0.8) return [Extensions.distributionPoints(one)];
  if (roll < 0.9) return [Extensions.distributionPoints(distributionPoint(OTHER_URL), one)];
  return [
    Extensions.distributionPoints(distributionPoint(URL_OF_LIST, { reasons: bytes("0560") })),
  ];
}

/** Changes to a list, each with its name; most lists get none or one. */
const CHANGES: readonly (readonly [
  what: string,
  change: (wish: ListWish, random: Random) => ListWish,
])[] = [
  ["expired list", (wish) => ({ ...wish, thisUpdate: NOW - 9 * DAY, nextUpdate: NOW - 2 * DAY })],
  ["list that ended a minute ago", (wish) => ({ ...wish, nextUpdate: NOW - 60_000 })],
  ["list of tomorrow", (wish) => ({ ...wish, thisUpdate: NOW + DAY, nextUpdate: NOW + 2 * DAY })],
  ["list without end", (wish) => ({ ...wish, nextUpdate: null })],
  ["list without number", (wish) => ({ ...wish, number: null })],
  ["list with a critical number", (wish) => ({ ...wish, numberIsCritical: true })],
  ["list without key identifier", (wish) => ({ ...wish, authorityKey: null })],
  [
    "list with another key identifier",
    (wish) => ({ ...wish, authorityKey: new Uint8Array(20).fill(7) }),
  ],
  [
    "list by another key of that name",
    (wish) => ({
      ...wish,
      signer: { ...wish.signer, ...newKey() },
      authorityKey: keyIdentifier(wish.signer.spki),
    }),
  ],
  [
    "list of another name",
    (wish) => ({ ...wish, issuer: issue({ subject: "Somebody", serial: 9 }).name }),
  ],
  ["list of version 1", (wish) => ({ ...wish, version: 1 })],
  [
    "list with an unknown critical extension",
    (wish) => ({
      ...wish,
      more: [...(wish.more ?? []), extension("2a0304", bytes("0500"), bytes("0101ff"))],
    }),
  ],
  [
    "list with an unknown extension",
    (wish) => ({ ...wish, more: [...(wish.more ?? []), extension("2a0304", bytes("0500"))] }),
  ],
  ["list for users", (wish) => ({ ...wish, more: [scope(EVERY_FLAG(0x81))] })],
  ["list for authorities", (wish) => ({ ...wish, more: [scope(EVERY_FLAG(0x82))] })],
  ["list for attribute certificates", (wish) => ({ ...wish, more: [scope(EVERY_FLAG(0x85))] })],
  ["list with the point's name", (wish) => ({ ...wish, more: [scope(fullName(URL_OF_LIST))] })],
  ["list with another point's name", (wish) => ({ ...wish, more: [scope(fullName(OTHER_URL))] })],
  ["list for some reasons", (wish) => ({ ...wish, more: [scope(element(0x83, bytes("0560")))] })],
];

function listsFor(
  signer: Issued,
  subject: Issued,
  random: Random,
  notes: string[],
): readonly Uint8Array[] {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  if (random() < 0.12) {
    notes.push("no list");
    return [];
  }
  const lists: Uint8Array[] = [];
  for (let count = random() < 0.8 ? 1 : 2; count > 0; count--) {
    let wish: ListWish = { signer, entries: entries(subject, random, notes) };
    if (random() < 0.55) {
      const [what, change] = pick(CHANGES);
      notes.push(what);
      wish = change(wish, random);
    }
    lists.push(revocationList(wish));
  }
  return lists;
}

function entries(subject: Issued, random: Random, notes: string[]): readonly EntryWish[] {
  const others: EntryWish[] = [{ serial: bytes("77") }, { serial: bytes("0088"), reason: 4 }];
  const roll = random();
  if (roll < 0.5) return random() < 0.5 ? others : [];
  const own: EntryWish = { serial: subject.serial };
  if (roll < 0.7) {
    notes.push("revoked");
    return [...others, own];
  }
  if (roll < 0.8) {
    notes.push("revoked for a reason");
    return [{ ...own, reason: 1 }, ...others];
  }
  if (roll < 0.85) {
    notes.push("on hold");
    return [{ ...own, reason: 6 }];
  }
  if (roll < 0.9) {
    notes.push("taken off");
    return [{ ...own, reason: 8 }];
  }
  if (roll < 0.95) {
    notes.push("revoked tomorrow");
    return [{ ...own, at: NOW + DAY }];
  }
  notes.push("revoked with an unknown critical extension");
  return [{ ...own, more: [element(0x30, oid("2a0304"), bytes("0101ff"), bytes("04020500"))] }];
}

const RESPONSES: readonly (readonly [
  what: string,
  change: (wish: ResponseWish) => ResponseWish,
])[] = [
  ["good response", (wish) => wish],
  ["good response by key", (wish) => ({ ...wish, byKey: true })],
  ["response that says revoked", (wish) => ({ ...wish, status: "revoked" })],
  ["response that says unknown", (wish) => ({ ...wish, status: "unknown" })],
  ["old response", (wish) => ({ ...wish, thisUpdate: NOW - 9 * DAY, nextUpdate: NOW - 2 * DAY })],
  ["response of ten minutes ago", (wish) => ({ ...wish, nextUpdate: NOW - 600_000 })],
  [
    "response of tomorrow",
    (wish) => ({ ...wish, thisUpdate: NOW + DAY, nextUpdate: NOW + 2 * DAY }),
  ],
  [
    "response by a delegate",
    (wish) => {
      const signer = issue({
        subject: "Responder",
        serial: 77,
        issuer: wish.issuer,
        more: [Extensions.ocspSigning()],
      });
      return { ...wish, signer, certificates: [signer.der] };
    },
  ],
  [
    "response by a delegate without the purpose",
    (wish) => {
      const signer = issue({ subject: "Responder", serial: 77, issuer: wish.issuer });
      return { ...wish, signer, certificates: [signer.der] };
    },
  ],
  [
    "response by a stranger",
    (wish) => {
      const signer = issue({ subject: "Stranger", serial: 77, more: [Extensions.ocspSigning()] });
      return { ...wish, signer, certificates: [signer.der] };
    },
  ],
  [
    "response by another key of that name",
    (wish) => ({ ...wish, signer: { ...wish.issuer, ...newKey() } }),
  ],
];

function response(subject: Issued, issuer: Issued, random: Random, notes: string[]): Uint8Array {
  const [what, change] = RESPONSES[Math.floor(random() * RESPONSES.length)] ?? [
    "",
    (wish: ResponseWish) => wish,
  ];
  notes.push(what);
  return ocspResponse(change({ subject, issuer }));
}
