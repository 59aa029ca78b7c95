import type { Attachment, Finding } from "../finding.ts";
import type { Situation } from "../situation.ts";
import { certificateFileName, chainFileName, mentionedFiles } from "./certificate-files.ts";
import { knownCertificates, serverBundle } from "./server-bundle.ts";

/** Gives every finding the files that its remedy names, from the certificates at hand. */
export function withAttachments(
  findings: readonly Finding[],
  situation: Situation,
): readonly Finding[] {
  return findings.map((finding) => {
    const attachments = mentionedFiles(finding.remedy).flatMap((mention): readonly Attachment[] => {
      const { fileName, shortSha256, isChain } = mention;
      const certificates = isChain
        ? (serverBundle(situation)?.certificates ?? [])
        : knownCertificates(situation).filter(({ sha256 }) => sha256.startsWith(shortSha256));
      const [first] = certificates;
      const nameOf = isChain ? chainFileName : certificateFileName;
      // a name that hostile text in a step only looks like is no file of ours
      if (first === undefined || nameOf(first) !== fileName) return [];
      const kind = isChain ? "chain" : "certificate";
      return [{ kind, fileName, certificates: certificates.map(({ der }) => der) }];
    });
    return attachments.length === 0 ? finding : { ...finding, attachments };
  });
}
