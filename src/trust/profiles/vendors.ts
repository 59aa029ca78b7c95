import type { Profile } from "../profile.ts";
import { JAVA_11 } from "./java.ts";
import { OPENSSL_3 } from "./openssl.ts";

/**
 * Products of which no measurement exists: the rules of the library that they are built on or come nearest to, changed
 * where their documentation says so, in their own words.
 */
export const VENDOR_PROFILES: readonly Profile[] = [
  {
    name: "ibm-java-8",
    title: "IBM SDK 8 with IBMJSSE2",
    storeFamily: "java",
    evidence: "documented",
    rules: { ...JAVA_11, unicodeNames: false, distrust: [], anchorDatesCount: true },
    words: "ibm-jsse2",
  },
  {
    name: "gskit",
    title: "GSKit (IBM HTTP Server, web server plug-in)",
    storeFamily: "gskit",
    evidence: "documented",
    rules: OPENSSL_3,
    words: "gskit",
  },
  {
    name: "layer7",
    title: "Layer7 / CA API Gateway",
    storeFamily: "java",
    evidence: "documented",
    rules: JAVA_11,
    words: "layer7",
  },
  {
    name: "dotnet-windows",
    title: ".NET on Windows",
    storeFamily: "dotnet",
    evidence: "documented",
    rules: OPENSSL_3,
    words: "dotnet",
  },
];
