import type { Peer } from "./cell.ts";
import type { Identities } from "./identities.ts";
import { opensslFacts } from "./openssl-facts.ts";
import { apachePeer } from "./peers/apache.ts";
import { gnutlsPeer } from "./peers/gnutls.ts";
import { goPeer } from "./peers/go.ts";
import { haproxyPeer } from "./peers/haproxy.ts";
import { javaPeers } from "./peers/java.ts";
import { nginxPeer } from "./peers/nginx.ts";
import { nodePeer } from "./peers/node.ts";
import { opensslPeer } from "./peers/s-server.ts";
import { stunnelPeer } from "./peers/stunnel.ts";

/** Starts a kind of server; nothing where it is not installed. */
export type StartPeers = (identities: Identities) => Promise<readonly Peer[]>;

const some = (peer: Peer | undefined): readonly Peer[] => (peer === undefined ? [] : [peer]);

/** Every kind of server of the matrix, in the order of its table. */
export const SERVER_KINDS: Readonly<Record<string, StartPeers>> = {
  "openssl s_server": async (identities) => [
    opensslPeer(identities, await opensslFacts(identities.openssl)),
  ],
  nginx: async (identities) =>
    some(await nginxPeer(identities, await opensslFacts(identities.openssl))),
  Apache: async (identities) =>
    some(await apachePeer(identities, await opensslFacts(identities.openssl))),
  HAProxy: async (identities) =>
    some(await haproxyPeer(identities, await opensslFacts(identities.openssl))),
  stunnel: async (identities) =>
    some(await stunnelPeer(identities, await opensslFacts(identities.openssl))),
  GnuTLS: async (identities) => some(await gnutlsPeer(identities)),
  Java: javaPeers,
  Go: async (identities) => some(await goPeer(identities)),
  Node: async (identities) => [nodePeer(identities, await opensslFacts(identities.openssl))],
};
