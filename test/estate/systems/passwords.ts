import t from "tap";
import { decodePassword, encodingOf } from "../../../src/estate/systems/secret/decode-password.ts";
import { locate, LOCATOR_PATTERN } from "../../../src/estate/systems/secret/locator.ts";
import { readSecret } from "../../../src/estate/systems/secret/read-secret.ts";
import type { SecretReference } from "../../../src/estate/estate.ts";
import { fixtureFolder } from "./import-files.ts";

const VECTORS = [
  ["{xor}CDo9Hgw=", "WebAS"],
  ["plain {text}", "plain {text}"],
  ["{}plain", "plain"],
  ["{aes}AGTpzRDW//VE3Jshg1fd89rxw/JMjHfFM9UdYdVNIUt2", "WebAS"],
  ["{aes}AEmVKa+jOeA7pos+sSfpHNmH1MVfwg8ZoV29iDi6I0ZGcov6hSZsAxMhFr91jTSBYQ==", "alternatepwd"],
  ["{aes}APtt+/vYxxPa0jE1rhmZue9wBm3JGqFK3JR4oJdSDGWM1wLr1ckvqkqKjSB2Voty8g==", "openliberty"],
  [
    "{aes}ARABGAM7S4HrIRtZWJ229TnxuKZrrPN3dsKrrQzCQE/3U5F4zp3UrDQ+Czmnvz1kaQyN7JktDzieJxelwu077ZYET2V+7/1Gi37iztr7lY0i+j4dlHOFIi5PESnZ7V8XOmdSbH9DSgkuJaXNoEqb",
    "alternatepwd",
  ],
] as const;

/** Encoded with the key `corp key`, in both versions. */
const WITH_KEY = [
  "{aes}AE8UtN65a7QLBlEVgmX2w5+4j2lcgPBFZsGtZx9Gmh/Ajc54MCYqyJ2CbVcps+3Pfg==",
  "{aes}ARAJCQkJCQkJCQkJCQkJCQkJwaqTX1zEnyOytPAmqpw6cYhgI4BsnUikr65T4BFcH26YOz0+2FEoFtvXxGzUb9qweSN46ilx4+C+piopg4HI8VdurdsKHG7UvMaFI/3qs7d3UOJfqzHSMywDPT0WZ6SdNIsjJw==",
] as const;

t.test("decodePassword() decodes what Liberty and WebSphere encode", async (t) => {
  for (const [text, password] of VECTORS)
    t.same(await decodePassword(text), { ok: true, value: password }, text.slice(0, 12));
  for (const text of WITH_KEY)
    t.same(await decodePassword(text, "corp key"), { ok: true, value: "peers-password-4711" });
});

t.test("decodePassword() tells why a password cannot be decoded, without showing it", async (t) => {
  const refused = [
    ["{hash}ATAAAAAIUEJLREYyV2l0aEhtYWNTSEE1MTI", "one-way"],
    ["{custom}abc", "custom"],
    ["{custom:x}abc", "custom"],
    ["{xor}not base64!", "malformed"],
    ["{xor}oP8=", "malformed"],
    ["{aes}", "malformed"],
    ["{aes}AiAg", "unsupported-version"],
    ["{aes}AGTp", "wrong-key"],
    ["{aes}ARAg", "wrong-key"],
    ["{aes}AQDw", "wrong-key"],
    [WITH_KEY[0], "wrong-key"],
    [WITH_KEY[1], "wrong-key"],
    [`{xor}${"A".repeat(5000)}`, "malformed"],
  ] as const;
  for (const [text, code] of refused) {
    const decoded = await decodePassword(text);
    t.equal(decoded.ok ? null : decoded.error.code, code, text.slice(0, 16));
    const secret = text.slice(text.indexOf("}") + 1);
    if (secret !== "" && !decoded.ok) t.notMatch(decoded.error.message, secret);
  }
  t.equal(encodingOf("{AES}abc"), "aes");
  t.equal(encodingOf("{sha}abc"), "plain");
});

t.test("locate() finds a value in every kind of file, and names the place otherwise", async (t) => {
  const at = (text: string, place: string): unknown => {
    t.match(place, LOCATOR_PATTERN);
    const found = locate({ file: "f", text }, place);
    return found.ok ? found.value : found.error.includes(place) ? "absent" : found.error;
  };
  const xml = `<a><b id="x/y"/><b id='x/y' p="second"/><c><d p='in'>text</d></c></a>`;
  t.equal(at(xml, "xml:a/b[2]/@p"), "second");
  t.equal(at(xml, "xml:a/b[@id='x/y']/@p"), "absent");
  t.equal(at(xml, "xml:a/c/d/@p"), "in");
  t.equal(at(xml, "xml:a/c/d"), "text");
  t.equal(at(xml, "xml:z/@p"), "absent");
  t.match(at("<a>", "xml:a"), "Not well-formed XML");
  t.equal(at("k = 1\nk : 2\\\n  3\n", "properties:k"), "23");
  t.equal(at("k = 1\nk : 2\n", "property:1:k"), "1");
  t.equal(at("k = 1\n", "property:2:k"), "absent");
  t.equal(at("A=1\r\n B='x y'\r\nB=\"q r\"\r\n", "env:B"), "q r");
  t.equal(at('java -Da=1 "-Dpw=with space" -Dq=2', "option:pw"), "with space");
  t.equal(at("-Dpw=plain\n", "option:pw"), "plain");
  t.equal(at("keystorePass:a:b\n", "colon:keystorePass"), "a:b");
  t.equal(at("one\r\ntwo\r\n", "line:2"), "two");
  t.notMatch("unknown:x", LOCATOR_PATTERN);
});

t.test("readSecret() reads a configuration anew, decodes and names what is missing", async (t) => {
  const folder = fixtureFolder(t, {
    "server.xml": `<server><keyStore id="a" password="${WITH_KEY[0]}"/></server>`,
    "bootstrap.properties": "wlp.password.encryption.key=corp key\n",
  });
  const key: SecretReference = {
    kind: "config",
    path: `${folder}/bootstrap.properties`,
    at: "properties:wlp.password.encryption.key",
    key: null,
  };
  const at = "xml:server/keyStore[@id='a']/@password";
  const reference = { kind: "config", path: `${folder}/server.xml`, at, key } as const;
  t.same(await readSecret(reference), { ok: true, value: "peers-password-4711" });
  t.same(await readSecret({ kind: "encoded", text: WITH_KEY[1], key }), {
    ok: true,
    value: "peers-password-4711",
  });
  const missing = await readSecret({ ...reference, at: "xml:server/keyStore[@id='b']/@password" });
  t.match(missing, { ok: false, error: { message: /has nothing at xml:/ } });
  const absent = await readSecret({ ...reference, path: `${folder}/no.xml` });
  t.match(absent, { ok: false, error: { message: /no\.xml does not exist/ } });
});
