import {
  AFFIRMTRUST_ANCHORS,
  CAMERFIRMA_ANCHORS,
  CHUNGHWA_ANCHORS,
  ENTRUST_ANCHORS,
  SYMANTEC_ANCHORS,
} from "../java/distrusted-anchors.ts";
import type { AlgorithmConstraint, DistrustPolicy, JavaRules, Profile } from "../profile.ts";

const DISABLED: readonly AlgorithmConstraint[] = [
  { kind: "digest", hash: "md2" },
  { kind: "digest", hash: "md5" },
  { kind: "key-size", key: "rsa", below: 1024 },
  { kind: "key-size", key: "dsa", below: 1024 },
  { kind: "key-size", key: "ec", below: 224 },
];

/** Curves of jdk.disabled.namedCurves (releases 8 and 11) that a certificate can name here. */
const DISABLED_CURVES: readonly AlgorithmConstraint[] = [
  "secp160r1",
  "secp192k1",
  "secp192r1",
  "secp224k1",
  "secp224r1",
  "secp256k1",
  "brainpoolP256r1",
  "brainpoolP320r1",
  "brainpoolP384r1",
  "brainpoolP512r1",
].map((name) => ({ kind: "curve", name }));

const symantec = (issuedAfter: string | null): DistrustPolicy => ({
  owner: "Symantec",
  anchors: SYMANTEC_ANCHORS,
  issuedAfter,
});
const entrust = (issuedAfter: string | null): DistrustPolicy => ({
  owner: "Entrust",
  anchors: ENTRUST_ANCHORS,
  issuedAfter,
});
const camerfirma = (issuedAfter: string | null): DistrustPolicy => ({
  owner: "Camerfirma",
  anchors: CAMERFIRMA_ANCHORS,
  issuedAfter,
});
const chunghwa: DistrustPolicy = {
  owner: "Chunghwa",
  anchors: CHUNGHWA_ANCHORS,
  issuedAfter: "2026-03-17",
};
const DATED: readonly DistrustPolicy[] = [
  symantec("2019-04-16"),
  entrust("2024-11-11"),
  camerfirma("2025-04-15"),
  chunghwa,
];

/** OpenJDK 17.0.21. */
const JAVA_17: JavaRules = {
  kind: "java",
  validator: "pkix",
  maxChainLength: 10,
  maxBuiltIntermediates: 5,
  httpsWildcards: "any-label",
  unicodeNames: true,
  wildcardsMeetExclusions: true,
  mappedAddressesAreIpv4: true,
  malformedExtensionsRaise: false,
  disabled: DISABLED,
  distrust: [symantec(null), entrust(null), camerfirma(null), chunghwa],
  wording: "17",
  alertInText: true,
};

const JAVA_11: JavaRules = {
  ...JAVA_17,
  wildcardsMeetExclusions: false,
  mappedAddressesAreIpv4: false,
  disabled: [...DISABLED, ...DISABLED_CURVES],
  distrust: [
    symantec("2019-04-16"),
    {
      owner: "Entrust",
      anchors: [...ENTRUST_ANCHORS, ...AFFIRMTRUST_ANCHORS],
      issuedAfter: "2024-11-11",
    },
  ],
  alertInText: false,
};

const java = (
  name: Profile["name"],
  title: string,
  evidence: Profile["evidence"],
  rules: JavaRules,
): Profile => ({ name, title, storeFamily: "java", evidence, rules });

/** Java clients: releases at the update levels of late 2026. */
export const JAVA_PROFILES: readonly Profile[] = [
  java("openjdk-8", "OpenJDK 8", "source", {
    ...JAVA_11,
    unicodeNames: false,
    distrust: [symantec("2019-04-16")],
  }),
  java("openjdk-11", "OpenJDK 11", "source", JAVA_11),
  java("openjdk-17", "OpenJDK 17", "measured", JAVA_17),
  java("openjdk-21", "OpenJDK 21", "documented", {
    ...JAVA_17,
    wildcardsMeetExclusions: false,
    mappedAddressesAreIpv4: false,
    distrust: DATED,
  }),
  java("openjdk-25", "OpenJDK 25", "measured", {
    ...JAVA_17,
    httpsWildcards: "left-most-label",
    wildcardsMeetExclusions: false,
    mappedAddressesAreIpv4: false,
    malformedExtensionsRaise: true,
    distrust: DATED,
    wording: "25",
  }),
  java("openjdk-17-sunx509", "OpenJDK 17 with the SunX509 trust manager", "source", {
    ...JAVA_17,
    validator: "simple",
  }),
];
