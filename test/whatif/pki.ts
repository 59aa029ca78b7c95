import { issueCertificate, type IssuedCertificate } from "../../src/cli/demo/certificate.ts";
import { generateKeys, type KeyPair } from "../../src/cli/demo/keys.ts";

const DAY = 86_400_000;

/** Names of the servers of random estates; loopback answers for them. */
export const HOSTS = ["one.example.com", "two.example.com", "three.example.com"] as const;

/** A chain as a server sends it, with the key of its first certificate. */
export interface ServedChain {
  readonly name: string;
  readonly chain: readonly IssuedCertificate[];
  readonly key: KeyPair;
}

/** A certificate with which a client authenticates itself, and the CAs above it. */
export interface ClientChain {
  readonly name: string;
  readonly chain: readonly IssuedCertificate[];
}

/** Everything of which random estates are made. */
export interface Pki {
  /** What truststores may hold, by name. */
  readonly anchors: ReadonlyMap<string, IssuedCertificate>;
  /** What servers may send, by host. */
  readonly chains: ReadonlyMap<string, readonly ServedChain[]>;
  readonly clients: readonly ClientChain[];
  /** The CA whose client certificates servers accept. */
  readonly clientCa: IssuedCertificate;
}

/** CAs with everything that goes wrong with them: re-keyed, cross-signed, expired; and chains below them. */
export async function makePki(): Promise<Pki> {
  const now = Date.now();
  const [a, b, c, d, e, leafKey, wide] = await Promise.all([
    ...Array.from({ length: 6 }, () => generateKeys("p-256")),
    generateKeys("p-384"),
  ]);
  const rsa = await generateKeys("rsa-2048");
  if (!a || !b || !c || !d || !e || !leafKey || !wide) throw new Error("A key is missing");
  const ca = (
    name: string,
    key: KeyPair,
    issuer?: IssuedCertificate,
    days: readonly [number, number] = [-100, 3000],
  ): IssuedCertificate =>
    issueCertificate({
      subject: [["CN", name]],
      key,
      issuer,
      notBefore: now + days[0] * DAY,
      notAfter: now + days[1] * DAY,
      ca: true,
    });
  const leaf = (
    host: string,
    issuer: IssuedCertificate | undefined,
    key: KeyPair = leafKey,
    days: readonly [number, number] = [-10, 90],
  ): IssuedCertificate =>
    issueCertificate({
      subject: [["CN", host]],
      key,
      issuer,
      san: [host],
      notBefore: now + days[0] * DAY,
      notAfter: now + days[1] * DAY,
      eku: ["serverAuth", "clientAuth"],
    });
  const old = ca("Old Root", a);
  const fresh = ca("New Root", b);
  const rekeyed = ca("Old Root", c);
  const issuing = ca("Issuing", d, old);
  const crossed = ca("Issuing", d, fresh);
  const anchors = new Map([
    ["old", old],
    ["fresh", fresh],
    ["rekeyed", rekeyed],
    ["issuing", issuing],
    ["expired", ca("Expired Root", e, undefined, [-900, -1])],
    ["pinned", leaf(HOSTS[0], issuing)],
  ]);
  const chains = new Map(
    HOSTS.map((host): [string, readonly ServedChain[]] => {
      const below = leaf(host, issuing);
      const served = (
        name: string,
        chain: readonly IssuedCertificate[],
        key = leafKey,
      ): ServedChain => ({ name, chain, key });
      const expiredRoot = anchors.get("expired");
      return [
        host,
        [
          served("issuing", [
            host === HOSTS[0] ? (anchors.get("pinned") ?? below) : below,
            issuing,
          ]),
          served("crossed", [below, crossed]),
          served("both", [below, crossed, issuing]),
          served("alone", [below]),
          served("fresh", [leaf(host, fresh)]),
          served("fresh-rsa", [leaf(host, fresh, rsa)], rsa),
          served("wide", [leaf(host, old, wide)], wide),
          served("rekeyed", [leaf(host, rekeyed)]),
          served("expired", [leaf(host, fresh, leafKey, [-90, -1])]),
          served("below-expired", [leaf(host, expiredRoot)]),
          served("other-name", [leaf("elsewhere.example.com", fresh)]),
          served("self-signed", [leaf(host, undefined)]),
        ],
      ];
    }),
  );
  const clientCa = ca("Client CA", e);
  const foreign = ca("Foreign CA", c);
  const user = (name: string, issuer: IssuedCertificate): ClientChain => ({
    name,
    chain: [leaf(name, issuer)],
  });
  return {
    anchors,
    chains,
    clientCa,
    clients: [user("known", clientCa), user("renewed", clientCa), user("foreign", foreign)],
  };
}
