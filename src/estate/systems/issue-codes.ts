/** Codes of what cross-checks of a system's configuration find; each is a finding code with a page. */
export const IMPORT_ISSUE_CODES = [
  "estate.truststore-is-keystore",
  "estate.store-type-forced",
  "estate.store-type-differs",
  "estate.store-ambiguous",
  "estate.store-unusable",
  "estate.alias-missing",
  "estate.filter-unmatched",
  "estate.filter-conflict",
  "estate.peer-check-off",
  "estate.name-check-off",
  "estate.name-check-changes",
  "estate.default-password",
  "estate.default-key",
  "estate.unresolved-variable",
  "estate.store-not-reread",
  "estate.include-refused",
  "estate.file-unreadable",
  "estate.trust-flags",
  "estate.client-subject-differs",
  "estate.client-auth-unconfigured",
  "estate.service-manager-mode",
  "estate.plain-port",
  "estate.no-server-name",
  "estate.no-common-parameters",
  "estate.client-certificate-unaccepted",
  "estate.shared-certificate",
  "truststore.leaf-pinned",
  "truststore.anchor-expired",
] as const;

/** Code of what a cross-check finds. */
export type ImportIssueCode = (typeof IMPORT_ISSUE_CODES)[number];
