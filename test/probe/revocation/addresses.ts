import t from "tap";
import { mayAsk } from "../../../src/probe/revocation/address-policy.ts";

for (const [address, isPublic, isInternal] of [
  ["93.184.216.34", true, true],
  ["2606:2800:220:1::1", true, true],
  ["10.1.2.3", false, true],
  ["172.31.0.1", false, true],
  ["172.32.0.1", true, true],
  ["192.168.1.1", false, true],
  ["100.64.0.1", false, true],
  ["127.0.0.1", false, true],
  ["::1", false, true],
  ["fd00::1", false, true],
  ["::ffff:127.0.0.1", false, true],
  ["::ffff:10.0.0.1", false, true],
  ["64:ff9b::a00:1", false, true],
  ["169.254.169.254", false, false],
  ["::ffff:169.254.169.254", false, false],
  ["fe80::1", false, false],
  ["0.0.0.0", false, false],
  ["::", false, false],
  ["224.0.0.1", false, false],
  ["255.255.255.255", false, false],
  ["crl.example.com", false, false],
] as const)
  t.test(`mayAsk() ${address}: public ${isPublic}, internal ${isInternal}`, async (t) => {
    t.equal(mayAsk(address, "public"), isPublic);
    t.equal(mayAsk(address, "internal"), isInternal);
  });
