import { z } from "zod";

// Only what is used; other members are ignored. Older releases lack most of them (Element API reference, volume object).

const id = z.int().nonnegative();
const text = z.string();
/** Sent as null, as an empty text, or not at all where there is none. */
const maybe = <T>(type: z.ZodType<T>) =>
  z
    .union([type, z.null()])
    .optional()
    .transform((value) => value ?? undefined);
const time = maybe(text).transform((value) => value || undefined);

const qosModel = z.object({
  minIOPS: z.number(),
  maxIOPS: z.number(),
  burstIOPS: z.number(),
  burstTime: maybe(z.number()),
  curve: maybe(z.record(z.string(), z.number())),
});

export const volumeModel = z.object({
  volumeID: id,
  name: text,
  accountID: id,
  status: text,
  access: text,
  totalSize: z.number(),
  attributes: maybe(z.record(z.string(), z.unknown())),
  qos: maybe(qosModel),
  qosPolicyID: maybe(id),
  enable512e: maybe(z.boolean()),
  enableSnapMirrorReplication: maybe(z.boolean()),
  createTime: time,
  deleteTime: time,
  purgeTime: time,
  iqn: maybe(text),
  scsiEUIDeviceID: maybe(text),
  scsiNAADeviceID: maybe(text),
  volumeAccessGroups: maybe(z.array(id)),
  volumePairs: maybe(z.array(z.unknown())),
  volumeUUID: maybe(text),
});
export type VolumeModel = z.output<typeof volumeModel>;

export const snapshotModel = z.object({
  snapshotID: id,
  volumeID: id,
  name: maybe(text),
  volumeName: maybe(text),
  status: maybe(text),
  createTime: time,
  totalSize: maybe(z.number()),
  checksum: maybe(text),
  expirationTime: time,
  enableRemoteReplication: maybe(z.boolean()),
  snapMirrorLabel: maybe(text),
  attributes: maybe(z.record(z.string(), z.unknown())),
  snapshotUUID: maybe(text),
});
export type SnapshotModel = z.output<typeof snapshotModel>;

/** Every member is optional: jobs of other types have others. */
export const syncJobModel = z.object({
  type: maybe(text),
  cloneID: maybe(id),
  srcVolumeID: maybe(id),
  dstVolumeID: maybe(id),
  snapshotID: maybe(id),
  percentComplete: maybe(z.number()),
  remainingTime: maybe(z.number()),
  elapsedTime: maybe(z.number()),
  stage: maybe(text),
});
export type SyncJobModel = z.output<typeof syncJobModel>;

export const asyncResultModel = z.object({
  status: text,
  error: maybe(z.object({ name: maybe(text), message: maybe(text) })),
});
export type AsyncResultModel = z.output<typeof asyncResultModel>;

export const asyncHandleModel = z.object({
  asyncResultID: id,
  completed: z.boolean(),
  resultType: maybe(text),
  createTime: time,
  data: maybe(z.looseObject({ cloneID: maybe(id), volumeID: maybe(id) })),
});
export type AsyncHandleModel = z.output<typeof asyncHandleModel>;

/** Anything may be left out: the API's example of the answer has no `curve`, and an older release less. */
export const cloneModel = z.object({
  volumeID: id,
  cloneID: maybe(id),
  asyncHandle: maybe(id),
  volume: volumeModel.optional().catch(undefined),
});
export type CloneModel = z.output<typeof cloneModel>;

export const clusterModel = z.object({ uniqueID: text, uuid: maybe(text), name: maybe(text) });
export type ClusterModel = z.output<typeof clusterModel>;

/** A text; the vendor's SDK takes it for a number, and 10.0 would lose its end as one. */
const version = z
  .union([text, z.number()])
  .transform((value) => (typeof value === "number" && Number.isInteger(value) ? value.toFixed(1) : String(value)));
export const apiModel = z.object({ currentVersion: version, supportedVersions: z.array(version) });
export type ApiModel = z.output<typeof apiModel>;

export const limitsModel = z.record(z.string(), z.unknown());
export type LimitsModel = z.output<typeof limitsModel>;
