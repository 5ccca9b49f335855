import type { Waiting } from "../core/lifecycle";
import { isNotReady } from "./refusal";

const READY_LIMIT_SECONDS = 600;

interface Sending {
  /** What a refusal is waited out for, as the resource's row shows it; `undefined` for one that stands. */
  passing(error: unknown): string | undefined;
  /** What a timeout calls it. */
  activity: string;
  limitSeconds: number;
}

/** Sends a call, and again as long as its refusal passes: such a one had no effect. */
export async function untilTaken<T>(
  operation: Waiting,
  send: () => Promise<T>,
  { passing, activity, limitSeconds }: Sending,
): Promise<T> {
  const answer = await operation.wait<{ sent: T } | { reason: string }>({
    read: async () => {
      try {
        return { sent: await send() };
      } catch (error) {
        const reason = passing(error);
        if (reason === undefined) throw error;
        return { reason };
      }
    },
    state: (given) => ("reason" in given ? given.reason : "taken"),
    judge: (_, given) => ("sent" in given ? "done" : "busy"),
    absent: "tolerate",
    activity,
    limitSeconds,
  });
  if (answer !== undefined && "sent" in answer) return answer.sent;
  throw new Error("a wait that ends without an answer");
}

/** As `untilTaken`, as long as the volume says that it is not ready. */
export const whenReady = <T>(volume: string, operation: Waiting, send: () => Promise<T>): Promise<T> =>
  untilTaken(operation, send, {
    passing: (error) => (isNotReady(error) ? `waiting for ${volume} to be ready` : undefined),
    activity: `waiting for ${volume} to be ready`,
    limitSeconds: READY_LIMIT_SECONDS,
  });
