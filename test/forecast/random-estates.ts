import t from "tap";
import type { IssuedCertificate } from "../../src/cli/demo/certificate.ts";
import { forecast } from "../../src/links/forecast/forecast.ts";
import type { ProfileName } from "../../src/trust/profile-names.ts";
import { DAY, hostOf, issue, makeKeys, NOW, surroundingsOf, type TestEstate } from "./world.ts";

const PROFILES: readonly ProfileName[] = ["openjdk-17", "openssl-3", "go", "nodejs-24", "strict"];
const UNTIL = NOW + 365 * DAY;
const keys = await makeKeys(12);

/** The numbers of mulberry32, from 0 to below 1. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How long each certificate of an estate lasts, by its name; the certificates follow from it. */
type Days = ReadonlyMap<string, number>;

interface Plan {
  readonly days: Days;
  /** Issuing CA of each endpoint. */
  readonly issuers: readonly number[];
  readonly profiles: readonly ProfileName[];
}

function planOf(seed: number): Plan {
  const random = randomFrom(seed);
  const days = new Map<string, number>();
  const upTo = (most: number): number => 1 + Math.floor(random() * most);
  days.set("Root 0", upTo(900)).set("Root 1", upTo(900));
  for (let ca = 0; ca < 3; ca++) days.set(`CA ${ca}`, upTo(700));
  const issuers = Array.from({ length: 5 }, (_, endpoint) => {
    days.set(`e${endpoint}`, upTo(500));
    return Math.floor(random() * 3);
  });
  days.set("own", upTo(500));
  const profiles = Array.from({ length: 4 }, () => PROFILES[Math.floor(random() * 5)] ?? "go");
  return { days, issuers, profiles };
}

function build({ days, issuers, profiles }: Plan): TestEstate {
  const make = (
    name: string,
    key: number,
    changes: Parameters<typeof issue>[3],
  ): IssuedCertificate => {
    const pair = keys[key];
    if (pair === undefined) throw new Error(`No key ${key}`);
    return issue(name, pair, days.get(name) ?? 0, changes);
  };
  const roots = [0, 1].map((each) => make(`Root ${each}`, each, { ca: true }));
  const cas = [0, 1, 2].map((each) =>
    make(`CA ${each}`, 2 + each, { ca: true, issuer: roots[each % 2] }),
  );
  const own = make("own", 10, { issuer: roots[0], eku: ["clientAuth"] });
  return {
    clients: Object.fromEntries(
      profiles.map((profile, index) => [
        `c${index}`,
        { profile, anchors: roots, ...(index === 0 ? { own: [own] } : {}) },
      ]),
    ),
    endpoints: Object.fromEntries(
      issuers.map((ca, index) => {
        const issuer = cas[ca];
        const name = `e${index}`;
        const leaf = make(name, 5 + index, { issuer, san: [hostOf(name)], eku: ["serverAuth"] });
        return [name, [issuer === undefined ? [leaf] : [leaf, issuer]]];
      }),
    ),
  };
}

t.test(
  "forecast() puts every link that breaks into one piece of work as its first cause",
  async (t) => {
    let ending = 0;
    for (let seed = 0; seed < 40; seed++) {
      const { links, works } = forecast({
        ...surroundingsOf(build(planOf(seed))),
        at: NOW,
        until: UNTIL,
      });
      for (const { client, endpoint, breaksAt } of links) {
        const saving = works.flatMap((work) =>
          work.links.filter((each) => each.client === client && each.endpoint === endpoint),
        );
        const isEnding = breaksAt !== null && breaksAt <= UNTIL;
        ending += isEnding ? 1 : 0;
        t.strictSame(
          saving.map(({ at }) => at),
          isEnding ? [breaksAt] : [],
          `seed ${seed}: ${client} to ${endpoint}`,
        );
      }
      for (const work of works) {
        t.equal(work.deadline, Math.min(...[...work.links, ...work.later].map(({ at }) => at)));
        t.ok(
          work.later.every(({ at, before }) => before.at <= at && before.work !== work.id),
          `seed ${seed}: what is later is later`,
        );
      }
      t.strictSame(
        works.map(({ deadline }) => deadline),
        works.map(({ deadline }) => deadline).toSorted((a, b) => a - b),
      );
      t.equal(new Set(works.map(({ id }) => id)).size, works.length);
    }
    t.ok(ending > 200, `${ending} links break`);
  },
);

t.test("forecast() foretells what comes when the first work is really done", async (t) => {
  let compared = 0;
  for (let seed = 100; seed < 125; seed++) {
    const plan = planOf(seed);
    const now = forecast({ ...surroundingsOf(build(plan)), at: NOW, until: UNTIL });
    const [first] = now.works;
    const name = first?.certificate.subject.text.replace(/^CN=/, "");
    if (first === undefined || name === undefined) continue;
    // the same name and key, and a long life
    const renewed = build({ ...plan, days: new Map([...plan.days, [name, 5000]]) });
    const then = forecast({ ...surroundingsOf(renewed), at: NOW, until: UNTIL });
    const timeOf = (links: typeof now.links, index: number): number | null => {
      const time = links[index]?.breaksAt ?? null;
      return time === null || time > UNTIL ? null : time;
    };
    for (const [index, link] of now.links.entries()) {
      const expected = link.causes.find(
        ({ certificate, at }) => certificate.sha256 !== first.certificate.sha256 && at <= UNTIL,
      );
      compared++;
      t.equal(timeOf(then.links, index), expected?.at ?? null, `seed ${seed}, link ${index}`);
    }
  }
  t.ok(compared > 300, `${compared} links were compared`);
});
