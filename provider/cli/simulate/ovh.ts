import { simulateOvh } from "../../simulators";
import { type System, textOf, wholeNumber } from "./system";

export const ovh: System = {
  title: "OVHcloud Enterprise File Storage",
  options: { "snapshot-every": "string", "requests-per-second": "string" },
  prepare(order, err) {
    const { port, stepMs, stateFile, log } = order;
    const every = textOf(order, "snapshot-every");
    const most = textOf(order, "requests-per-second");
    const options = {
      port,
      stepMs,
      ...(every === undefined ? {} : { snapshotEveryMs: wholeNumber(every, "--snapshot-every", 1, 86_400) * 1000 }),
      ...(most === undefined ? {} : { requestsPerSecond: wholeNumber(most, "--requests-per-second", 1, 1_000_000) }),
      ...(stateFile === undefined ? {} : { stateFile }),
    };
    return async () => {
      const { environment, close } = await simulateOvh({
        ...options,
        onCall({ method, path, query, status }) {
          if (log) err(`${status || "reset"} ${method} ${path}${query && "?"}${query}\n`);
        },
      });
      // the vendor's tools refuse two kinds of credentials
      return { environment, conflicting: ["OVH_CLIENT_ID", "OVH_CLIENT_SECRET", "OVH_ACCESS_TOKEN"], close };
    };
  },
};
