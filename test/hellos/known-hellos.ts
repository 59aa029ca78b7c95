import t from "tap";
import { HELLO_NAMES, isHelloName, knownHello } from "../../src/probe/hellos/known-hellos.ts";

t.test("knownHello() offers what sets the clients apart", async (t) => {
  const offers = (name: (typeof HELLO_NAMES)[number]) => knownHello(name).shape;
  for (const name of HELLO_NAMES) {
    const hello = knownHello(name);
    t.equal(hello.name, name);
    t.ok(hello.shape.cipherSuites.length > 0, `${name} offers suites`);
    t.equal(knownHello(name), hello, `${name} is read once`);
  }
  t.notOk(offers("openjdk-11").cipherSuites.includes(0x1303), "ChaCha20 came with JDK 12");
  t.ok(offers("openjdk-17").cipherSuites.includes(0x1303));
  t.ok(offers("openjdk-17").cipherSuites.includes(0x009d), "RSA key exchange in 17");
  t.notOk(offers("openjdk-25").cipherSuites.includes(0x009d), "no RSA key exchange in 25");
  t.ok(offers("nodejs-24").groups.includes(0x11ec), "hybrid key exchange in Node.js 24");
  t.notOk(offers("nodejs-20").groups.includes(0x11ec));
  t.same(offers("gskit").versions, [0x0303]);
});

t.test("isHelloName() knows exactly the names", async (t) => {
  for (const name of HELLO_NAMES) t.ok(isHelloName(name), name);
  for (const name of ["", "strict", "OPENSSL-3", "toString"]) t.notOk(isHelloName(name), name);
});
