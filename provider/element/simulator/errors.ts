import type { Settings } from "./options";

/** An API error: HTTP 200, with `error` in the body (spec 2.3, 12). */
export class ElementError extends Error {
  /** The x-name. */
  readonly xName: string;
  constructor(xName: string, message: string) {
    super(message);
    this.xName = xName;
  }
}

/** An API error with a name and a message. */
export const fail = (xName: string, message: string): ElementError => new ElementError(xName, message);

/** A parameter that makes no sense. */
export const invalid = (message: string): ElementError => fail("xInvalidParameter", message);

/** A length, count or size beyond a limit; which name is a switch. */
export const outOfRange = (settings: Settings, message: string): ElementError => fail(settings.outOfRange, message);

/** The message differs between methods (spec 12). */
export const noVolume = (id: number, by: "VolumeID" | "Volume" = "VolumeID"): ElementError =>
  fail("xVolumeIDDoesNotExist", by === "VolumeID" ? `VolumeID ${id} does not exist.` : `Volume ${id} does not exist`);

/** The name is known, the message is our assumption. */
export const noSnapshot = (id: number): ElementError =>
  fail("xSnapshotIDDoesNotExist", `SnapshotID ${id} does not exist.`);

/** Spec 12. */
export const noAccount = (id: number): ElementError => fail("xAccountIDDoesNotExist", `Illegal AccountID ${id}`);

/** The name is known, the message is our assumption. */
export const noAccessGroup = (id: number): ElementError =>
  fail("xVolumeAccessGroupIDDoesNotExist", `VolumeAccessGroupID ${id} does not exist.`);

/** The name is known, the message is our assumption. */
export const noQoSPolicy = (id: number): ElementError =>
  fail("xQoSPolicyDoesNotExist", `QoSPolicyID ${id} does not exist.`);

/** Two names are known for the same thing (spec 4.1). */
export const noHandle = ({ missingHandle }: Settings, handle: number): ElementError =>
  missingHandle === "xDBNoSuchPath"
    ? fail(missingHandle, `DBClient operation requested on a non-existent path at [/asyncresults/${handle}]`)
    : fail(missingHandle, `Async handle ${handle} does not exist.`);
