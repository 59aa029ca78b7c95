import t from "tap";
import { anchorwatch } from "../cli/command.ts";
import { sha256, startWatched, TOKENS } from "./watched.ts";

t.test("anchorwatch token makes what the daemon takes", async (t) => {
  const made = await anchorwatch([
    "token",
    "--name",
    "ci",
    "--role",
    "operate",
    "--format",
    "json",
  ]);
  t.equal(made.code, 0, made.stderr);
  const { token, entry } = JSON.parse(made.stdout) as {
    readonly token: string;
    readonly entry: { readonly name: string; readonly role: string; readonly sha256: string };
  };
  t.match(token, /^aw_[\w-]{43}$/);
  t.same(entry, { name: "ci", role: "operate", sha256: sha256(token) });
  const { daemon } = await startWatched(t, {
    http: `  tokens:
    - { name: ci, role: operate, sha256: ${entry.sha256} }
    - { name: test, role: operate, sha256: ${sha256(TOKENS.operate)} }`,
  });
  const answer = await fetch(`${daemon.url}api/v1/reload`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
  });
  t.equal(answer.status, 200);
});

t.test("anchorwatch token --stdin keeps the token to itself", async (t) => {
  const token = "a-token-of-somebody-else-0123456789";
  const taken = await anchorwatch(["token", "--stdin", "--expires", "2027-01-01"], {
    input: `${token}\n`,
  });
  t.equal(taken.code, 0);
  t.match(
    taken.stdout,
    `- { name: somebody, role: read, sha256: ${sha256(token)}, expires: 2027-01-01T00:00:00.000Z }`,
  );
  t.notMatch(taken.stdout, token);
  const short = await anchorwatch(["token", "--stdin"], { input: "short-secret\n" });
  t.equal(short.code, 64);
  t.notMatch(short.stderr, /short-secret/);
});
