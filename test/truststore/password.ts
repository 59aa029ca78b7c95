import { spawnSync } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import t from "tap";
import { type LineEntry, typeKeys } from "../../src/truststore/line-entry.ts";
import { parsePasswordSpec, resolvePassword } from "../../src/truststore/password.ts";
import { decodeStash } from "../../src/truststore/stash.ts";
import { scratch } from "./material.ts";

function write(name: string, content: Uint8Array | string): string {
  const path = scratch(name);
  writeFileSync(path, content);
  return path;
}

t.test("resolvePassword() reads the environment", async (t) => {
  process.env["TEST_STORE_PASSWORD"] = "p=ss wörd";
  t.same(await resolvePassword("env:TEST_STORE_PASSWORD"), { ok: true, value: "p=ss wörd" });
  process.env["TEST_STORE_PASSWORD"] = "";
  t.same(await resolvePassword("env:TEST_STORE_PASSWORD"), { ok: true, value: "" });
  delete process.env["TEST_STORE_PASSWORD"];
  t.match(await resolvePassword("env:TEST_STORE_PASSWORD"), {
    error: {
      code: "env-not-set",
      message: "The environment variable TEST_STORE_PASSWORD is not set",
    },
  });
});

t.test("resolvePassword() reads one line of a file without its line end", async (t) => {
  for (const [content, password] of [
    ["changeit\n", "changeit"],
    ["changeit\r\n", "changeit"],
    ["changeit", "changeit"],
    [" blanks stay \n", " blanks stay "],
    ["", ""],
    ["\ufeffmarked\n", "marked"],
  ])
    t.same(await resolvePassword(`file:${write("password", content ?? "")}`), {
      ok: true,
      value: password,
    });
});

t.test("resolvePassword() refuses files that hold no password, and names them", async (t) => {
  const several = write("several", "secret-one\nsecret-two\n");
  const result = await resolvePassword(`file:${several}`);
  t.match(result, {
    error: { code: "file-several-lines", message: new RegExp(`^${several}: `) },
  });
  t.notMatch(JSON.stringify(result), /secret-/);
  t.match(await resolvePassword(`file:${write("large", Buffer.alloc(70_000, 65))}`), {
    error: { code: "file-too-large" },
  });
  t.match(await resolvePassword(`file:${scratch("missing")}`), {
    error: { code: "file-not-found" },
  });
  t.match(await resolvePassword(`file:${scratch("..")}`), { error: { code: "file-unreadable" } });
});

t.test("parsePasswordSpec() refuses a plain password and does not repeat it", async (t) => {
  for (const spec of [
    "hunter2",
    "",
    "env:",
    "env:NOT A NAME",
    "file:",
    "pass:hunter2",
    "ENV:X",
    "prompt:",
  ]) {
    const parsed = parsePasswordSpec(spec);
    t.match(parsed, {
      ok: false,
      error: { code: "spec-invalid", message: /give env:NAME, file:PATH, stash:PATH or prompt$/ },
    });
    t.notMatch(JSON.stringify(parsed), /hunter2/);
  }
  t.same(parsePasswordSpec("file:C:\\pw.txt"), {
    ok: true,
    value: { kind: "file", path: "C:\\pw.txt" },
  });
  t.same(parsePasswordSpec("prompt"), { ok: true, value: { kind: "prompt" } });
});

/** Stash file of version 1: the password, a zero, and the native padding. */
function stashOne(password: string): Uint8Array {
  const plain = Uint8Array.from({ length: 129 }, (_, index) => index);
  plain.set(Buffer.from(`${password}\0`));
  return plain.map((octet) => octet ^ 0xf5);
}

/** Stash file of version 2, from the description of the format and not from the code under test. */
function stashTwo(password: string, salt: Uint8Array): Uint8Array {
  const sha = (data: Uint8Array): Buffer => createHash("sha256").update(data).digest();
  const hmac = (key: Uint8Array, data: Uint8Array): Buffer =>
    createHmac("sha256", key).update(data).digest();
  const check = sha(Buffer.concat([Uint8Array.of(1), salt]));
  let digest = sha(Buffer.concat([salt, check]));
  while (digest[8] !== 3) digest = sha(digest);
  for (let i = 0; i < 64; i++) digest = sha(digest);
  const text = `13EC6D5C885056915AB35FAD2BDDF39F40D7C57B8B4D28F66B61B75F391446FD${"A96751174DBD9713D02E0B38732E763501DBBB85EC60E437929ED2AA8981B36B"}`;
  const seed = hmac(digest, Buffer.from(text));
  let state = hmac(seed, Uint8Array.of(1, 1, 2, 3, 5, 8));
  let stream = Buffer.alloc(0);
  while (stream.length < 129) {
    stream = Buffer.concat([stream, hmac(seed, state)]);
    state = Buffer.concat([stream, state]);
  }
  const masked = stashOne(password).map((octet, index) => octet ^ (stream[index] ?? 0));
  return Buffer.concat([salt, check, masked]);
}

t.test("decodeStash() reads both versions", async (t) => {
  for (const password of ["WebAS", "", "x".repeat(127), "pässwört"]) {
    t.same(decodeStash(stashOne(password)), { ok: true, value: password });
    for (const fill of [0, 1, 255])
      t.same(decodeStash(stashTwo(password, Buffer.alloc(32, fill))), {
        ok: true,
        value: password,
      });
  }
  const path = write("key.sth", stashTwo("WebAS", Buffer.alloc(32, 9)));
  t.same(await resolvePassword(`stash:${path}`), { ok: true, value: "WebAS" });
});

t.test("decodeStash() reads a version 2 file made by another implementation", async (t) => {
  const file =
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9JEXaw9EPGWnx9ct9H1svA0E4RH7WmGfYNPndnerb5GV" +
    "iIXEGwAmyqZPHDkv6SJxlbFMPdn5u44fJhQVTRU65DUox7guqf32+ZC50M0SWLAI5cojXyElwtbinDAYpJQ4Lt" +
    "VBgSy2zcJACBspqMBPUb2a7eM0+grWv6U6lUmXIstCBXT2FXcxC90L42ZMFmKrHGmx0xljwJKYVrYX346XLRDA" +
    "==";
  t.same(decodeStash(Buffer.from(file, "base64")), { ok: true, value: "Passw0rd!" });
});

t.test("decodeStash() refuses other lengths, wrong checks and passwords without end", async (t) => {
  const damaged = Buffer.from(stashTwo("WebAS", Buffer.alloc(32)));
  damaged[40] = (damaged[40] ?? 0) ^ 1;
  for (const [bytes, message] of [
    [Buffer.alloc(128), /^Stash file has 128 bytes; 129 or 193 were expected$/],
    [damaged, /its checksum does not fit$/],
    [Buffer.alloc(129, 1), /has no end of password/],
  ] as const)
    t.match(decodeStash(bytes), { ok: false, error: { code: "stash-malformed", message } });
  const path = write("damaged.sth", damaged);
  t.match(await resolvePassword(`stash:${path}`), {
    error: { code: "stash-malformed", message: new RegExp(`^${path}: Stash file`) },
  });
});

t.test("typeKeys() edits a line as a terminal would", async (t) => {
  const start: LineEntry = { state: "typing", text: "" };
  const after = (...keys: readonly string[]): LineEntry => keys.reduce(typeKeys, start);
  t.same(after("secret\r"), { state: "entered", text: "secret" });
  t.same(after("sec", "x\u007f", "ret", "\n"), { state: "entered", text: "secret" });
  t.same(after("a😀\u0008b\r"), { state: "entered", text: "ab" });
  t.same(after("wrong\u0015right\r"), { state: "entered", text: "right" });
  t.same(after("abc\u0003"), { state: "cancelled" });
  t.same(after("\u0004"), { state: "cancelled" });
  t.same(after("abc\u0004"), { state: "entered", text: "abc" });
  t.same(after("\r", "late"), { state: "entered", text: "" });
});

const PROGRAM = `
import { resolvePassword } from ${JSON.stringify(fileURLToPath(new URL("../../src/truststore/password.ts", import.meta.url)))};
console.log("RESULT " + JSON.stringify(await resolvePassword("prompt")));
`;

t.test("resolvePassword() asks on the terminal without echo", async (t) => {
  const program = write("prompt.mjs", PROGRAM);
  const command = `'${process.execPath}' '${program}'`;
  const { error, stdout } = spawnSync("script", ["-qec", command, "/dev/null"], {
    input: "typed-secret\n",
    encoding: "utf8",
  });
  if (error !== undefined) {
    t.plan(0, "script, which makes a terminal, is not installed");
    return;
  }
  t.match(stdout, /Password: /);
  t.match(stdout, /RESULT \{"ok":true,"value":"typed-secret"\}/);
});

t.test("resolvePassword() says that there is no terminal", async (t) => {
  const program = write("prompt.mjs", PROGRAM);
  const { error, stdout } = spawnSync("setsid", ["-w", process.execPath, program], {
    input: "",
    encoding: "utf8",
  });
  if (error !== undefined) {
    t.plan(0, "setsid is not installed");
    return;
  }
  t.match(stdout, /"code":"no-terminal"/);
});
