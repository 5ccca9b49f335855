/** Whether a version of the API such as `12.5` is at least another one. */
export function isAtLeast(version: string, least: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split(".").map(Number);
  return major === leastMajor ? minor >= leastMinor : major > leastMajor;
}

/** The first version with every call that is made here: CancelClone and ListAsyncResults are the youngest. */
export const LEAST_VERSION = "9.0";
/** The version from which on ModifySnapshot takes a name: older pages and the vendor's SDK for 12.3 do not have it. */
export const RENAMING_VERSION = "12.5";

/** Parameters that the versions before would ignore without an error (gates of the vendor's Python SDK). */
export const SINCE = {
  enableSnapMirrorReplication: "10.1",
  qosPolicyID: "10.0",
  snapMirrorLabel: "10.0",
  ensureSerialCreation: "12.2",
} as const;
