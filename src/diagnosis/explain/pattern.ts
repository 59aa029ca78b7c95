import type { ProfileName } from "../../trust/profile-names.ts";
import type { CaseId } from "../catalogue.ts";

/** What a text is about; within one event the most specific text on each subject counts. */
export const TOPICS = [
  "store",
  "trust",
  "time",
  "name",
  "purpose",
  "algorithm",
  "revocation",
  "version",
  "cipher",
  "plaintext",
  "connection",
  "alert",
  "client-certificate",
  "configuration",
  "wrapper",
] as const;

/** What a text is about. */
export type Topic = (typeof TOPICS)[number];

/** Cases that a text rules out, and why it does. */
export interface RuledOut {
  readonly cases: readonly CaseId[];
  /** A clause without a full stop. */
  readonly because: string;
}

/** A wording of some client or server, and what it can mean. */
export interface Pattern {
  readonly id: string;
  /** Whose wording it is, unless other marks in the text tell better. */
  readonly family: string;
  /** What the text says, in plain words, one sentence without a full stop. */
  readonly says: string;
  readonly topic: Topic;
  /**
   * How much it tells: 1 only that something failed, 2 a frame around the reason, 3 several causes have this text,
   * 4 few, 5 one.
   */
  readonly level: 1 | 2 | 3 | 4 | 5;
  /** All of these must occur, see NeedleSearch. */
  readonly all: readonly string[];
  /** At least one of these, unless empty. */
  readonly any: readonly string[];
  readonly none: readonly string[];
  /** Depth in the chain that an OpenSSL text must state: `leaf` is 0, `ca` is any other; null for no matter. */
  readonly depth: "leaf" | "ca" | null;
  /** Most likely first. */
  readonly cases: readonly CaseId[];
  /** Why they stand in this order. */
  readonly why: string;
  /** What it means in the log of a server about its client; null where that makes no difference. */
  readonly onServer: { readonly cases: readonly CaseId[]; readonly why: string } | null;
  readonly not: readonly RuledOut[];
  /** Advice that stays true when a more specific text is found within this one; null for none. */
  readonly note: string | null;
  /** The profile to check as; null for that of the family. */
  readonly profile: ProfileName | null;
}

/** A kind of client, how its texts are recognised, and the profile that judges as it does. */
export interface Family {
  readonly id: string;
  readonly title: string;
  /** Null where no profile stands for it. */
  readonly profile: ProfileName | null;
  /** Any of these in a text tells the family. */
  readonly marks: readonly string[];
}

/** What is taken out of texts. */
export const FACT_FIELDS = [
  "host",
  "port",
  "subject",
  "issuer",
  "truststore",
  "sslConfiguration",
  "alias",
  "alert",
  "clock",
  "expiry",
  "names",
  "peer",
] as const;

/** Something that is taken out of a text. */
export type FactField = (typeof FACT_FIELDS)[number];

/** Where in a text a fact stands: behind one needle, and what it looks like or what ends it. */
export interface Extract {
  readonly field: FactField;
  readonly after: string;
  /** Texts that end the fact, upper and lower case the same; empty where its shape does. */
  readonly before: readonly string[];
  readonly shape: "host" | "url" | "text" | "path" | "number" | "word" | "time";
  /** Scheme of the target that a URL begins with; null for none. */
  readonly scheme: string | null;
}
