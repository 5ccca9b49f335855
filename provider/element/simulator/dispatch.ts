import { createHash, timingSafeEqual } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { CommonFault } from "../../simulator/faults";
import { type Answering, answerWithFault } from "../../simulator/faultyAnswer";
import { type Fields, isObject } from "../../simulator/fields";
import { Refusal, reasonOf } from "../../simulator/refusal";
import type { HttpAnswer } from "../../simulator/send";
import { ElementError, fail } from "./errors";
import type { ElementFault } from "./faults";
import { METHODS } from "./methods";
import type { ElementModel } from "./model";
import { Params } from "./params";
import { denied, requireAccess } from "./permissions";
import { atLeast, supportedVersions, versionOf } from "./versions";

/** A request with what could be read of it. */
export interface Request {
  httpMethod: string;
  /** Version in the path; empty when the path is not the API's. */
  version: string;
  authorization: string | undefined;
  /** The parsed body, `undefined` when it is not JSON. */
  body: unknown;
  /** Empty when the body names none. */
  method: string;
  params: Fields;
}

/** The body of 401, 404 and whatever else is no answer of the API (spec 2.3). */
export const htmlPage = (status: number): HttpAnswer => {
  const title = `${status} ${STATUS_CODES[status] ?? "Error"}`;
  return {
    status,
    text: `<html><head><title>${title}</title></head><body><h1>${title}.</h1></body></html>\n`,
    headers: { "content-type": "text/html; charset=utf-8" },
  };
};

/** Parameters without what is secret in them. */
export const withoutSecrets = (params: Fields): Fields =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, /secret|password/i.test(name) ? "(secret)" : value]),
  );

/** Reads a request leniently: what is wrong with it is told in the answer. A trailing slash does not matter (spec 2.1). */
export function readRequest(
  httpMethod: string,
  path: string,
  authorization: string | undefined,
  bytes: Buffer,
): Request {
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString("utf8"));
  } catch {
    // told as an error of the API below
  }
  const fields = isObject(body) ? body : {};
  const version = /^\/json-rpc\/([^/]+)\/?$/.exec(path)?.[1] ?? "";
  const method = typeof fields["method"] === "string" ? fields["method"] : "";
  const params = isObject(fields["params"]) ? fields["params"] : {};
  return { httpMethod, version, authorization, body, method, params };
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

const isAdministrator = ({ authorization }: Request, model: ElementModel): boolean => {
  const { username, password } = model.world.state.credentials;
  const encoded = /^Basic (.+)$/i.exec(authorization ?? "")?.[1] ?? "";
  const given = Buffer.from(encoded, "base64").toString("utf8");
  return timingSafeEqual(digest(given), digest(`${username}:${password}`));
};

/** The answer to a failed call: an error of the API, or the code 500 for what should not happen. */
const errorAnswer = (error: unknown, id: unknown): HttpAnswer => {
  if (error instanceof Refusal) return htmlPage(error.status);
  const name = error instanceof ElementError ? error.xName : "xUnknown";
  return { status: 200, body: { id, error: { code: 500, name, message: reasonOf(error) } } };
};

const idOf = ({ body }: Request): unknown => (isObject(body) ? (body["id"] ?? null) : null);

/** Carries out a method. Errors of the API are thrown. */
const execute = (model: ElementModel, request: Request): object => {
  const { body, method: name, params } = request;
  // the names for what is no request are our assumption (spec 2.1: neither batches nor positional parameters)
  if (!isObject(body)) throw fail("xInvalidAPIParameter", "The body must be one JSON object");
  const given = body["params"] ?? {};
  if (!isObject(given)) throw fail("xInvalidAPIParameter", "params must be an object");
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  const version = versionOf(request.version) ?? [0, 0];
  if (!method || !atLeast(version, method.since)) throw fail("xUnknownAPIMethod", `Unknown API method=${name}`);
  const { world } = model;
  requireAccess(model.adminAccess, name, world.settings);
  const known = new Params(params, method.params, version);
  const result = method.run({ world, params: known });
  if (!/^(List|Get)/.test(name)) world.commit();
  // a warning; its shape is not known (spec 2.2)
  const unused = Object.keys(known.unused).length === 0 ? {} : { unusedParameters: withoutSecrets(known.unused) };
  // whoever gets it must not hold what the model goes on with
  return structuredClone({ id: idOf(request), result, ...unused });
};

/** Whether the simulator has no such call at all, whatever the version. */
export const isUnknown = ({ httpMethod, version, method }: Request): boolean =>
  httpMethod !== "POST" || version === "" || !Object.hasOwn(METHODS, method);

/** Carries a request out, from the outer layers to the method (spec 2.3). */
const answer = (model: ElementModel, request: Request): HttpAnswer => {
  const { version } = request;
  if (version === "") return htmlPage(404);
  if (!isAdministrator(request, model)) {
    const page = htmlPage(401);
    return { ...page, headers: { ...page.headers, "www-authenticate": 'Basic realm="Element API"' } };
  }
  if (!supportedVersions(model.world.settings.apiVersion).includes(version)) return htmlPage(404);
  // that only POST is answered is our assumption
  if (request.httpMethod !== "POST") return htmlPage(405);
  return { status: 200, body: execute(model, request) };
};

/** The part of a fault that every simulator has. */
export const common = (fault: ElementFault | undefined): CommonFault | undefined => {
  if (fault?.kind === "nullBody" || fault?.kind === "permission" || fault?.kind === "error") return undefined;
  return fault;
};

/** Answers a call with the fault that strikes it; `undefined` when the connection is to be reset. */
export async function answerCall(
  model: ElementModel,
  request: Request,
  fault: ElementFault | undefined,
  closing: AbortSignal,
): Promise<HttpAnswer | undefined> {
  const id = idOf(request);
  if (fault?.kind === "nullBody") return { status: 200, body: null };
  if (fault?.kind === "permission") return errorAnswer(denied(request.method), id);
  const answering: Answering = {
    answer: () => answer(model, request),
    failed: (error) => errorAnswer(error, id),
    ordered: htmlPage,
    mutated(whole, change) {
      const { body } = whole;
      return isObject(body) && "result" in body
        ? { ...whole, body: { ...body, result: change(body["result"]) } }
        : whole;
    },
  };
  const ordered = fault?.kind === "error" ? errorAnswer(fail(fault.name, fault.message ?? fault.name), id) : undefined;
  if (fault?.kind === "error" && !fault.apply) return ordered;
  const whole = await answerWithFault(answering, common(fault), closing);
  return ordered ?? whole;
}
