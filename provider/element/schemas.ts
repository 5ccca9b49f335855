import { z } from "zod";
import { timeouts } from "../core/check";
import { qosProblem } from "./qos";
import { retentionSeconds } from "./retention";
import { MAX_VOLUME_SIZE, MIN_VOLUME_SIZE, toMebibytes } from "./sizes";

// The properties that more than one resource takes. Messages say what to do: Pulumi prints property and value itself.

/** An id of the API: a positive integer, a counter of the cluster. */
export const numericId = (what: string) =>
  z
    .number({ error: `must be ${what}, a number such as 42 (of a resource, the output that is a number: not its id)` })
    .int(`must be ${what}, a whole number`)
    .positive(`must be ${what}, a number above 0`);

export const volumeID = numericId("the ID of a volume");
export const snapshotID = numericId("the ID of a snapshot");

/** Length: GetLimits. Signs: the name becomes part of the volume's iqn, so all clients keep to these. */
export const volumeName = z
  .string({ error: "must be a text" })
  .min(1, "must not be empty: leave it out to have one made")
  .max(64, "must have at most 64 characters")
  .regex(/^[A-Za-z0-9-]*$/, "must have letters, digits and hyphens only: it becomes part of the volume's iqn");

export const snapshotName = z
  .string({ error: "must be a text" })
  .min(1, "must not be empty: leave it out to have one made")
  .max(255, "must have at most 255 characters");

export const snapMirrorLabel = z
  .string({ error: "must be a text" })
  .min(1, "must not be empty: leave it out instead")
  .max(31, "must have at most 31 characters");

export const access = z.enum(["readOnly", "readWrite", "locked", "replicationTarget"], {
  error: 'must be "readOnly", "readWrite", "locked" or "replicationTarget"',
});

/** The member of attributes in which this package keeps its mark. */
export const MEMBER = "holdfast";

/** Bytes as JSON that the API takes less than (Element API reference, attributes), without what our mark needs at most. */
const MOST_ATTRIBUTES = 1000 - 120;
export const attributes = z
  .record(z.string(), z.unknown(), { error: "must be an object with names and values" })
  .refine((given) => !Object.hasOwn(given, MEMBER), {
    error: `must not have a member ${MEMBER}: this package keeps its own mark there`,
  })
  .refine((given) => Buffer.byteLength(JSON.stringify(given)) < MOST_ATTRIBUTES, {
    error: `must be less than ${MOST_ATTRIBUTES} bytes as JSON: the service takes 1000, of which the mark of this package needs up to 120`,
  });

export const newSize = z
  .number({ error: "must be a number of bytes" })
  .int("must be a whole number of bytes")
  .min(MIN_VOLUME_SIZE, `must be at least ${MIN_VOLUME_SIZE} bytes: newSize counts bytes, not GiB`)
  .max(MAX_VOLUME_SIZE, `must be at most ${MAX_VOLUME_SIZE} bytes`)
  .transform(toMebibytes); // as the service stores it

const iops = z.number({ error: "must be a number" }).int("must be a whole number");
export const qos = z
  .strictObject(
    { minIOPS: iops, maxIOPS: iops, burstIOPS: iops },
    { error: "must be { minIOPS, maxIOPS, burstIOPS }, all three" },
  )
  .superRefine((given, context) => {
    const problem = qosProblem(given);
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem, input: given });
  });

export const qosPolicyID = numericId("the ID of a QoS policy");
export const accountID = numericId("the ID of an account");

/** A set: order and repetition mean nothing. */
export const volumeAccessGroupIDs = z
  .array(numericId("the ID of a volume access group"), { error: "must be a list of IDs of volume access groups" })
  .transform((ids) => [...new Set(ids)].sort((left, right) => left - right));

export const flag = z.boolean({ error: "must be true or false" });

export const retention = z
  .string({ error: 'must be a text such as "24:00:00"' })
  .refine((text) => retentionSeconds(text) !== undefined, 'must be hours, minutes and seconds such as "24:00:00"');

/** To the second, as the service keeps them. */
export const expirationTime = z
  .string({ error: 'must be a time such as "2026-11-21T09:00:00Z"' })
  // With Z or an offset: without one it would be another instant on each machine.
  .pipe(z.iso.datetime({ offset: true, error: 'must be an RFC 3339 time such as "2026-11-21T09:00:00Z"' }))
  .transform((text) => secondsOf(new Date(text)));

/** As the service writes times. */
export const secondsOf = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, "Z");

export { timeouts };
