import type { Collection } from "../core/collection";
import type { FileStorage } from "./client";

/** The same service for who can't wait: its lists are shared with all others, and given up with the signal. */
export const within = (storage: FileStorage, patience: AbortSignal): FileStorage => ({
  ...storage,
  shares: hurried(storage.shares, patience),
  share: (id) => {
    const contents = storage.share(id);
    return {
      ...contents,
      snapshots: hurried(contents.snapshots, patience),
      accessRules: hurried(contents.accessRules, patience),
    };
  },
});

const hurried = <T>(collection: Collection<T>, patience: AbortSignal): Collection<T> => ({
  ...collection,
  kept: () => collection.kept(patience),
  recent: (maxAgeMs) => collection.recent(maxAgeMs, patience),
});
