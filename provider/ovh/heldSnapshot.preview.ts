import { knownText } from "../core/check";
import type { CheckFailure, CheckResult, Preview } from "../core/lifecycle";
import { isUnknown } from "../core/unknowns";
import type { FileStorage } from "./client";
import { within } from "./patience";
import { unfitSelection } from "./selectPoint";

/** How old a list may be that a check decides with, in milliseconds: several of one program share it. */
const CHECK_AGE_MS = 2000;

/**
 * A moment in the past has its answer already: where the service can be asked, it is there before anything is done. Only
 * before a hold, for what is held stays so.
 */
export async function checkMoment(
  storageOf: (serviceName: string) => FileStorage,
  checked: CheckResult,
  preview: Preview,
): Promise<CheckFailure[]> {
  const { select, onlyIfNewer } = checked.inputs;
  if (!preview.creating || checked.failures.length > 0 || typeof select !== "object" || select === null) return [];
  const { before, namePrefix }: { before?: unknown; namePrefix?: unknown } = select;
  if (typeof before !== "string" || isUnknown(before) || isUnknown(namePrefix)) return [];
  if (Date.parse(before) > preview.now()) {
    preview.warn(
      `select.before ${before} is in the future: this is the newest point there is. A local time needs its offset, as in 2026-11-27T14:09:57+01:00.`,
    );
  }
  const [serviceName, shareId] = [knownText(checked, "serviceName"), knownText(checked, "shareId")];
  if (serviceName === undefined || shareId === undefined) return [];
  const storage = storageOf(serviceName);
  const snapshots = await preview.lookUp(async (patience) => {
    await storage.ready();
    return within(storage, patience).share(shareId).snapshots.recent(CHECK_AGE_MS);
  });
  if (snapshots === undefined) return [];
  const selection = {
    before,
    ...(typeof namePrefix === "string" ? { namePrefix } : {}),
    onlyIfNewer: onlyIfNewer !== false,
  };
  const reason = unfitSelection(snapshots, selection, shareId, preview.managed("ovh:HeldSnapshot"));
  return reason === undefined ? [] : [{ property: "select", reason }];
}
