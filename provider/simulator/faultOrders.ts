import type { BodyChange } from "./bodyPatch";
import type { CommonFault, CommonOrder } from "./faults";
import { choice, type Fields, fieldsOf, requiredText } from "./fields";
import { refuse } from "./refusal";

/** A call to one of the simulator's own routes, which an `interfere` fault makes first. */
export interface InterferingCall {
  method: string;
  path: string;
  body: unknown;
}

/** Reads one member of an order. */
export type Reader = (fields: Fields, name: string) => unknown;

/** The members of a kind of fault besides `kind`: those it needs, and those it may have. */
export interface Members {
  needs?: Readonly<Record<string, Reader>>;
  may?: Readonly<Record<string, Reader>>;
}

/** Members that nobody reads are most likely misspelt, and a fault that means something else is worse than none. */
export const refuseOthers = (fields: Fields, known: readonly string[], what: string): void => {
  const other = Object.keys(fields).find((name) => !known.includes(name));
  if (other !== undefined) throw refuse(400, `${what} has no member ${other}; it has ${known.join(", ")}`);
};

export const text = (fields: Fields, name: string): string => {
  const value = fields[name];
  if (typeof value !== "string") throw refuse(400, `${name} must be a string`);
  return value;
};

export const number =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (fields: Fields, name: string): number => {
    const value = fields[name];
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < least || value > most) {
      const from = least === Number.MIN_SAFE_INTEGER ? "" : ` of at least ${least}`;
      const range = most === Number.MAX_SAFE_INTEGER ? from : ` from ${least} to ${most}`;
      throw refuse(400, `${name} must be an integer${range}`);
    }
    return value;
  };

export const flag = (fields: Fields, name: string): boolean => {
  const value = fields[name];
  if (typeof value !== "boolean") throw refuse(400, `${name} must be true or false`);
  return value;
};

const anything: Reader = (fields, name) => fields[name];

const secondsOrDate: Reader = (fields, name) => {
  const value = fields[name];
  return typeof value === "string" ? value : number(0)(fields, name);
};

const bodyChange = (value: unknown): BodyChange => {
  const fields = fieldsOf(value);
  refuseOthers(fields, ["path", "value"], "A change");
  const path = text(fields, "path");
  if (path !== "" && !path.startsWith("/")) throw refuse(400, `The path "${path}" must be empty or begin with a slash`);
  return { path, ...(fields["value"] === undefined ? {} : { value: fields["value"] }) };
};

const bodyChanges: Reader = ({ change }) => {
  if (!Array.isArray(change) || change.length === 0) throw refuse(400, "change must be a list of changes");
  return change.map(bodyChange);
};

const interferingCall = (fields: Fields): InterferingCall => {
  const call = fieldsOf(fields["call"]);
  refuseOthers(call, ["method", "path", "body"], "call");
  return { method: requiredText(call, "method").toUpperCase(), path: requiredText(call, "path"), body: call["body"] };
};

const ms = number(0, 2_147_483_647);

/** The members of the kinds that all simulators have. */
export const COMMON_MEMBERS: Readonly<Record<CommonFault["kind"], Members>> = {
  status: {
    needs: { status: number(200, 599) },
    may: { body: anything, html: text, retryAfter: secondsOrDate, afterEffect: flag },
  },
  dropBefore: {},
  dropAfter: {},
  slow: { needs: { ms } },
  stalled: { needs: { ms } },
  truncated: {},
  body: { needs: { text }, may: { contentType: text } },
  mutate: { needs: { change: bodyChanges } },
  interfere: { needs: { call: interferingCall } },
};

const read = (fields: Fields, { needs = {}, may = {} }: Members): Record<string, unknown> => {
  const members: Record<string, unknown> = {};
  for (const [name, reader] of Object.entries(needs)) members[name] = reader(fields, name);
  for (const [name, reader] of Object.entries(may))
    if (fields[name] !== undefined) members[name] = reader(fields, name);
  return members;
};

const namesOf = ({ needs = {}, may = {} }: Members): string[] => [...Object.keys(needs), ...Object.keys(may)];

/** How orders of one simulator look in JSON. */
export interface OrderForm {
  kinds: Readonly<Record<string, Members>>;
  /** The members that say for which call an order is. */
  names: readonly string[];
  /** Reads those. */
  target(fields: Fields): object;
}

/**
 * A fault order from JSON: `times` may be `"always"`, and an `interfere` fault has a `call` to one of the simulator's own routes
 * instead of a function.
 */
export function faultOrder<Order extends CommonOrder<unknown>>(
  body: unknown,
  form: OrderForm,
  interfere: (call: InterferingCall) => () => void,
): Order {
  const fields = fieldsOf(body);
  refuseOthers(fields, [...form.names, "skip", "times", "fault"], "A fault order");
  const target = form.target(fields);
  const counts = read(fields, {
    may: { skip: number(0), times: (all, name) => (all[name] === "always" ? Infinity : number(1)(all, name)) },
  });
  const wanted = fieldsOf(fields["fault"]);
  const kind = choice(wanted, "kind", Object.keys(form.kinds));
  const members = form.kinds[kind] ?? {};
  refuseOthers(wanted, ["kind", ...namesOf(members)], `A fault of kind ${kind}`);
  const { call, ...others } = read(wanted, members);
  const fault = kind === "interfere" ? { kind, run: interfere(call as InterferingCall) } : { kind, ...others };
  // the form lists what the members of each kind are, and each has been read
  return { ...target, ...counts, fault } as unknown as Order;
}
