import type { HelloShape } from "../tls/hello-shape.ts";

/** TLS_CHACHA20_POLY1305_SHA256 and the suites of RFC 7905, which JDK 12 brought (JEP 329). */
const CHACHA20: ReadonlySet<number> = new Set([0x1303, 0xcca8, 0xcca9, 0xccaa]);
/** X25519 and X448, which JSSE negotiates since JDK 13. */
const MONTGOMERY_CURVES: ReadonlySet<number> = new Set([0x001d, 0x001e]);
/** ed25519 and ed448, which JSSE accepts since JDK 15. */
const EDWARDS_SCHEMES: ReadonlySet<number> = new Set([0x0807, 0x0808]);
const SECP256R1 = 0x0017;

const without = (codes: readonly number[], removed: ReadonlySet<number>): readonly number[] =>
  codes.filter((code) => !removed.has(code));

/** JSSE of JDK 11, and of JDK 8 since 8u341: that of 17 without what came between them. */
export function olderJavaHello(jdk17: HelloShape): HelloShape {
  return {
    ...jdk17,
    cipherSuites: without(jdk17.cipherSuites, CHACHA20),
    groups: without(jdk17.groups, MONTGOMERY_CURVES),
    keyShares: [SECP256R1],
    signatureSchemes: without(jdk17.signatureSchemes, EDWARDS_SCHEMES),
    certificateSignatureSchemes: without(jdk17.certificateSignatureSchemes, EDWARDS_SCHEMES),
  };
}

const SESSION_TICKET = 0x0023;
const SUPPORTED_VERSIONS = 0x002b;
const RENEGOTIATION_INFO = 0xff01;
const SERVER_NAME = 0x0000;
const STATUS_REQUEST = 0x0005;
const SUPPORTED_GROUPS = 0x000a;
const EC_POINT_FORMATS = 0x000b;
const SIGNATURE_ALGORITHMS = 0x000d;
const EXTENDED_MASTER_SECRET = 0x0017;
const PSK_KEY_EXCHANGE_MODES = 0x002d;
const KEY_SHARE = 0x0033;

const NOTHING_SPECIAL = {
  recordVersion: 0x0301,
  legacyVersion: 0x0303,
  compressionMethods: [0],
  certificateSignatureSchemes: [],
  certificateCompression: [],
  recordSizeLimit: null,
  maxFragmentLength: null,
  alpn: [],
} satisfies Partial<HelloShape>;

/** Schannel of Windows Server 2022 and Windows 11, the order of suites as Microsoft documents it. */
export const SCHANNEL_HELLO: HelloShape = {
  ...NOTHING_SPECIAL,
  recordVersion: 0x0303,
  sessionIdLength: 32,
  versions: [0x0304, 0x0303],
  cipherSuites: [
    0x1302, 0x1301, 0xc02c, 0xc02b, 0xc030, 0xc02f, 0x009f, 0x009e, 0xc024, 0xc023, 0xc028, 0xc027,
    0xc00a, 0xc009, 0xc014, 0xc013, 0x009d, 0x009c, 0x003d, 0x003c, 0x0035, 0x002f,
  ],
  groups: [0x001d, 0x0017, 0x0018],
  keyShares: [0x001d],
  signatureSchemes: [
    0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0201, 0x0403, 0x0503, 0x0203, 0x0202, 0x0601, 0x0603,
  ],
  extensions: [
    SUPPORTED_VERSIONS,
    SERVER_NAME,
    STATUS_REQUEST,
    SUPPORTED_GROUPS,
    EC_POINT_FORMATS,
    SIGNATURE_ALGORITHMS,
    SESSION_TICKET,
    EXTENDED_MASTER_SECRET,
    PSK_KEY_EXCHANGE_MODES,
    KEY_SHARE,
    RENEGOTIATION_INFO,
  ],
};

/** GSKit 8 with the default TLS 1.2 configuration of IBM HTTP Server 9, which has no TLS 1.3 switched on. */
export const GSKIT_HELLO: HelloShape = {
  ...NOTHING_SPECIAL,
  recordVersion: 0x0303,
  sessionIdLength: 0,
  versions: [0x0303],
  cipherSuites: [
    0xc02c, 0xc02b, 0xc030, 0xc02f, 0x009d, 0x009c, 0xc024, 0xc023, 0xc028, 0xc027, 0xc00a, 0xc009,
    0xc014, 0xc013, 0x003d, 0x003c, 0x0035, 0x002f, 0x00ff,
  ],
  groups: [0x0017, 0x0018, 0x0019],
  keyShares: [],
  signatureSchemes: [
    0x0401, 0x0501, 0x0601, 0x0301, 0x0201, 0x0403, 0x0503, 0x0603, 0x0303, 0x0203,
  ],
  extensions: [SERVER_NAME, SUPPORTED_GROUPS, EC_POINT_FORMATS, SIGNATURE_ALGORITHMS],
};
