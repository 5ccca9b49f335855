/** A value fetched once and shared by all who need it, concurrent first callers included. A failure is not kept. */
export interface Renewable<T extends object> {
  get(): Promise<T>;
  /** Fetches again unless somebody has already replaced `stale`. */
  renew(stale: T): Promise<T>;
}

export function renewable<T extends object>(fetch: () => Promise<T>): Renewable<T> {
  let pending: Promise<T> | undefined;
  let latest: T | undefined;
  const get = (): Promise<T> => {
    pending ??= fetch().then(
      (value) => {
        latest = value;
        return value;
      },
      (error: unknown) => {
        pending = undefined;
        throw error;
      },
    );
    return pending;
  };
  return {
    get,
    renew(stale) {
      if (latest === stale) {
        latest = undefined;
        pending = undefined;
      }
      return get();
    },
  };
}
