import { type HostedProvider, hostLifecycle } from "../../../provider/core/host";
import { createHttp, type Http } from "../../../provider/core/http";
import { createLookUp } from "../../../provider/core/lookUp";
import { createManaged } from "../../../provider/core/managed";
import type { HostContext } from "../../../provider/core/operation";
import type { ReadState } from "../../../provider/core/stackState";
import type { ElementAccount } from "../../../provider/element/account";
import { createElement, type Element } from "../../../provider/element/client";
import { inConfiguration } from "../../../provider/element/credentials";
import { elementLifecycles } from "../../../provider/element/lifecycles";
import { type Reached, reach } from "../../../provider/element/reach";
import { type StorageSettings, storageSettings } from "../../../provider/element/settings";
import type { ResourceKind } from "../../../provider/kinds";
import type { ElementSimulator } from "../../../provider/simulators";
import type { JumpingClock } from "../../support/clock";
import type { ProviderProcess as DrivenProcess } from "../../support/process";

/** A provider process that uses a cluster. */
export interface ProviderProcess extends DrivenProcess {
  readonly element: Element;
}

export interface ProcessOptions {
  backend?: string;
  /** The caller's own, which it closes itself. */
  http?: Http;
  account?: Partial<ElementAccount>;
  readState?: ReadState;
  settings?: Partial<StorageSettings>;
}

/** Starts one. */
export function startProcess(
  simulator: ElementSimulator,
  clock: JumpingClock,
  { account: given, http, ...options }: ProcessOptions = {},
): ProviderProcess {
  const interruption = new AbortController();
  const logs: ProviderProcess["logs"] = [];
  const log = (urn: string | undefined, message: string, severity: string) =>
    void logs.push({ urn, message, severity });
  const context: HostContext = {
    engine: { interrupted: interruption.signal, log },
    clock,
    backend: options.backend ?? "file:///state",
    readState: options.readState ?? (async () => ({ ids: new Set(), resources: [], interrupted: new Set() })),
    managed: createManaged(),
    lookUp: createLookUp(clock),
    pollFloorMs: 250,
    random: () => 0.5,
  };
  const warn = (message: string) => log(undefined, message, "warning");
  const account: ElementAccount = {
    endpoint: new URL(simulator.url),
    ...simulator.credentials,
    apiVersion: undefined,
    caCert: simulator.caCert,
    verifyCertificate: true,
    wording: inConfiguration,
    ...given,
  };
  const { caCert, verifyCertificate } = account;
  const own = http ?? createHttp({ maxInFlight: 6, trust: { certificates: caCert, verify: verifyCertificate } });
  let reached: Promise<Reached> | undefined;
  const connection = () => {
    // Time stands still while an answer is under way, and passes in the pauses between attempts.
    const exchange: Http["exchange"] = (request) => clock.during(() => own.exchange(request));
    const signal = interruption.signal;
    reached ??= reach(account, { warn, clock, signal, http: { ...own, exchange } });
    return reached;
  };
  const element = createElement({
    connection,
    clock,
    signal: interruption.signal,
    settings: () => ({ ...storageSettings(() => undefined), ...options.settings }),
    warn,
  });
  const lifecycles = elementLifecycles(element);
  const hosts = new Map<ResourceKind, HostedProvider>();
  return {
    clock,
    element,
    logs,
    host(kind) {
      const lifecycle = lifecycles[kind];
      if (lifecycle === undefined) throw new Error(`There is no ${kind}`);
      const made = hosts.get(kind) ?? hostLifecycle(kind, lifecycle, context, () => {});
      hosts.set(kind, made);
      return made;
    },
    interrupt: () => interruption.abort(),
    close: async () => {
      const to = await reached?.catch(() => undefined);
      await to?.close();
      if (http === undefined) await own.close();
    },
  };
}
