import {
  AFFIRMTRUST_ANCHORS,
  CAMERFIRMA_ANCHORS,
  CHUNGHWA_ANCHORS,
  ENTRUST_ANCHORS,
  SYMANTEC_ANCHORS,
} from "../java/distrusted-anchors.ts";
import type { DistrustPolicy, JavaRules, Profile } from "../profile.ts";

const CERT_PATH =
  "MD2, MD5, SHA1 jdkCA & usage TLSServer, RSA keySize < 1024, DSA keySize < 1024, EC keySize < 224, SHA1 usage SignedJAR & denyAfter 2019-01-01";
const TLS =
  "SSLv3, TLSv1, TLSv1.1, DTLSv1.0, RC4, DES, MD5withRSA, DH keySize < 1024, EC keySize < 224, 3DES_EDE_CBC, anon, NULL, ECDH, TLS_RSA_*, rsa_pkcs1_sha1 usage HandshakeSignature, ecdsa_sha1 usage HandshakeSignature, dsa_sha1 usage HandshakeSignature";
const INCLUDE_CURVES = ", include jdk.disabled.namedCurves";

/** jdk.disabled.namedCurves of releases 8 and 11. */
const CURVES =
  "secp112r1, secp112r2, secp128r1, secp128r2, secp160k1, secp160r1, secp160r2, secp192k1, secp192r1, secp224k1, secp224r1, secp256k1, sect113r1, sect113r2, sect131r1, sect131r2, sect163k1, sect163r1, sect163r2, sect193r1, sect193r2, sect233k1, sect233r1, sect239k1, sect283k1, sect283r1, sect409k1, sect409r1, sect571k1, sect571r1, X9.62 c2tnb191v1, X9.62 c2tnb191v2, X9.62 c2tnb191v3, X9.62 c2tnb239v1, X9.62 c2tnb239v2, X9.62 c2tnb239v3, X9.62 c2tnb359v1, X9.62 c2tnb431r1, X9.62 prime192v2, X9.62 prime192v3, X9.62 prime239v1, X9.62 prime239v2, X9.62 prime239v3, brainpoolP256r1, brainpoolP320r1, brainpoolP384r1, brainpoolP512r1";

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
/** The four policies in their dated form. */
export const DATED_DISTRUST: readonly DistrustPolicy[] = [
  symantec("2019-04-16"),
  entrust("2024-11-11"),
  camerfirma("2025-04-15"),
  chunghwa,
];

/** OpenJDK 17.0.21. */
export const JAVA_17: JavaRules = {
  kind: "java",
  validator: "pkix",
  maxChainLength: 10,
  maxBuiltIntermediates: 5,
  httpsWildcards: "any-label",
  unicodeNames: true,
  wildcardsMeetExclusions: true,
  mappedAddressesAreIpv4: true,
  malformedExtensionsRaise: false,
  addressFamiliesCollide: false,
  certPathDisabled: CERT_PATH,
  tlsDisabled: TLS,
  disabledCurves: "",
  anchorDatesCount: false,
  allowNonCaAnchor: false,
  verifiableCurves: ["secp256r1", "secp384r1", "secp521r1"],
  distrust: [symantec(null), entrust(null), camerfirma(null), chunghwa],
  wording: "17",
  alertInText: true,
};

/** OpenJDK 11.0.25. */
export const JAVA_11: JavaRules = {
  ...JAVA_17,
  wildcardsMeetExclusions: false,
  mappedAddressesAreIpv4: false,
  addressFamiliesCollide: true,
  certPathDisabled: CERT_PATH + INCLUDE_CURVES,
  tlsDisabled: TLS + INCLUDE_CURVES,
  disabledCurves: CURVES,
  verifiableCurves: null,
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
    distrust: DATED_DISTRUST,
  }),
  java("openjdk-25", "OpenJDK 25", "measured", {
    ...JAVA_17,
    httpsWildcards: "left-most-label",
    wildcardsMeetExclusions: false,
    mappedAddressesAreIpv4: false,
    malformedExtensionsRaise: true,
    distrust: DATED_DISTRUST,
    wording: "25",
  }),
  java("openjdk-17-sunx509", "OpenJDK 17 with the SunX509 trust manager", "source", {
    ...JAVA_17,
    validator: "simple",
  }),
];
