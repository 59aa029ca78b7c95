import { prometheusRenderer } from "../../src/cli/check-metrics.ts";
import type { IssuedCertificate } from "../../src/cli/demo/certificate.ts";
import { assess } from "../../src/diagnosis/assess.ts";
import type { Assessment } from "../../src/diagnosis/assessment.ts";
import type { Finding } from "../../src/diagnosis/finding.ts";
import type { Handshake } from "../../src/probe/handshake.ts";
import { htmlRenderer } from "../../src/report/check-html.ts";
import { junitRenderer } from "../../src/report/check-junit.ts";
import { markdownRenderer } from "../../src/report/check-markdown.ts";
import { nagiosRenderer } from "../../src/report/check-nagios.ts";
import type { CheckRenderer, RenderOptions } from "../../src/report/check-renderer.ts";
import { textRenderer } from "../../src/report/check-renderers.ts";
import { codeOfTarget, type TargetResult } from "../../src/report/check-result.ts";
import { type ResultCode, worse } from "../../src/report/exit-code.ts";
import { plainPaint } from "../../src/report/paint.ts";
import type { ProfileName } from "../../src/trust/profile-names.ts";
import { type CertificateName, handshakeOf, makePki, NOW, storeOf } from "../diagnosis/pki.ts";

const DAY = 86_400_000;

/** The PKI that all reports are about. */
export const pki = await makePki();

/** A finding with nothing in it but what is given. */
export const finding = (given: Partial<Finding>): Finding => ({
  code: "truststore.anchor-missing",
  severity: "critical",
  summary: "The CA that issued Int A is not in trust",
  evidence: { certificates: [], truststore: null, alias: null, time: null },
  remedy: [],
  clientMessage: null,
  ...given,
});

/** What a report is made of: chains and stores are judged for real, what is said about them is given. */
export interface Given {
  readonly sent: readonly (CertificateName | IssuedCertificate)[];
  readonly held: readonly (CertificateName | IssuedCertificate)[];
  readonly clients: readonly {
    readonly profile: ProfileName;
    readonly name?: string;
    readonly findings: readonly Finding[];
  }[];
  readonly addresses?: readonly string[];
  readonly store?: string;
  readonly changes?: Partial<Handshake>;
}

const issued = (each: CertificateName | IssuedCertificate): IssuedCertificate =>
  typeof each === "string" ? pki[each] : each;

/** Assessments of one target, address by address. */
export function assessments({
  sent,
  held,
  clients,
  addresses = ["10.1.2.3"],
  store = "trust",
  changes = {},
}: Given): readonly Assessment[] {
  const truststores = [storeOf(store, held.map(issued))];
  return addresses.flatMap((address) => {
    const handshake = handshakeOf(sent.map(issued), { ...changes, address });
    return clients.map(({ profile, name = profile, findings }): Assessment => {
      const client = { name, profile, truststores, nameCheck: "https", ownChain: null } as const;
      const context = {
        at: NOW,
        thresholds: { warning: 30 * DAY, critical: 7 * DAY },
        otherTruststores: truststores,
      };
      return { ...assess(client, handshake, context), findings };
    });
  });
}

/** A target with these assessments. */
export const assessed = (target: string, given: Given): TargetResult => ({
  kind: "assessed",
  target,
  assessments: assessments(given),
});

/** Every format that is text. */
export const RENDERERS = {
  text: textRenderer,
  markdown: markdownRenderer,
  html: htmlRenderer,
  junit: junitRenderer,
  nagios: nagiosRenderer,
  prometheus: prometheusRenderer,
} as const satisfies Record<string, (options: RenderOptions) => CheckRenderer>;

/** The whole report on these targets. */
export function report(
  format: keyof typeof RENDERERS,
  results: readonly TargetResult[],
  options: Partial<RenderOptions> = {},
): string {
  const renderer = RENDERERS[format]({
    single: results.length === 1,
    paint: plainPaint,
    columns: 80,
    at: NOW,
    warning: 30 * DAY,
    ...options,
  });
  const code = results.map(codeOfTarget).reduce<ResultCode>(worse, 0);
  return [renderer.begin(), ...results.map(renderer.target), renderer.end(code)].join("");
}
