import t from "tap";
import { PROFILE_NAMES } from "../../src/trust/profile-names.ts";
import { profileOf } from "../../src/trust/profiles.ts";
import { readPage, section, tableRows } from "./markdown.ts";

const page = readPage("docs/profiles.md");

t.test("docs/profiles.md lists every profile with title and evidence, in order", async (t) => {
  t.same(
    tableRows(section(page, "The profiles")),
    PROFILE_NAMES.map(profileOf).map(({ name, title, evidence }) => [
      `\`${name}\``,
      title,
      evidence,
    ]),
  );
});

const OWNERS = {
  "Symantec family": "Symantec",
  Entrust: "Entrust",
  Camerfirma: "Camerfirma",
  "Chunghwa ePKI": "Chunghwa",
} as const;

const RELEASES = ["openjdk-8", "openjdk-11", "openjdk-17", "openjdk-21", "openjdk-25"] as const;

t.test("docs/profiles.md states which release of OpenJDK distrusts which CA", async (t) => {
  const rows = tableRows(section(page, "Releases of OpenJDK"));
  for (const [title, owner] of Object.entries(OWNERS)) {
    const stated = rows.find(([first]) => first === title)?.slice(1);
    const expected = RELEASES.map((name) => {
      const { rules } = profileOf(name);
      const policy =
        rules.kind === "java" ? rules.distrust.find((each) => each.owner === owner) : undefined;
      if (policy === undefined) return "trusted";
      return policy.issuedAfter === null ? "always" : `after ${policy.issuedAfter}`;
    });
    t.same(stated, expected, title);
  }
});

t.test("docs/profiles.md states the security levels of the OpenSSL family", async (t) => {
  const [, ...stated] =
    tableRows(section(page, "OpenSSL and Node.js")).find(([first]) => first === "security level") ??
    [];
  t.same(
    stated,
    (["openssl-3", "nodejs-20", "nodejs-24"] as const).map((name) => {
      const { rules } = profileOf(name);
      return rules.kind === "openssl" && rules.securityBits === 112 ? "2" : "1";
    }),
  );
});
