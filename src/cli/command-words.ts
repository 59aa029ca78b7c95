import type { CheckOptions } from "./check.ts";

/** Everything of a command line but how clients are judged and where to dial, that changes what `check` sees. */
export function repeatedWords(options: Partial<CheckOptions>): readonly string[] {
  const { proxy, at, requestMethod, expectStatus, phaseTimeout } = options;
  const values: Readonly<Record<string, string | readonly string[] | undefined>> = {
    "--cert": options.cert,
    "--key": options.key,
    "--keystore": options.keystore,
    "--keystore-password": options.keystorePassword,
    "--key-password": options.keyPassword,
    "--alias": options.alias,
    "--key-manager": options.keyManager,
    "--proxy": proxy === undefined ? undefined : proxyText(proxy),
    "--proxy-password": options.proxyPassword,
    "--proxy-truststore": options.proxyTruststore,
    "--proxy-protocol": options.proxyProtocol,
    "--source": options.source,
    "--resolver": options.resolver,
    "--address": options.address,
    "--phase-timeout": phaseTimeout === undefined ? undefined : String(phaseTimeout / 1000),
    "--hello": options.hello,
    "--crl": options.crl,
    "--revocation": options.revocation,
    "--request": options.request,
    "--request-method": requestMethod,
    "--expect-status": expectStatus?.join(","),
    "--at": at === undefined ? undefined : new Date(at).toISOString(),
  };
  return wordsOf(values);
}

/** The part of a command line that says how a client is described by options. @param profile as `--as` takes it */
export function clientWords(
  options: {
    readonly truststore?: readonly string[] | undefined;
    readonly truststorePassword?: string | undefined;
    readonly nameCheck?: string | undefined;
  },
  profile: string,
): readonly string[] {
  return wordsOf({
    "--truststore": options.truststore,
    "--truststore-password": options.truststorePassword,
    "--name-check": options.nameCheck,
    "--as": profile,
  });
}

function wordsOf(
  values: Readonly<Record<string, string | readonly string[] | undefined>>,
): readonly string[] {
  return Object.entries(values).flatMap(([option, value]) => {
    if (value === undefined) return [];
    return (typeof value === "string" ? [value] : value).flatMap((each) => [option, each]);
  });
}

function proxyText({ kind, host, port, username }: NonNullable<CheckOptions["proxy"]>): string {
  const user = username === null ? "" : `${encodeURIComponent(username)}@`;
  return `${kind}://${user}${host.includes(":") ? `[${host}]` : host}:${port}`;
}
