import type { Certificate } from "../x509/certificate.ts";
import type { Reason } from "./reason.ts";

/** What a client's own strategy answers, before the explanation is added. */
export interface ClientAnswer {
  /** The accepted path, leaf first, anchor last; null for a refusal. */
  readonly path: readonly Certificate[] | null;
  /** Null when the path is accepted. */
  readonly reason: Reason | null;
  /** Null without a host. */
  readonly nameMatch: boolean | null;
  /** What the client prints for the refused path. */
  readonly pathMessage: string | null;
  /** What the client prints for a name that does not match. */
  readonly nameMessage: string | null;
  /** Whether the client looks at the name before it comes to what refuses the path; by default after the path. */
  readonly nameFirst?: boolean;
}
