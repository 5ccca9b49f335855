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
import { createLookUp } from "./core/lookUp";
import { createManaged } from "./core/managed";
import type { HostContext } from "./core/operation";
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
  const all = lifecycles(context);
  const lifecycle = Object.hasOwn(all, kind) ? all[kind as ResourceKind] : undefined; // a key of `all` is a kind
  if (lifecycle === undefined) {
    throw new HoldfastError(
      `This version of pulumi-holdfast does not know ${kind}: the state was written by a newer one.`,
    );
  }
  const made = hostLifecycle(kind as ResourceKind, lifecycle, context, (given) => {
    config = given;
  });
  providers.set(kind, made);
  return made;
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

let ovh: ReturnType<typeof import("./ovh/lifecycles").ovhLifecycles> | undefined;

/** All kinds of one account share a client, so that they share connections, lists and polls. */
function lifecycles({ clock, engine }: HostContext) {
  if (ovh !== undefined) return ovh;
  const { createFileStorages } = require("./ovh/client") as typeof import("./ovh/client");
  const { ovhLifecycles } = require("./ovh/lifecycles") as typeof import("./ovh/lifecycles");
  const { ovhConnection } = require("./ovh/connection") as typeof import("./ovh/connection");
  const { storageSettings } = require("./ovh/settings") as typeof import("./ovh/settings");
  const get = (key: string) => config?.get(key);
  const settings = () => storageSettings(get);
  ovh = ovhLifecycles(
    createFileStorages({ transport: ovhConnection(get), clock, signal: engine.interrupted, settings }),
  );
  return ovh;
}
