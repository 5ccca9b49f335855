import { COMMON_MEMBERS, number, type OrderForm, text } from "../../simulator/faultOrders";
import type { Fields } from "../../simulator/fields";
import { reasonOf, refuse } from "../../simulator/refusal";
import type { FaultOrder } from "./faults";

const pathOf = (fields: Fields): { path?: string | RegExp } => {
  if (fields["pathRegex"] === undefined) return fields["path"] === undefined ? {} : { path: text(fields, "path") };
  if (fields["path"] !== undefined) throw refuse(400, "Give path or pathRegex, not both");
  try {
    return { path: new RegExp(text(fields, "pathRegex")) };
  } catch (error) {
    throw refuse(400, `pathRegex is no regular expression: ${reasonOf(error)}`);
  }
};

/** A fault order in JSON: as `FaultOrder`, but `pathRegex` holds the source of an expression. */
export const ORDER_FORM: OrderForm = {
  kinds: {
    ...COMMON_MEMBERS,
    missingPermission: { may: { action: text } },
    clockSkew: { needs: { seconds: number(Number.MIN_SAFE_INTEGER) } },
    expiredToken: {},
  },
  names: ["method", "path", "pathRegex"],
  target: (fields) => ({
    ...(fields["method"] === undefined ? {} : { method: text(fields, "method") }),
    ...pathOf(fields),
  }),
};

/** For which call an order is, in JSON. */
export const targetOf = ({ method, path }: FaultOrder): object => ({
  ...(method === undefined ? {} : { method }),
  ...(path === undefined ? {} : path instanceof RegExp ? { pathRegex: path.source } : { path }),
});
