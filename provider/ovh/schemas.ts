import { z } from "zod";
import { timeouts } from "../core/check";

// The properties that more than one resource takes. Messages say what to do: Pulumi prints property and value itself.

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const MAX_TEXT = 255;

/** An id of the API: a UUID, whatever its version. */
export const uuid = (what: string) =>
  z
    .string({ error: `must be ${what}, a text` })
    .min(1, { error: `is empty: set it to ${what}`, abort: true })
    .regex(UUID, `must be ${what}, a UUID such as 0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9, not a display name`)
    .toLowerCase(); // as the service writes them

export const serviceName = uuid("the ID of the Enterprise File Storage service");
export const shareId = uuid("the ID of a share");
export const snapshotId = uuid("the ID of a snapshot");
export const snapshotPolicyId = uuid("the ID of a snapshot policy");

export const name = z
  .string({ error: "must be a text" })
  .min(1, "must not be empty: leave it out to have one made")
  .max(MAX_TEXT, `must have at most ${MAX_TEXT} characters`);

export const description = z
  .string({ error: "must be a text" })
  .max(MAX_TEXT, `must have at most ${MAX_TEXT} characters`);

/** GiB. Minimum and step: OVHcloud guide "Enterprise File Storage - Concepts". */
export const SMALLEST_SHARE_GIB = 100;
/** Far above the 58 TiB that a service can have (the same guide): whoever writes more means another unit. */
const LARGEST_MEANT_GIB = 1_000_000;
export const size = z
  .number({ error: "must be a number of GiB" })
  .int("must be a whole number of GiB")
  .min(SMALLEST_SHARE_GIB, `must be at least ${SMALLEST_SHARE_GIB} GiB`)
  .max(LARGEST_MEANT_GIB, "must be a number of GiB: this is more than any service has, so it may be bytes or MiB");

/** Percent. Range: the control panel's own limits. */
const RESERVE_RANGE = "must be from 5 to 100 percent";
export const snapshotReserve = z
  .number({ error: "must be a number of percent" })
  .int("must be a whole number of percent")
  .min(5, RESERVE_RANGE)
  .max(100, RESERVE_RANGE);

export const protocol = z.literal("NFS", { error: 'must be "NFS", the only protocol of the service' }).default("NFS");

export const mountPointName = z.string({ error: "must be a text" }).min(1, "must not be empty: leave it out instead");

/** Instants, not texts, are compared: one form for all of them keeps equal times equal. */
export const instant = z
  .string({ error: 'must be a time such as "2026-11-21T09:00:00Z"' })
  // With Z or an offset: without one it would be another instant on each machine.
  .pipe(z.iso.datetime({ offset: true, error: 'must be an RFC 3339 time such as "2026-11-21T09:00:00Z"' }))
  .transform((text) => new Date(text).toISOString());

export { timeouts };
