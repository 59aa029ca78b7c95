import type { ExtendedMessage } from "../handshake.ts";
import { Abort } from "./abort.ts";
import { extensionName } from "./extension-names.ts";
import { ExtensionType } from "./extensions.ts";

/**
 * Where a TLS 1.3 server may put the extensions that the engine knows (RFC 8446 section 4.2, RFC 8449,
 * RFC 8879, RFC 6962). Others may stand anywhere.
 */
const PLACES: ReadonlyMap<number, readonly ExtendedMessage[]> = new Map([
  [ExtensionType.serverName, ["EncryptedExtensions"]],
  [ExtensionType.maxFragmentLength, ["EncryptedExtensions"]],
  [ExtensionType.statusRequest, ["Certificate", "CertificateRequest"]],
  [ExtensionType.supportedGroups, ["EncryptedExtensions"]],
  [ExtensionType.signatureAlgorithms, ["CertificateRequest"]],
  [ExtensionType.alpn, ["EncryptedExtensions"]],
  [ExtensionType.signedCertificateTimestamp, ["Certificate", "CertificateRequest"]],
  [ExtensionType.compressCertificate, ["CertificateRequest"]],
  [ExtensionType.recordSizeLimit, ["EncryptedExtensions"]],
  [ExtensionType.preSharedKey, ["ServerHello"]],
  [ExtensionType.earlyData, ["EncryptedExtensions", "NewSessionTicket"]],
  [ExtensionType.supportedVersions, ["ServerHello", "HelloRetryRequest"]],
  [ExtensionType.cookie, ["HelloRetryRequest"]],
  [ExtensionType.certificateAuthorities, ["CertificateRequest"]],
  [ExtensionType.signatureAlgorithmsCert, ["CertificateRequest"]],
  [ExtensionType.keyShare, ["ServerHello", "HelloRetryRequest"]],
  [ExtensionType.ecPointFormats, []],
  [ExtensionType.padding, []],
  [ExtensionType.encryptThenMac, []],
  [ExtensionType.extendedMasterSecret, []],
  [ExtensionType.sessionTicket, []],
  [ExtensionType.pskKeyExchangeModes, []],
  [ExtensionType.renegotiationInfo, []],
]);

/**
 * Refuses extensions of a TLS 1.3 server that stand in the wrong message or answer none of ours (RFC 8446
 * section 4.2). A cookie is the one that may come unasked.
 * @throws {Abort}
 */
export function checkAnswers(
  codes: Iterable<number>,
  message: ExtendedMessage,
  offered: ReadonlySet<number>,
): void {
  for (const code of codes) {
    if (PLACES.get(code)?.includes(message) === false)
      throw new Abort(
        "parameter-unsupported",
        "illegal_parameter",
        `Server sent extension ${extensionName(code)} in its ${message}, where it may not stand`,
      );
    if (!offered.has(code) && code !== ExtensionType.cookie)
      throw new Abort(
        "parameter-unsupported",
        "unsupported_extension",
        `Server answered extension ${extensionName(code)}, which was not offered`,
      );
  }
}
