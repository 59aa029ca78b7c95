import type {
  AddressSummary,
  LinkCondition,
  LinkVerdict,
  SentCertificate,
} from "../links/link-verdict.ts";
import type { ProfileName } from "../trust/profile-names.ts";

export type { AddressSummary, LinkCondition, LinkVerdict, SentCertificate };

/** The present state of one link. Immutable. */
export interface LinkState extends LinkVerdict {
  readonly client: string;
  readonly endpoint: string;
  readonly profile: ProfileName;
  readonly url: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds since 1970; null while pending. */
  readonly checkedAt: number | null;
  /** Milliseconds since 1970: when `state` became what it is; null while pending. */
  readonly since: number | null;
}

/** A key for a link that no other link has. */
export const linkKey = (client: string, endpoint: string): string =>
  JSON.stringify([client, endpoint]);

/** The endpoint in the key of a link. */
export function endpointOfKey(key: string): string {
  const [, endpoint = ""] = JSON.parse(key) as readonly string[];
  return endpoint;
}

/** A link before its first verdict. */
export const PENDING: LinkVerdict = {
  state: "pending",
  ok: null,
  trusted: null,
  nameMatch: null,
  findings: [],
  breaksAt: null,
  addresses: [],
  chain: [],
  anchors: [],
};
