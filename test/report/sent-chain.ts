import t from "tap";
import { sentChain } from "../../src/report/check/sent-chain.ts";
import type { CertificateName } from "../diagnosis/pki.ts";
import { pki } from "./fixture.ts";

const roles = (names: readonly CertificateName[]): readonly unknown[] =>
  sentChain(names.map((name) => Uint8Array.from(pki[name].der))).map(({ role }) => role);

t.test("sentChain() says what each certificate is good for", async (t) => {
  t.same(roles(["leaf", "intA", "rootA"]), [
    { kind: "leaf" },
    { kind: "issuer", of: 0, inOrder: true },
    { kind: "issuer", of: 1, inOrder: true },
  ]);
  t.same(roles(["leaf", "rootA", "intA", "intA", "intB"]), [
    { kind: "leaf" },
    { kind: "issuer", of: 2, inOrder: false },
    { kind: "issuer", of: 0, inOrder: false },
    { kind: "repeated", as: 2 },
    { kind: "stray" },
  ]);
});

t.test("sentChain() goes on behind what cannot be read", async (t) => {
  const chain = [pki.leaf.der, Buffer.from("no certificate"), pki.intA.der];
  const [, second, third] = sentChain(chain.map((der) => Uint8Array.from(der)));
  t.equal(second?.role.kind, "unreadable");
  t.match(third?.role, { kind: "issuer", of: 0 });
});

t.test("sentChain() comes to an end where two certificates name each other", async (t) => {
  t.same(roles(["ss", "ss"]), [{ kind: "leaf" }, { kind: "repeated", as: 0 }]);
  t.same(roles(["rootA", "rootA_newkey"])[1], { kind: "issuer", of: 0, inOrder: true });
});
