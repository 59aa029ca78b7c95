import t from "tap";
import { judge } from "../../src/trust/judge.ts";
import type { ProfileName } from "../../src/trust/profile-names.ts";
import { profileOf } from "../../src/trust/profiles.ts";
import type { CertificateSpec } from "../differential/certificate-spec.ts";
import { caseInput } from "../differential/compare.ts";
import type { EstateCase } from "../differential/estate.ts";
import { basicConstraints, keyUsage } from "../differential/extension-specs.ts";
import { attribute, nameOf } from "../differential/names.ts";

const AT = Date.UTC(2026, 10, 21);
const YEAR = 365 * 86_400_000;
const AUTHORITIES = 10;

function certificate(
  subject: string,
  own: number,
  issuer: string,
  signer: number,
): CertificateSpec {
  return {
    label: subject,
    version: 3,
    serial: Uint8Array.of(0x41, own, signer),
    issuer: nameOf(attribute("CN", issuer)),
    subject: nameOf(attribute("CN", subject)),
    key: own,
    signer,
    hash: "sha256",
    notBefore: AT - YEAR,
    notAfter: AT + YEAR,
    extensions: subject === "leaf" ? [] : [basicConstraints(true, null), keyUsage([5])],
    damage: "none",
  };
}

/** Authorities that all certify one another, and an anchor that certifies none of them. */
function mesh(): EstateCase {
  const numbers = Array.from({ length: AUTHORITIES }, (_, i) => i);
  const crossed = numbers.flatMap((own) =>
    numbers.flatMap((signer) =>
      own === signer ? [] : [certificate(`CA ${own}`, own, `CA ${signer}`, signer)],
    ),
  );
  return {
    seed: 0,
    chain: [certificate("leaf", 11, "CA 0", 0), ...crossed],
    anchors: [certificate("Stranger", 12, "Stranger", 12)],
    host: null,
    at: AT,
  };
}

t.test(
  "judge() ends a search through a mesh of cross-certificates within its budget",
  async (t) => {
    const each = mesh();
    for (const profile of [
      "openjdk-17",
      "openssl-3",
      "go",
      "strict",
    ] as const satisfies readonly ProfileName[]) {
      const started = performance.now();
      const { trusted, accepted, reason, candidates } = judge(caseInput(each, profileOf(profile)));
      t.comment(`${profile}: ${reason?.code}, ${Math.round(performance.now() - started)} ms`);
      t.equal(accepted, false, profile);
      t.equal(trusted === null, reason?.code === "budget-exceeded", `${profile}: its own outcome`);
      t.ok(candidates.length <= 64, `${profile}: paths are bounded`);
    }
  },
);

t.test(
  "judge() says that the budget is exceeded, which is neither accepted nor refused",
  async (t) => {
    const input = caseInput(mesh(), profileOf("openjdk-17"));
    const { trusted, accepted, reason } = judge({ ...input, maxPathLength: AUTHORITIES });
    t.same([trusted, accepted, reason?.code], [null, false, "budget-exceeded"]);
  },
);
