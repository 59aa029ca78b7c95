import type { IgnoredReason } from "../truststore/anchors.ts";

/** Why an entry of a store is no anchor, as the end of a sentence. */
export const IGNORED_WORDS: Readonly<Record<IgnoredReason, string>> = {
  "no-trusted-key-usage": "it lacks the trustedKeyUsage attribute that keytool -importcert sets",
  "alias-overwritten": "a later entry has the same alias",
  "alias-not-lower-case": "Java looks up the alias in lower case and does not find it",
  "not-first-in-key-chain": "only the first certificate of a key's chain counts",
  "encrypted-no-password": "it is encrypted, and no password is given",
  "bag-type-ignored": "Java ignores this type of bag",
  "certificate-unreadable": "it is not a readable certificate",
  "key-entry": "it belongs to a private key",
  "purpose-rejected": "it is marked as rejected for servers",
  "purpose-not-trusted": "it is not marked as trusted for servers",
  "label-not-read": "this client passes over PEM blocks with this label",
  "layout-not-read":
    "its PEM block is not laid out as this client reads it: BEGIN at the start of a line, plain lines of base64",
  "file-refused": "this client refuses the file, because a block in it is no certificate",
  "not-flagged-trusted": "it is not marked as a trusted authority for servers",
  "trusted-peer-only": "it is marked as one trusted server, not as an authority",
  distrusted: "it is marked as distrusted",
  "not-hash-named": "its file is not named by the hash of its subject",
  duplicate: "the same certificate is an anchor already",
};
