import { InterruptedError } from "./errors";

export const ended = (what: string) =>
  new InterruptedError(`Interrupted: ${what}. Run the same command again to go on.`);

/** The answer, or an end at once when the user interrupts: a slow service must not keep anybody waiting. */
export function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal, call: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(ended(`${call} had no answer yet`));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
