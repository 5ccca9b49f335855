import type { ApiError } from "../core/errors";
import { isConflict, isNotFound } from "./answers";

/** How one kind of object is deleted. */
interface Deletion<T extends { status: string }> {
  send: () => Promise<unknown>;
  /** The object as the service has it now. */
  read: () => Promise<T | undefined>;
  /** States of what is on its way out already. */
  leaving: ReadonlySet<string>;
}

/** The service does not delete an object because of its present state. */
export interface RefusedDeletion<T> {
  refusal: ApiError;
  /** The object, read after the refusal. */
  object: T;
}

/**
 * Asks for a deletion: a refusal that stands, or `undefined` when the object is gone or on its way. A repeated DELETE is
 * refused as well, when the answer to the first was lost and the deletion goes on.
 */
export async function refusedDeletion<T extends { status: string }>({
  send,
  read,
  leaving,
}: Deletion<T>): Promise<RefusedDeletion<T> | undefined> {
  try {
    await send();
    return undefined;
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
    const object = await read();
    if (object === undefined || leaving.has(object.status)) return undefined;
    return { refusal: error, object };
  }
}
