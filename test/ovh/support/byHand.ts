import { onTestFinished } from "vitest";
import { systemClock } from "../../../provider/core/clock";
import { createFileStorages, type FileStorage } from "../../../provider/ovh/client";
import { ovhTransport } from "../../../provider/ovh/transport";
import type { OvhSimulator } from "../../../provider/simulators";

/** The simulated service for what somebody makes by hand, in real time and beside the program. */
export function byHand(simulator: OvhSimulator): FileStorage {
  const { applicationKey, applicationSecret, consumerKey } = simulator.credentials;
  const transport = ovhTransport({
    endpoint: simulator.url,
    apiUrl: new URL(simulator.url),
    credentials: { kind: "applicationKeys", applicationKey, applicationSecret, consumerKey },
    source: "environment",
  });
  onTestFinished(() => transport.close());
  const options = { transport: async () => transport, clock: systemClock, signal: new AbortController().signal };
  return createFileStorages(options)(simulator.serviceName);
}
