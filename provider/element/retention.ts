/** Two digits at least, and few enough that every time that follows from it is a date. */
const RETENTION = /^(\d{2,7}):([0-5]\d):([0-5]\d)$/;

/** Seconds of a retention such as `24:00:00`; `undefined` for any other text, and for no time at all. Hours may be more than 24. */
export function retentionSeconds(text: string): number | undefined {
  const [, hours, minutes, seconds] = RETENTION.exec(text) ?? [];
  if (hours === undefined) return undefined;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) || undefined;
}
