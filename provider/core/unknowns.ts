/**
 * What the engine sends in a preview where a value is not known yet: one of these texts, whatever the property's type.
 * The first is the one seen in practice (SDK `runtime/rpc`); the others stand in the engine's `resource/plugin/rpc.go`.
 */
const PLACEHOLDERS: ReadonlySet<unknown> = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** True for a value that will be known only after something else was created. */
export const isUnknown = (value: unknown): boolean => PLACEHOLDERS.has(value);

/** True when the value is unknown or has an unknown part at any depth. */
export function containsUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(containsUnknown);
}
