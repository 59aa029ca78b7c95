import type { FindingCode } from "./finding-codes.ts";

/** How many cases each side of the failure catalogue has: A1 to A24 and so on. */
const COUNTS = { A: 24, B: 24, C: 18, D: 8, E: 11, F: 11 } as const;

/** Side of the failure catalogue: truststore, chain, leaf and name, topology, handshake, client certificates. */
export type CaseSide = keyof typeof COUNTS;

/** A case of the failure catalogue, e.g. `A15`; a closed list, see CASE_IDS. */
export type CaseId = `${CaseSide}${number}`;

/** Every case, in order. */
export const CASE_IDS: readonly CaseId[] = (["A", "B", "C", "D", "E", "F"] as const).flatMap(
  (side) => Array.from({ length: COUNTS[side] }, (_, index): CaseId => `${side}${index + 1}`),
);

/** What a finding code is about. */
export interface CatalogueEntry {
  /** One sentence without a full stop that holds for every finding with this code. */
  readonly title: string;
  /** The cases that it names; empty for what the catalogue does not count as a failure. */
  readonly cases: readonly CaseId[];
}

const entry = (title: string, ...cases: readonly CaseId[]): CatalogueEntry => ({ title, cases });

/** Every finding code with the cases of the failure catalogue that it covers. */
export const CATALOGUE: Readonly<Record<FindingCode, CatalogueEntry>> = {
  "truststore.anchor-missing": entry(
    "The server's chain is in order, but the CA at its top is not in the truststore of this client",
    "A1",
    "A2",
  ),
  "truststore.anchor-elsewhere": entry(
    "The CA that this client lacks is in another truststore of the estate",
    "A3",
  ),
  "truststore.bundle-outdated": entry(
    "The JVM's or the system's own CAs lack one that newer releases have",
    "A19",
  ),
  "truststore.process-outdated": entry(
    "The truststore was changed after the client was started",
    "A20",
  ),
  "truststore.cacerts-masked": entry("Another file masks the JVM's cacerts", "A21"),
  "truststore.not-found": entry("The file that should hold the truststore does not exist", "A4"),
  "truststore.wrong-password": entry("The password given does not open the truststore", "A5"),
  "truststore.password-missing": entry(
    "The truststore needs a password and the client gives none",
    "A8",
  ),
  "truststore.unreadable": entry("The truststore is there but cannot be read", "A6"),
  "truststore.no-anchors": entry(
    "The truststore can be read and holds no certificate, so the client trusts nobody",
    "A7",
  ),
  "truststore.no-java-anchors": entry(
    "The truststore holds certificates, but this client counts none of them as an anchor",
    "A9",
  ),
  "truststore.keystore-used": entry("A server's keystore is used as truststore", "A10"),
  "truststore.leaf-pinned": entry(
    "The truststore holds the server's own certificate instead of the CA that issued it",
    "A11",
  ),
  "truststore.intermediate-only": entry(
    "The truststore holds an intermediate CA but not the root above it",
    "A13",
  ),
  "truststore.anchor-expired": entry("An anchor of the truststore has expired", "A14"),
  "truststore.anchor-expiring": entry(
    "The link works and will stop when an anchor of the truststore expires",
    "C4",
  ),
  "truststore.anchor-not-yet-valid": entry("An anchor of the truststore is not valid yet", "C2"),
  "truststore.anchor-rekeyed": entry(
    "The truststore holds a CA of the right name with another key: the CA was re-keyed",
    "A15",
  ),
  "truststore.anchor-not-ca": entry(
    "The path ends at an anchor that may not sign certificates, and this client minds",
    "A16",
  ),
  "truststore.stale-intermediate": entry(
    "An expired intermediate in the truststore hides the valid one that the server sends",
    "A17",
  ),
  "truststore.anchor-unused": entry("The truststore holds anchors that no link needs"),
  "truststore.weak-certificate": entry(
    "An anchor of the truststore has a key or a signature that clients refuse",
  ),
  "truststore.known-certificate": entry("The truststore holds a certificate that everybody knows"),
  "truststore.duplicate-entry": entry("The truststore holds the same certificate several times"),
  "truststore.alias-overwritten": entry(
    "Two entries of the truststore have the same alias: Java and keytool see the last one only",
  ),
  "truststore.entry-invisible": entry(
    "Some certificates of the truststore are no anchors for its clients, although they are in the file",
    "A23",
  ),
  "truststore.private-keys": entry(
    "The truststore holds private keys: it is a keystore, or both at once",
    "A10",
  ),
  "truststore.misnamed": entry(
    "The name of the file says another format than its content is",
    "A6",
  ),
  "truststore.default-password": entry("The store opens with a password that everybody knows"),
  "truststore.no-integrity": entry("Nothing in the store shows whether it was changed"),
  "chain.empty": entry("The server presented no certificate at all"),
  "chain.incomplete": entry("The server sends only its own certificate", "B1"),
  "chain.cross-certificate-missing": entry(
    "The server does not send the cross-certificate that this client needs",
    "B9",
  ),
  "chain.unrelated-intermediate": entry(
    "The server sends further certificates, but none of them issued its own",
    "B2",
  ),
  "chain.intermediate-rekeyed": entry(
    "The server sends an intermediate with the right name and another key",
    "B3",
  ),
  "chain.signature-invalid": entry(
    "A signature of the chain does not verify with the key of the issuer that was sent along",
    "B13",
  ),
  "chain.intermediate-expired": entry(
    "An intermediate certificate that the server sends has expired",
    "B4",
  ),
  "chain.cross-certificate-expired": entry(
    "The server sends a cross-certificate that has expired",
    "B10",
  ),
  "chain.intermediate-expiring": entry(
    "The link works and will stop when an intermediate certificate expires",
    "C4",
  ),
  "chain.intermediate-not-yet-valid": entry(
    "An intermediate that the server sends is not valid yet",
    "C2",
  ),
  "chain.intermediate-dropped": entry(
    "The server no longer sends an intermediate that it sent before",
    "B1",
    "C17",
  ),
  "chain.changed": entry(
    "The server sends other certificates behind the same certificate than before",
    "C17",
  ),
  "chain.out-of-order": entry("The server sends the right certificates in the wrong order", "B6"),
  "chain.superfluous": entry("The server sends certificates that the path does not need", "B7"),
  "chain.intermediate-stale": entry(
    "The server sends an expired intermediate beside the valid one",
    "B5",
  ),
  "chain.root-sent": entry("The server sends the root, too", "B8"),
  "chain.self-signed": entry(
    "The server presents a self-signed certificate that is not in this client's truststore",
    "B11",
  ),
  "chain.known-certificate": entry(
    "The server presents a certificate that everybody has the key of, or that was to be replaced",
    "B12",
  ),
  "chain.not-ca": entry(
    "A certificate of the chain issued another one although it may not",
    "B14",
    "B15",
  ),
  "chain.path-length": entry(
    "The path has more intermediates than one of its CAs allows below itself",
    "B16",
  ),
  "chain.name-constraints": entry(
    "A certificate carries a name that a CA above it may not sign",
    "B17",
  ),
  "chain.extended-key-usage": entry(
    "The extended key usage of an intermediate does not include TLS servers",
    "B18",
  ),
  "chain.critical-extension": entry(
    "A certificate has an extension marked critical that this client does not know",
    "B19",
  ),
  "chain.weak-algorithm": entry(
    "A certificate of the path is signed with an algorithm that this client refuses",
    "B20",
  ),
  "chain.weak-key": entry(
    "A key in the path is too small for this client, or of a curve that it does not allow",
    "B21",
  ),
  "chain.too-long": entry("The server sends more certificates than this client accepts", "B23"),
  "chain.malformed": entry("A certificate of the chain cannot be read by this client", "B24"),
  "chain.distrusted": entry(
    "This client distrusts the CA or a certificate of the path by name, whatever truststore it is in",
    "A18",
  ),
  "chain.refused": entry("The certificate policies of the path do not satisfy this client"),
  "chain.revocation-unchecked": entry(
    "Revocation lists were given to a client that does not check revocation",
    "C13",
    "C14",
  ),
  "chain.revoked": entry("The CA has revoked a certificate of the path", "C13"),
  "chain.revocation-unknown": entry(
    "Whether a certificate of the path is revoked cannot be found out",
    "C13",
    "C14",
  ),
  "chain.crl-stale": entry("The revocation list of a CA on the path is out of date", "C13"),
  "chain.crl-invalid": entry(
    "The revocation list for a certificate of the path cannot be used",
    "C13",
  ),
  "leaf.expired": entry("The server's own certificate has expired", "C1", "A12"),
  "leaf.not-yet-valid": entry(
    "A certificate of the path, mostly the server's own, is not valid yet",
    "C2",
    "C3",
  ),
  "leaf.expiring": entry(
    "The link works and will stop when the server's certificate expires",
    "C4",
  ),
  "leaf.key-usage": entry(
    "The key usage of the server's certificate does not allow what this connection needs",
    "C12",
  ),
  "leaf.extended-key-usage": entry(
    "The extended key usage of the server's certificate does not include TLS servers",
    "C11",
  ),
  "leaf.staple-missing": entry(
    "The certificate demands a stapled OCSP response, and the server sends none",
    "C15",
  ),
  "leaf.staple-stale": entry("The OCSP response that the server staples is out of date", "C15"),
  "leaf.staple-invalid": entry(
    "The OCSP response that the server staples is not one about its certificate that can be believed",
    "C15",
  ),
  "leaf.changed": entry("The server presents another certificate than before", "C17"),
  "leaf.issuer-changed": entry(
    "The server presents a certificate of another CA than before",
    "C17",
    "D1",
  ),
  "leaf.rolled-back": entry(
    "The server presents an older certificate than the one seen before",
    "C17",
    "D2",
  ),
  "leaf.serial-reused": entry("Two certificates of one CA have the same serial number", "C17"),
  "leaf.client-clock": entry("The clock of the client is wrong", "C3"),
  "leaf.lifetime": entry("The server's certificate is valid for longer than clients accept", "C16"),
  "leaf.transparency": entry(
    "The server's certificate lacks the proofs of logging that some clients demand",
    "C16",
  ),
  "name.mismatch": entry(
    "The server's certificate does not carry the name that the client asked for",
    "C5",
    "D5",
  ),
  "name.unchecked-mismatch": entry(
    "The certificate does not carry the name asked for, and this client does not look",
    "C18",
  ),
  "name.address-not-covered": entry(
    "The client connects by IP address, and the certificate does not carry that address",
    "C8",
  ),
  "name.common-name-only": entry(
    "The certificate names the server only in its CN; clients that ignore the CN refuse it",
    "C7",
  ),
  "name.address-as-dns-name": entry("The certificate carries the address as a DNS name", "C9"),
  "name.wildcard": entry("A wildcard of the certificate does not cover the name", "C10"),
  "name.default-host": entry("The server's default host answered", "C6"),
  "topology.target-invalid": entry(
    "A target of the list cannot be read as a host, a host with port or a URL",
  ),
  "topology.unresolvable": entry("The name of the server does not resolve to an address", "D5"),
  "topology.unreachable": entry(
    "No TCP connection to the server could be made: it was refused, or there is no way there",
    "D3",
    "D6",
  ),
  "topology.proxy": entry("The proxy on the way does not open a connection to the server", "D6"),
  "topology.timeout": entry("The server did not answer in time", "D8"),
  "topology.wrong-protocol": entry(
    "The port speaks another protocol than the scheme of the target says",
    "D7",
  ),
  "topology.not-tls": entry("The server answered, but not with TLS", "D7"),
  "topology.connection-cut": entry(
    "The connection was closed or reset in the middle of the handshake",
    "D8",
  ),
  "topology.no-answer": entry(
    "The handshake is complete, and no HTTP answer comes to the request after it",
    "F2",
  ),
  "topology.unexpected-status": entry(
    "The handshake is complete, and the answer to the request after it is not the right one",
    "F2",
    "F11",
  ),
  "topology.addresses-differ": entry(
    "The addresses of one name offer different versions, cipher suites or certificates",
    "D2",
  ),
  "topology.ip-families-differ": entry(
    "The IPv4 addresses of a name answer otherwise than its IPv6 addresses",
    "D3",
  ),
  "topology.chain-varies": entry(
    "Clients with other key types, versions or protocols get another chain, which is not in order",
    "D4",
  ),
  "topology.unexpected-address": entry(
    "The name leads to an address where the server is not expected",
    "D5",
  ),
  "topology.inspection": entry(
    "A device on the way seems to open the connection and to sign a certificate of its own",
    "D1",
  ),
  "topology.hello-dropped": entry(
    "The server, or something on the way, drops hellos with a certain content",
    "D8",
    "E6",
  ),
  "handshake.upgrade-refused": entry(
    "The server speaks the protocol of the target and refuses to begin TLS in it",
  ),
  "handshake.version": entry(
    "Server and client have no TLS version in common that the client would complete",
    "E1",
  ),
  "handshake.no-common-parameters": entry(
    "Server and client share no cipher suite, key-exchange group or signature scheme",
    "E3",
  ),
  "handshake.alert": entry(
    "The server ended the handshake with an alert that does not say more from outside",
    "E10",
  ),
  "handshake.name-unrecognised": entry(
    "The server does not know the server name that the client sent (SNI)",
    "E8",
  ),
  "handshake.peer-faulty": entry("The peer breaks the TLS protocol"),
  "handshake.version-changed": entry("The server chooses another version of TLS than before"),
  "handshake.obsolete-version": entry(
    "The server still speaks SSL 2.0, SSL 3.0, TLS 1.0 or TLS 1.1",
    "E1",
    "E2",
  ),
  "handshake.weak-cipher-suite": entry(
    "The server takes up cipher suites that protect little or nothing",
    "E3",
  ),
  "handshake.weak-key-exchange": entry(
    "The server agrees on keys in a finite field that is too small or badly chosen",
    "E5",
  ),
  "handshake.insecure-renegotiation": entry(
    "The server does not say that it renegotiates securely (RFC 5746)",
    "E9",
  ),
  "handshake.compression": entry("The server compresses records"),
  "handshake.heartbeat": entry("The server offers the heartbeat extension (RFC 6520)"),
  "handshake.no-fallback-signal": entry(
    "The server accepts a hello that says it fell back to an older version than the server has (RFC 7507)",
    "E1",
  ),
  "handshake.intolerance": entry(
    "The server stumbles over a hello that is unusual, but legal",
    "E6",
    "D6",
  ),
  "handshake.excluded-clients": entry(
    "The hello of at least one known kind of client finds nothing in common with the server",
    "E1",
    "E3",
    "E6",
  ),
  "handshake.survey-incomplete": entry("The server did not answer all questions of a survey", "D6"),
  "handshake.certificate-varies": entry(
    "A survey got more than one certificate with the same type of key from one address",
    "D6",
  ),
  "handshake.client-too-old": entry(
    "The server speaks only versions newer than the client's",
    "E2",
  ),
  "handshake.no-common-group": entry("Server and client share no key-exchange group", "E6"),
  "handshake.no-common-signature": entry(
    "Server and client share no signature scheme",
    "E7",
    "B22",
  ),
  "handshake.static-rsa": entry("The server offers only key exchange with static RSA", "E4"),
  "client-auth.required": entry(
    "The server wants a client certificate, and this client sends none",
    "F1",
    "F2",
    "F10",
  ),
  "client-auth.refused": entry("The server refuses the client certificate", "F11"),
  "client-auth.no-match": entry("The server requires a client certificate", "F5"),
  "client-auth.unknown-ca": entry(
    "The server does not know the CA of the client certificate",
    "F3",
    "F7",
  ),
  "client-auth.expired": entry(
    "The server refuses the client certificate, which has expired",
    "F4",
  ),
  "client-auth.expiring": entry("The client's own certificate works now and ends soon", "F4"),
  "client-auth.revoked": entry(
    "The server refuses the client certificate, which its CA has revoked",
    "F4",
  ),
  "client-auth.unsupported": entry(
    "The server refuses the client certificate because of what it is for, or of what kind it is",
    "F6",
  ),
  "client-auth.chain-incomplete": entry(
    "The client sends its certificate without the CAs above it",
    "F7",
  ),
  "client-auth.key-mismatch": entry("The client's key does not belong to its certificate", "F8"),
  "client-auth.authorities-truncated": entry(
    "The server's list of accepted CAs is empty or cut off",
    "F9",
  ),
  "client-auth.optional": entry(
    "The server asks for a client certificate and goes on without one",
    "F10",
  ),
  "client-auth.not-listed": entry(
    "The server trusts the client certificate and does not know the client",
    "F11",
  ),
  "estate.not-judged": entry(
    "The chain was not judged: it would have cost more work than one verdict may",
  ),
  "estate.unused-entry": entry("An entry of the estate has no effect"),
  "estate.truststore-is-keystore": entry(
    "No truststore is configured, so the keystore is what the client trusts",
    "A24",
  ),
  "estate.store-type-forced": entry(
    "The runtime opens a store as another type than is declared, because of the file's name",
    "A24",
  ),
  "estate.store-type-differs": entry(
    "The type that a configuration declares for a store is not the type of the file",
    "A6",
    "A24",
  ),
  "estate.store-ambiguous": entry("Two files could be the store that a configuration means", "A24"),
  "estate.store-unusable": entry(
    "A store that the configuration names is missing, does not open or holds nothing of use",
    "A4",
    "A5",
    "A6",
    "A7",
  ),
  "estate.alias-missing": entry(
    "The configuration names an alias or a label that the store does not hold",
    "F8",
  ),
  "estate.filter-unmatched": entry(
    "An outbound filter fits no host that the server is known to dial, or has no effect",
    "A24",
  ),
  "estate.filter-conflict": entry(
    "Two rules of the configuration choose different SSL configurations for the same hosts",
    "A24",
  ),
  "estate.peer-check-off": entry(
    "A system dials with TLS and does not check the certificates of its peers",
  ),
  "estate.name-check-off": entry(
    "A system does not check whether certificates are for the hosts that it dials",
    "C18",
  ),
  "estate.name-check-changes": entry(
    "Names are not checked in this version, and will be from a later fix pack on",
    "C18",
  ),
  "estate.default-password": entry("The password of a store is one that everybody knows"),
  "estate.default-key": entry(
    "A password is encrypted with a key that is the same in every installation",
  ),
  "estate.unresolved-variable": entry(
    "A value of the configuration uses a variable that nothing defines",
    "A24",
  ),
  "estate.store-not-reread": entry(
    "A store was changed after its server had started, and the server does not read it again",
    "A20",
  ),
  "estate.include-refused": entry(
    "A configuration includes a file outside its folders, which was not read",
  ),
  "estate.file-unreadable": entry(
    "A file of the configuration cannot be read or is not well-formed",
  ),
  "estate.trust-flags": entry(
    "The flags of a gateway's trusted certificate do not fit what it is used for",
    "A23",
  ),
  "estate.client-subject-differs": entry(
    "A federated user has another name than the certificate that its client presents",
    "F11",
  ),
  "estate.client-auth-unconfigured": entry(
    "One side expects a client certificate, and a setting that it needs is missing",
    "F1",
    "F2",
  ),
  "estate.service-manager-mode": entry("Switches of Service Manager contradict each other", "F11"),
  "estate.plain-port": entry(
    "TLS is asked for on a port that is known for the plain protocol",
    "D7",
  ),
  "estate.no-server-name": entry(
    "A proxy sends no server name, or checks its servers against a name that no certificate has",
    "C6",
  ),
  "estate.no-common-parameters": entry(
    "By their configurations the two sides of a link allow no TLS version or cipher suite in common",
    "E1",
    "E2",
    "E3",
  ),
  "estate.client-certificate-unaccepted": entry(
    "A client's certificate is of none of the CAs whose clients the server accepts",
    "F3",
    "F5",
  ),
  "estate.shared-certificate": entry(
    "Listeners of several hosts present the same self-signed certificate",
    "B12",
  ),
};

/** Cases that no probe, truststore or configuration can show, and why; `explain` tells about them. */
export const UNSEEN_CASES: Readonly<Partial<Record<CaseId, string>>> = {
  A22: "Pins and trust managers of an application lie in its code: seen from outside, everything is in order",
  E11: "Sessions and tickets that members of a load balancer do not share trouble only clients that resume",
};

/** The codes that name a case, in the order of the table. */
export function codesOfCase(id: CaseId): readonly FindingCode[] {
  return (Object.keys(CATALOGUE) as readonly FindingCode[]).filter((code) =>
    CATALOGUE[code].cases.includes(id),
  );
}
