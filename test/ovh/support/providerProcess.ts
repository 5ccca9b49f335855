import { type HostedProvider, hostLifecycle } from "../../../provider/core/host";
import type { Http } from "../../../provider/core/http";
import { createLookUp } from "../../../provider/core/lookUp";
import { createManaged } from "../../../provider/core/managed";
import type { HostContext } from "../../../provider/core/operation";
import type { ReadState } from "../../../provider/core/stackState";
import type { ResourceKind } from "../../../provider/kinds";
import { createFileStorages, type FileStorage } from "../../../provider/ovh/client";
import { ovhLifecycles } from "../../../provider/ovh/lifecycles";
import { type StorageSettings, storageSettings } from "../../../provider/ovh/settings";
import { ovhTransport } from "../../../provider/ovh/transport";
import type { OvhSimulator } from "../../../provider/simulators";
import type { JumpingClock } from "../../support/clock";
import type { ProviderProcess as DrivenProcess } from "../../support/process";

/** A provider process that uses OVHcloud. */
export interface ProviderProcess extends DrivenProcess {
  storageOf(serviceName: string): FileStorage;
}

export interface ProcessOptions {
  /** Another address than the simulator's own. */
  apiUrl?: string;
  backend?: string;
  /** The caller's own, which it closes itself. */
  http?: Http;
  /** Logs in with OAuth2 instead of signing its requests. */
  serviceAccount?: boolean;
  readState?: ReadState;
  settings?: Partial<StorageSettings>;
}

/** Starts one. */
export function startProcess(
  simulator: OvhSimulator,
  clock: JumpingClock,
  options: ProcessOptions = {},
): ProviderProcess {
  const { applicationKey, applicationSecret, consumerKey, clientId, clientSecret, tokenUrl } = simulator.credentials;
  const transport = ovhTransport(
    {
      endpoint: options.apiUrl ?? simulator.url,
      apiUrl: new URL(options.apiUrl ?? simulator.url),
      credentials: options.serviceAccount
        ? { kind: "oauth2", clientId, clientSecret }
        : { kind: "applicationKeys", applicationKey, applicationSecret, consumerKey },
      ...(options.serviceAccount ? { tokenUrl: new URL(tokenUrl) } : {}),
      source: "stack configuration",
    },
    { clock, ...(options.http ? { http: options.http } : {}) },
  );
  const interruption = new AbortController();
  const logs: ProviderProcess["logs"] = [];
  const context: HostContext = {
    engine: {
      interrupted: interruption.signal,
      log: (urn, message, severity) => void logs.push({ urn, message, severity }),
    },
    clock,
    backend: options.backend ?? "file:///state",
    readState: options.readState ?? (async () => ({ ids: new Set(), resources: [], interrupted: new Set() })),
    managed: createManaged(),
    lookUp: createLookUp(clock),
    pollFloorMs: 250,
    random: () => 0.5,
  };
  const storageOf = createFileStorages({
    transport: async () => ({
      ...transport,
      send: (...call) => clock.during(() => transport.send(...call)),
    }),
    clock,
    signal: interruption.signal,
    settings: () => ({ ...storageSettings(() => undefined), ...options.settings }),
  });
  const lifecycles = ovhLifecycles(storageOf);
  const hosts = new Map<ResourceKind, HostedProvider>();
  return {
    clock,
    storageOf,
    logs,
    host(kind) {
      const known = hosts.get(kind);
      if (known !== undefined) return known;
      const lifecycle = lifecycles[kind];
      if (lifecycle === undefined) throw new Error(`There is no ${kind}`);
      const made = hostLifecycle(kind, lifecycle, context, () => {});
      hosts.set(kind, made);
      return made;
    },
    interrupt: () => interruption.abort(),
    close: () => transport.close(),
  };
}
