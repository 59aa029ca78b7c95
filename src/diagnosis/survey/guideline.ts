import mozilla from "./mozilla-guideline.json" with { type: "json" };

/** Profiles of the guideline, the strictest first. */
export const GUIDELINE_PROFILES = ["modern", "intermediate"] as const;

/** A profile of the guideline. */
export type GuidelineProfile = (typeof GUIDELINE_PROFILES)[number];

/** What a server of one profile offers; lists are complete, whatever is not in them is not wanted. */
export interface GuidelineRules {
  readonly versions: readonly string[];
  /** IANA names. */
  readonly cipherSuites: readonly string[];
  /** IANA names in lower case, most wanted first. */
  readonly groups: readonly string[];
  /** Key types as the certificate reader names them. */
  readonly certificateKeys: readonly string[];
  readonly certificateCurves: readonly string[];
  /** As Java names them. */
  readonly certificateSignatures: readonly string[];
  /** Least size of an RSA key in bits; null where RSA is not wanted. */
  readonly rsaBits: number | null;
  /** Longest life of a certificate. */
  readonly lifetimeDays: number;
  readonly ocspStaple: boolean;
  /** Whether the order of the server decides. */
  readonly serverPreference: boolean;
}

/** A published guideline in one of its versions. */
export interface Guideline {
  readonly title: string;
  readonly version: string;
  readonly source: string;
  readonly profiles: Readonly<Record<GuidelineProfile, GuidelineRules>>;
}

/** Mozilla's guideline for servers; what it says about HTTP headers is not in it. */
export const MOZILLA_GUIDELINE: Guideline = mozilla;
