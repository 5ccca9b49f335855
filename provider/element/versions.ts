import { HoldfastError } from "../core/errors";
import type { Element } from "./client";

/** Whether a version of the API such as `12.5` is at least another one. */
export function isAtLeast(version: string, least: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split(".").map(Number);
  return major === leastMajor ? minor >= leastMinor : major > leastMajor;
}

/** The first version with every call that is made here: CancelClone and ListAsyncResults are the youngest. */
export const LEAST_VERSION = "9.0";
/** The version from which on ModifySnapshot takes a name: the reference of Element 12.5 has it, the vendor's SDK for 12.3 not. */
export const RENAMING_VERSION = "12.5";

/** Parameters that the versions before would ignore without an error (gates of the vendor's Python SDK). */
const SINCE: Readonly<Record<string, string>> = {
  enableSnapMirrorReplication: "10.1",
  qosPolicyID: "10.0",
  snapMirrorLabel: "10.0",
  ensureSerialCreation: "12.2",
};

/** Refuses an input that the version in use would ignore without a word. */
export async function refuseIgnored(element: Element, inputs: object): Promise<void> {
  const version = await element.apiVersion();
  for (const [key, least] of Object.entries(SINCE)) {
    if (Reflect.get(inputs, key) === undefined || isAtLeast(version, least)) continue;
    throw new HoldfastError(
      `${key} needs version ${least} of the API, and ${version} is in use, which would ignore it. Take it out, or set element:apiVersion to a later one that the cluster has.`,
    );
  }
}
