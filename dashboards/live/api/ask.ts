/** What asking the daemon gave: its answer, or why there is none in a sentence. */
export type Asked =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly status: number | null; readonly message: string };

/** Milliseconds after which a daemon that does not answer counts as away. */
const PATIENCE = 20_000;

/** A path of the API, below wherever the page lies. */
export const apiUrl = (path: readonly string[], query = ""): string =>
  `api/v1/${path.map(encodeURIComponent).join("/")}${query}`;

/**
 * Asks the daemon.
 *
 * @param body - What is sent as JSON; without it the answer is only read.
 */
export const ask = async (url: string, body?: object): Promise<Asked> => {
  try {
    const response = await fetch(url, {
      cache: "no-cache",
      signal: AbortSignal.timeout(PATIENCE),
      ...(body === undefined
        ? {}
        : {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(body),
          }),
    });
    const value: unknown = await response.json();
    if (response.ok) return { ok: true, value };
    return { ok: false, status: response.status, message: detailOf(value, response.status) };
  } catch {
    return { ok: false, status: null, message: "The daemon does not answer" };
  }
};

/** The sentence of an error (RFC 9457). */
const detailOf = (problem: unknown, status: number): string => {
  const detail: unknown =
    typeof problem === "object" && problem !== null ? Reflect.get(problem, "detail") : undefined;
  return typeof detail === "string" ? detail : `The daemon answered with ${status}`;
};
