import t from "tap";
import { ThriftyEntropy } from "../../src/probe/tls/entropy.ts";
import { groupByCode, type Group } from "../../src/probe/tls/groups.ts";

const group = (code: number): Group => {
  const found = groupByCode(code);
  if (found === undefined) throw new Error(`No group ${code}`);
  return found;
};

t.test("ThriftyEntropy offers a share that was given back once more, and only once", async (t) => {
  const entropy = new ThriftyEntropy();
  const x25519 = group(0x1d);
  const first = entropy.keyShare(x25519);
  const second = entropy.keyShare(x25519);
  t.not(first, second);
  entropy.giveBack(first);
  t.not(entropy.keyShare(group(0x17)), first, "a share of another group");
  t.equal(entropy.keyShare(x25519), first);
  t.not(entropy.keyShare(x25519), first);
});
