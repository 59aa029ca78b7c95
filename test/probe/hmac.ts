import { createHmac, randomBytes } from "node:crypto";
import t from "tap";
import { hmac } from "../../src/probe/tls/hmac.ts";

t.test("hmac() gives what node:crypto gives, for keys and texts of every length", async (t) => {
  for (const hash of ["sha256", "sha384"] as const)
    for (const keyLength of [0, 1, 32, 48, 64, 65, 128, 129, 256])
      for (const textLength of [0, 1, 48, 128, 1024]) {
        const [key, text] = [randomBytes(keyLength), randomBytes(textLength)];
        t.same(hmac(hash, key, text), createHmac(hash, key).update(text).digest());
      }
});

t.test("hmac() refuses a text that is too long", async (t) => {
  t.throws(() => hmac("sha256", randomBytes(32), randomBytes(1025)), /at most 1024 bytes/u);
});
