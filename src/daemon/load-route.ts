import type { EstateProxy, EstateRoute } from "../estate/route.ts";
import { MAX_CREDENTIAL_BYTES } from "../probe/routes/proxy-url.ts";
import type { Proxy, Route } from "../probe/routes/route.ts";
import { readPemBlocks, writePem } from "../x509/pem.ts";
import { fail, ok, type Result } from "../x509/result.ts";
import type { ReadSecret } from "./identity.ts";
import { readBounded } from "./read-bounded.ts";

/** Reads what the way to an endpoint needs. The error is one sentence and shows no secret. */
export async function loadRoute(
  { proxy, ...route }: EstateRoute,
  readSecret: ReadSecret,
): Promise<Result<Route, string>> {
  if (proxy === null) return ok({ ...route, proxy });
  const loaded = await loadProxy(proxy, readSecret);
  return loaded.ok ? ok({ ...route, proxy: loaded.value }) : loaded;
}

async function loadProxy(
  { username, password: reference, truststore, ...place }: EstateProxy,
  readSecret: ReadSecret,
): Promise<Result<Proxy, string>> {
  const password = reference === null ? ok("") : await readSecret(reference);
  if (!password.ok)
    return fail(
      `The password of the proxy ${place.host} cannot be read: ${password.error.message}`,
    );
  if (Buffer.byteLength(password.value) > MAX_CREDENTIAL_BYTES)
    return fail(
      `The password of the proxy ${place.host} is longer than ${MAX_CREDENTIAL_BYTES} bytes`,
    );
  const anchors = truststore === null ? ok(null) : await readAnchors(truststore);
  if (!anchors.ok) return anchors;
  return ok({
    ...place,
    credentials: username === null ? null : { username, password: password.value },
    anchors: anchors.value,
  });
}

/** The certificates of PEM files, one text each. */
export async function readAnchors(
  paths: readonly string[],
): Promise<Result<readonly string[], string>> {
  const anchors: string[] = [];
  for (const path of paths) {
    const text = await readBounded(path);
    if (!text.ok) return text;
    const blocks = readPemBlocks(text.value);
    if (!blocks.ok) return fail(`${path} is not PEM: ${blocks.error.message}`);
    for (const { label, der } of blocks.value)
      if (label === "CERTIFICATE") anchors.push(writePem(label, der));
  }
  return anchors.length === 0 ? fail(`${paths.join(", ")}: no certificate`) : ok(anchors);
}
