import t from "tap";
import { withKeptOctets } from "../../src/daemon/kept-octets.ts";
import { NOW } from "./fake-clock.ts";
import { certificate, handshake, observation } from "./samples.ts";

const copy = (octets: Uint8Array): Uint8Array => new Uint8Array(octets);

void t.test("withKeptOctets() holds what servers send again once", async (t) => {
  const ca = certificate({ name: "CA", ca: true });
  const [east, west] = [
    certificate({ name: "east", issuer: ca }),
    certificate({ name: "west", issuer: ca }),
  ];
  const sent = (leaf: typeof east, address = "192.0.2.1") =>
    handshake({ address, certificates: [copy(leaf.der), copy(ca.der)] });
  const first = withKeptOctets(observation(NOW, sent(east)), undefined);
  const again = withKeptOctets(observation(NOW + 1, sent(east)), first);
  const [before, after] = [first, again].map(({ handshakes }) => handshakes[0]?.handshake);
  t.equal(after?.certificates, before?.certificates, "the same chain");
  t.equal(again.at, NOW + 1);

  const other = withKeptOctets(observation(NOW, sent(west)), undefined);
  const elsewhere = other.handshakes[0]?.handshake.certificates ?? [];
  t.equal(elsewhere[1], before?.certificates[1], "the CA, at another endpoint");
  t.same(Buffer.from(elsewhere[0] ?? ""), Buffer.from(west.der));

  const changed = withKeptOctets(observation(NOW + 2, sent(west)), again);
  t.same(
    changed.handshakes[0]?.handshake.certificates.map((der) => Buffer.from(der)),
    [west.der, ca.der].map((der) => Buffer.from(der)),
    "what is new stays new",
  );
  const broken = new Uint8Array([0x30, 3, 1, 2, 3]);
  t.same(
    withKeptOctets(observation(NOW, handshake({ certificates: [broken] })), first).handshakes[0]
      ?.handshake.certificates,
    [broken],
    "what is no certificate as well",
  );
});

void t.test("withKeptOctets() lets clients share a conversation as they did", async (t) => {
  const shared = handshake({ certificates: [certificate({ name: "east" }).der] });
  const kept = withKeptOctets(
    {
      at: NOW,
      handshakes: [
        { identity: null, handshake: shared },
        { identity: "own", handshake: shared },
      ],
      own: [{ client: "pfs", handshake: shared }],
    },
    undefined,
  );
  t.equal(kept.handshakes[0]?.handshake, kept.handshakes[1]?.handshake);
  t.equal(kept.own?.[0]?.handshake, kept.handshakes[0]?.handshake);
  t.match(kept, {
    handshakes: [{ identity: null }, { identity: "own" }],
    own: [{ client: "pfs" }],
  });
});
