import { type Fields, fieldsOf } from "../../simulator/fields";
import { refuse } from "../../simulator/refusal";
import { refuseReadOnly, uuid } from "./body";
import { findService } from "./lookup";
import { seen } from "./progress";
import type { Moving } from "./records";
import type { Renderer } from "./render";
import type { World } from "./world";

/** What a route answers: a value with its status, or nothing (how that looks is a switch). */
export type Answer = { status: number; body: unknown } | { status: number; empty: true };

/** A request as the routes see it. */
export interface Call {
  world: World;
  render: Renderer;
  /** Values of the placeholders in the path. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** The parsed body, `undefined` when there was none. */
  body: unknown;
}

/** One call of the API. */
export interface Route {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Path below the branch, with placeholders in braces. */
  path: string;
  /** IAM action, relative to `storageNetApp:apiovh:`. */
  action: string;
  run(call: Call): Answer;
}

/** A result that the caller gets with 200. */
export const ok = (body: unknown): Answer => ({ status: 200, body });

/** The value of a placeholder, which must be a UUID. */
export const id = (call: Call, name: string): string => uuid(call.params[name], name);

/** Ids of the service and the share in the path. */
export const shareIds = (call: Call): [serviceId: string, shareId: string] => [
  id(call, "serviceName"),
  id(call, "shareId"),
];

/** The object with its current form; counts as a read of its state. */
export function shown<Item extends Moving, Form>(item: Item, form: (item: Item) => Form): Form {
  const body = form(item);
  seen(item);
  return body;
}

/**
 * A list. Without `detail=true` only the ids are filled in: nothing else is guaranteed, and the vendor's control panel reads
 * nothing else from such a list.
 */
export function list<Item extends Moving | { status: string }>(
  call: Call,
  items: readonly Item[],
  form: (item: Item) => Readonly<Record<string, unknown>>,
): Answer {
  const detail = call.query.get("detail");
  if (detail !== null && !["true", "false", "null", ""].includes(detail)) {
    throw refuse(400, `detail must be true or false, not ${detail}`);
  }
  const bodies = items.map((item) => {
    const body = form(item);
    if (detail === "true") {
      if ("progress" in item) seen(item);
      return body;
    }
    if (call.world.settings.briefLists === "absent") return { id: body["id"] };
    const nulls = Object.fromEntries(Object.keys(body).map((key) => [key, null]));
    return { ...nulls, id: body["id"] };
  });
  return ok(bodies);
}

/** The body of a request as an object. Read-only fields in it are ignored, unless the simulator is told to refuse them. */
export function input(call: Call, readOnly: readonly string[] = []): Fields {
  const fields = fieldsOf(call.body);
  if (call.world.settings.readOnlyFields === "refused") refuseReadOnly(fields, readOnly);
  return fields;
}

/** Refuses changes on a service that is not running; the client libraries know status 460 for a suspended one. */
export function requireRunning(call: Call): void {
  const service = findService(call.world, id(call, "serviceName"));
  if (service.status === "running") return;
  const { suspended, shareBusy } = call.world.settings.refusals;
  const status = service.status === "suspended" || service.status === "suspending" ? suspended : shareBusy;
  throw refuse(status, `Service ${service.id} is ${service.status}`);
}
