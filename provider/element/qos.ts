import type { VolumeQos } from "./volumeClone";

/** Lowest and highest value of each number. */
export type QosBounds = Record<keyof VolumeQos, { min: number; max: number }>;

/** What current releases take (Element API reference, GetLimits). Older ones end at 100,000 for maxIOPS and burstIOPS. */
export const QOS_BOUNDS: Readonly<QosBounds> = {
  minIOPS: { min: 50, max: 15_000 },
  maxIOPS: { min: 100, max: 200_000 },
  burstIOPS: { min: 100, max: 200_000 },
};

/**
 * What is wrong with these numbers, to go on after the property's name, without an end; `undefined` when nothing is. What is
 * left out, as not known yet, is wrong in nothing.
 */
export function qosProblem(qos: Partial<VolumeQos>, bounds: Readonly<QosBounds> = QOS_BOUNDS): string | undefined {
  for (const key of KEYS) {
    const { min, max } = bounds[key];
    const value = qos[key];
    if (value !== undefined && (value < min || value > max)) return `its ${key} must be ${min} to ${max}`;
  }
  for (const [low, high] of ORDER) {
    const [less, more] = [qos[low], qos[high]];
    if (less !== undefined && more !== undefined && less > more) return `its ${low} must not be above its ${high}`;
  }
  return undefined;
}

const KEYS = ["minIOPS", "maxIOPS", "burstIOPS"] as const;
/** The last pair follows from the others only where maxIOPS is known. */
const ORDER = [
  ["minIOPS", "maxIOPS"],
  ["maxIOPS", "burstIOPS"],
  ["minIOPS", "burstIOPS"],
] as const;
