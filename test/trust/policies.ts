import t from "tap";
import { judge } from "../../src/trust/judge.ts";
import type { ProfileName } from "../../src/trust/profile-names.ts";
import { profileOf } from "../../src/trust/profiles.ts";
import type { CertificateSpec, ExtensionSpec } from "../differential/certificate-spec.ts";
import { caseInput } from "../differential/compare.ts";
import {
  authorityKeyIdentifier,
  basicConstraints,
  certificatePolicies,
  extendedKeyUsage,
  keyUsage,
  policyConstraints,
  policyMappings,
  subjectAltName,
  subjectKeyIdentifier,
} from "../differential/extension-specs.ts";
import { KEYS } from "../differential/keys.ts";
import { attribute, nameOf } from "../differential/names.ts";

const AT = Date.UTC(2026, 10, 21);
const YEAR = 365 * 86_400_000;

function certificate(
  subject: string,
  issuer: string,
  keys: { readonly own: number; readonly signer: number },
  more: readonly ExtensionSpec[],
): CertificateSpec {
  const isLeaf = subject === "www.lab.example";
  const identifier = (key: number): Uint8Array => KEYS[key]?.identifier ?? new Uint8Array();
  return {
    label: subject,
    version: 3,
    serial: Uint8Array.of(0x41, keys.own),
    issuer: nameOf(attribute("CN", issuer)),
    subject: nameOf(attribute("CN", subject)),
    key: keys.own,
    signer: keys.signer,
    hash: "sha256",
    notBefore: AT - YEAR,
    notAfter: AT + YEAR,
    extensions: [
      ...(isLeaf ? [] : [basicConstraints(true, null)]),
      keyUsage(isLeaf ? [0] : [5]),
      ...(isLeaf
        ? [
            subjectAltName([{ kind: "dns", text: subject }]),
            extendedKeyUsage(["1.3.6.1.5.5.7.3.1"]),
          ]
        : []),
      subjectKeyIdentifier(identifier(keys.own)),
      authorityKeyIdentifier({ key: identifier(keys.signer) }),
      ...more,
    ],
    damage: "none",
  };
}

/** What a profile makes of leaf, issuer and root, with policy extensions of the two below the root. */
function verdictFor(
  profile: ProfileName,
  ofIssuer: readonly ExtensionSpec[],
  ofLeaf: readonly ExtensionSpec[],
): string {
  const each = {
    seed: 0,
    chain: [
      certificate("www.lab.example", "Issuing", { own: 0, signer: 1 }, ofLeaf),
      certificate("Issuing", "Root", { own: 1, signer: 2 }, ofIssuer),
    ],
    anchors: [certificate("Root", "Root", { own: 2, signer: 2 }, [])],
    host: "www.lab.example",
    at: AT,
  };
  const { accepted, reason } = judge(caseInput(each, profileOf(profile)));
  return accepted ? "accepted" : (reason?.detail ?? reason?.code ?? "name");
}

const A = "1.2.3.1";
const B = "1.2.3.2";
const REQUIRED = policyConstraints(0, null);

for (const profile of ["openjdk-17", "strict"] as const)
  t.test(`judge() as ${profile} processes policies once a certificate requires one`, async (t) => {
    t.equal(verdictFor(profile, [certificatePolicies([A])], []), "accepted", "nothing required");
    t.equal(verdictFor(profile, [certificatePolicies([A]), REQUIRED], []), "no-valid-policy");
    t.equal(
      verdictFor(profile, [certificatePolicies([A]), REQUIRED], [certificatePolicies([A])]),
      "accepted",
    );
    t.equal(
      verdictFor(profile, [certificatePolicies([A]), REQUIRED], [certificatePolicies([B])]),
      "no-valid-policy",
    );
    const mapped = [certificatePolicies([A]), REQUIRED, policyMappings([[A, B]])];
    t.equal(verdictFor(profile, mapped, [certificatePolicies([B])]), "accepted", "mapped");
    t.equal(verdictFor(profile, mapped, [certificatePolicies([A])]), "no-valid-policy");
    t.equal(
      verdictFor(profile, [certificatePolicies([A]), policyMappings([[A, "2.5.29.32.0"]])], []),
      "maps-to-any-policy",
    );
  });

t.test("judge() as openssl-3 and go asks for no policy", async (t) => {
  const required = [certificatePolicies([A]), REQUIRED];
  t.equal(verdictFor("openssl-3", required, []), "accepted");
  t.equal(verdictFor("go", [certificatePolicies([A])], []), "accepted");
});
