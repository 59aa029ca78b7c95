import { useSignal } from "@preact/signals";
import { ask } from "../api/ask.ts";

/** What became of something that was asked of the daemon on a press of a button. */
export interface Request<T> {
  readonly isRunning: boolean;
  readonly value: T | null;
  readonly error: string | null;
  readonly send: (url: string, body: object) => void;
}

/** Asks when somebody wants it; an answer to an earlier question is dropped. */
export const useRequest = <T>(): Request<T> => {
  const state = useSignal<Omit<Request<T>, "send">>({ isRunning: false, value: null, error: null });
  const turn = useSignal(0);
  const send = (url: string, body: object): void => {
    const mine = ++turn.value;
    state.value = { ...state.peek(), isRunning: true, error: null };
    void ask(url, body).then((asked) => {
      if (mine !== turn.peek()) return;
      state.value = asked.ok
        ? { isRunning: false, value: asked.value as T, error: null }
        : { isRunning: false, value: null, error: asked.message };
    });
  };
  return { ...state.value, send };
};
