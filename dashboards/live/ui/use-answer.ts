import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ask } from "../api/ask.ts";

/** What the daemon answered to a question that is asked again when something changes. */
export interface Answer<T> {
  /** The latest answer; it stays while the next one is on its way. Undefined before the first. */
  readonly value: T | undefined;
  /** Why there is no newer answer; null while all is well. */
  readonly error: string | null;
  readonly isMissing: boolean;
}

/** Milliseconds between two questions for the same. */
const PAUSE = 1_500;

/**
 * Asks the daemon, and again whenever `version` differs.
 *
 * @param url - Null asks nothing.
 */
export const useAnswer = <T>(url: string | null, version: number | string): Answer<T> => {
  const answer = useSignal<Answer<T> & { readonly url: string | null }>({
    url: null,
    value: undefined,
    error: null,
    isMissing: false,
  });
  const lastAsked = useRef(0);
  useEffect(() => {
    if (url === null) return undefined;
    let isWanted = true;
    const isSame = answer.peek().url === url;
    const wait = isSame ? Math.max(0, lastAsked.current + PAUSE - Date.now()) : 0;
    const timer = setTimeout(() => {
      lastAsked.current = Date.now();
      void ask(url).then((asked) => {
        if (!isWanted) return;
        const before = answer.peek();
        answer.value = asked.ok
          ? { url, value: asked.value as T, error: null, isMissing: false }
          : {
              url,
              value: before.url === url ? before.value : undefined,
              error: asked.message,
              isMissing: asked.status === 404,
            };
      });
    }, wait);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [url, version]);
  // what was told of another thing is no answer
  return answer.value.url === url
    ? answer.value
    : { value: undefined, error: null, isMissing: false };
};
