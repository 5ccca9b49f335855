import { UnknownValueError } from "@pulumi/policy";

/**
 * A value, or `undefined` while a preview can't know it. Read by accident, an unknown value would turn a mandatory rule into a
 * note. The rule decides when the value is known: during the update, before the resource is made.
 */
export function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnknownValueError) return undefined;
    throw error;
  }
}
