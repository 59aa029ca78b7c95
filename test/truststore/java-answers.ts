import type { Test } from "tap";
import { WORDS } from "../../src/truststore/java-words.ts";
import { parseStore } from "../../src/truststore/parse-store.ts";
import type { StoreFile } from "../../src/truststore/truststore.ts";
import type { JavaAnswer } from "./ask-java.ts";

/** Fingerprints of what we say Java takes as anchors, in ascending order. */
export function anchorsOf(file: StoreFile): readonly string[] {
  const visible = file.entries.filter(({ visibleToJava }) => visibleToJava.visible);
  return [...new Set(visible.map(({ sha256 }) => sha256))].toSorted();
}

/** Java's exception chain in the form of our messages: the outermost exception. */
export const comparable = (message: string): string =>
  message.replace(/ \(caused by .*$/s, "").replace(/ <- .*$/s, "");

/**
 * Whether our reading of a store says what Java answered: the same anchors, or the same exception. A store that we
 * refuse for want of a password is one that Java opens without anchors, or not at all. The answer is null where both
 * agree, else what differs.
 */
export async function disagreement(
  bytes: Uint8Array,
  password: string | null,
  answer: JavaAnswer,
): Promise<string | null> {
  const read = await parseStore(bytes, { password });
  if (answer.opens) {
    if (!read.ok)
      return read.error.javaMessage === WORDS.noAnchors && answer.anchors.length === 0
        ? null
        : `Java opens it with ${answer.anchors.length} anchors; ours: ${read.error.code}`;
    if (!read.value.java.opens) return `Java opens it; ours: ${read.value.java.message}`;
    const ours = anchorsOf(read.value).join(",");
    return ours === answer.anchors.join(",")
      ? null
      : `Java: ${answer.anchors.join(",")}; ours: ${ours}`;
  }
  const ours = read.ok
    ? read.value.java.opens
      ? "opens"
      : read.value.java.message
    : read.error.javaMessage;
  const theirs = comparable(answer.message);
  if (ours === null) return `Java: ${theirs}; ours: not known`;
  if (ours.endsWith("CertificateException")) return theirs.startsWith(ours) ? null : theirs;
  return comparable(ours) === theirs ? null : `Java: ${theirs}; ours: ${comparable(ours)}`;
}

/** Fails the test for each store and password about which we and Java disagree; the count of agreements. */
export async function compareWithJava(
  t: Test,
  asked: readonly {
    readonly name: string;
    readonly bytes: Uint8Array;
    readonly password: string | null;
  }[],
  answers: readonly JavaAnswer[],
): Promise<number> {
  let agreed = 0;
  for (const [index, { name, bytes, password }] of asked.entries()) {
    const answer = answers[index];
    if (answer === undefined) throw new Error(`Java gave ${answers.length} answers`);
    const difference = await disagreement(bytes, password, answer);
    if (difference === null) agreed++;
    else t.fail(`${name} with password ${password}: ${difference}`);
  }
  return agreed;
}
