const MIB = 1_048_576;

/** Bytes of the smallest volume (Element API reference, GetLimits: volumeSizeMin). */
export const MIN_VOLUME_SIZE = 1_000_000_000;

/** Bytes of the largest volume of current releases (Element API reference, GetLimits: volumeSizeMax). Older ones have less. */
export const MAX_VOLUME_SIZE = 17_592_186_044_416;

/**
 * Bytes that a volume of this size has. The API's pages speak of 1 MB, but what clusters answer is always a whole number of
 * 1,048,576 bytes: 1,000,341,504 for 1,000,000,000 (the example of CloneVolume).
 */
export const toMebibytes = (bytes: number): number => Math.ceil(bytes / MIB) * MIB;
