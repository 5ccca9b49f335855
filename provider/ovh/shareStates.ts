import { TerminalStateError } from "../core/errors";

/** States that a share does not leave by itself (NetAppShareStatusEnum, grouped as the control panel does). */
const FAILED: ReadonlySet<string> = new Set([
  "error",
  "error_deleting",
  "extending_error",
  "shrinking_error",
  "shrinking_possible_data_loss_error",
  "reverting_error",
  "manage_error",
  "unmanage_error",
]);
/** Settled, whether usable or not. Every other state, an undocumented one too, is busy. */
export const SETTLED: ReadonlySet<string> = new Set(["available", "inactive", "unmanaged", ...FAILED]);

/** Seconds that a wait may take where the program sets no limit. Making an empty share takes minutes at most. */
export const SHARE_LIMIT_SECONDS = 30 * 60;
/** A clone takes time in proportion to its snapshot's size, a resize too. */
export const CLONE_LIMIT_SECONDS = 60 * 60;

/**
 * How long "available" is no answer yet to a call that changes a share, in milliseconds: until then the service may just
 * not show that it has begun.
 */
export const BEGIN_MS = 10_000;

export function settledShare(outputs: { status?: string | undefined }): "settled" | "busy" | "failed" {
  if (outputs.status === "error") return "failed"; // only a creation ends in this state
  return outputs.status === undefined || SETTLED.has(outputs.status) ? "settled" : "busy";
}

/** States of a share that is on its way out, and never available again; some time after it is gone it may be listed as `deleted`. */
export const LEAVING: ReadonlySet<string> = new Set(["deleting", "deleted"]);

/** An error where a wait meets a share that somebody else is deleting. */
export const deletedByOthers = (id: string, state: string): TerminalStateError | undefined =>
  LEAVING.has(state)
    ? new TerminalStateError(
        `share ${id} is being deleted by somebody else. Run pulumi refresh when it is gone.`,
        state,
      )
    : undefined;
