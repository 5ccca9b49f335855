import type { Faults } from "./faults";
import type { OvhModel } from "./model";
import { refuse } from "./refusal";
import type { Throttling } from "./throttling";

/** What the simulator's own calls need. */
export interface SideCall {
  model: OvhModel;
  faults: Faults;
  throttling: Throttling;
  method: string;
  path: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
  calls: readonly unknown[];
  unmatched: readonly string[];
}

/** A text, or a value to write as JSON. */
export type SideAnswer = { status: number; body: unknown } | { status: number; text: string };

/** One of the simulator's own calls; the second argument holds the placeholders of its path. */
export type SideHandler = (call: SideCall, params: Readonly<Record<string, string>>) => SideAnswer;

/** Method, pattern of the whole path, and what answers. */
export type SideRoute = readonly [method: string, pattern: RegExp, handler: SideHandler];

/** The answer of a call without a result. */
export const nothing: SideAnswer = { status: 204, text: "" };

/** An id that one of the given objects must have. */
export const requireKnown = (known: readonly { id: string }[], id: string): string => {
  if (!known.some((one) => one.id === id)) throw refuse(404, `The simulator has nothing with id ${id}`);
  return id;
};
