/**
 * The one module that state points at: gives the SDK's provider host what runs a kind of resource. Loaded in provider
 * processes only, never by a user's program.
 */
import type * as pulumi from "@pulumi/pulumi";
import { systemClock } from "./core/clock";
import { connectEngine } from "./core/engine";
import { HoldfastError } from "./core/errors";
import { type HostedProvider, hostLifecycle } from "./core/host";
import { backendAddress } from "./core/identity";
import type { Lifecycle } from "./core/lifecycle";
import { createLookUp } from "./core/lookUp";
import { createManaged } from "./core/managed";
import type { HostContext } from "./core/operation";
import type { Properties } from "./core/properties";
import { readStackState, runningCli } from "./core/stackState";
import type { ResourceKind } from "./kinds";

/** Shortest delay between two reads of a wait in milliseconds. */
const POLL_FLOOR_MS = 250;

/** The configuration is the same for all kinds of a process: it belongs to the explicit provider, or to the stack. */
let config: pulumi.dynamic.Config | undefined;
let context: HostContext | undefined;
const providers = new Map<string, HostedProvider>();

/**
 * The provider of a kind. The host calls it once per kind and process.
 * @param kind the kind that the state names, such as `ovh:ShareClone`
 * @throws HoldfastError when this version does not know the kind
 */
export function provider(kind: string): HostedProvider {
  const known = providers.get(kind);
  if (known !== undefined) return known;
  context ??= processContext();
  const lifecycle = lifecycleOf(kind, context);
  if (lifecycle === undefined) {
    throw new HoldfastError(
      `This version of pulumi-holdfast does not know ${kind}: the state was written by a newer one.`,
    );
  }
  const hosted = hostLifecycle(kind as ResourceKind, lifecycle, context, (given) => {
    config = given;
  });
  providers.set(kind, hosted);
  return hosted;
}

function processContext(): HostContext {
  const floor = Number(process.env["HOLDFAST_POLL_MS"]);
  return {
    engine: connectEngine(),
    clock: systemClock,
    backend: backendAddress(process.env, process.cwd()),
    readState: readStackState(runningCli(), process.env),
    managed: createManaged(),
    lookUp: createLookUp(systemClock),
    pollFloorMs: floor > 0 ? floor : POLL_FLOOR_MS,
    random: Math.random,
  };
}

type Lifecycles = Partial<Record<ResourceKind, Lifecycle<Properties, Properties>>>;

/** The lifecycles of each system, made when the first of its kinds is asked for. */
const SYSTEMS: Readonly<Record<string, (context: HostContext) => Lifecycles>> = {
  ovh({ clock, engine }) {
    const { createFileStorages } = require("./ovh/client") as typeof import("./ovh/client");
    const { ovhLifecycles } = require("./ovh/lifecycles") as typeof import("./ovh/lifecycles");
    const { ovhConnection } = require("./ovh/connection") as typeof import("./ovh/connection");
    const { storageSettings } = require("./ovh/settings") as typeof import("./ovh/settings");
    const settings = () => storageSettings(get);
    return ovhLifecycles(
      createFileStorages({ transport: ovhConnection(get), clock, signal: engine.interrupted, settings }),
    );
  },
  element({ clock, engine }) {
    const { createElement } = require("./element/client") as typeof import("./element/client");
    const { elementLifecycles } = require("./element/lifecycles") as typeof import("./element/lifecycles");
    const { elementConnection } = require("./element/connection") as typeof import("./element/connection");
    const { storageSettings } = require("./element/settings") as typeof import("./element/settings");
    const warn = (message: string) => engine.log(undefined, message, "warning");
    const settings = () => storageSettings(get);
    return elementLifecycles(
      createElement({ connection: elementConnection(get, warn), clock, signal: engine.interrupted, settings, warn }),
    );
  },
};

const get = (key: string) => config?.get(key);
const made = new Map<string, Lifecycles>();

/** All kinds of one account share a client, so that they share connections, lists and polls. */
function lifecycleOf(kind: string, of: HostContext): Lifecycle<Properties, Properties> | undefined {
  const [system = ""] = kind.split(":");
  if (!Object.hasOwn(SYSTEMS, system)) return undefined;
  const all = made.get(system) ?? SYSTEMS[system]?.(of) ?? {};
  made.set(system, all);
  return Object.hasOwn(all, kind) ? all[kind as ResourceKind] : undefined; // a key of `all` is a kind
}
