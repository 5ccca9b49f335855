import { parseJson } from "../../simulator/fields";
import { decode, pathPattern } from "../../simulator/paths";
import { refuse } from "../../simulator/refusal";
import type { HttpAnswer } from "../../simulator/send";
import { answerAuth, answerToken, TOKEN_PATH, VALIDATION_PATH } from "./authRoutes";
import type { CredentialTrouble, SignedRequest } from "./credentials";
import type { OvhModel } from "./model";
import { fullAction, ROUTES } from "./operations";
import { splitBranch } from "./pathTemplate";
import { refuseAction } from "./refusal";
import { renderer } from "./render";
import { type Answer, type Route, requireRunning } from "./route";

const PATTERNS = ROUTES.map((route) => ({ route, pattern: pathPattern(route.path) }));

/** A request with its parsed address. */
export interface Request extends SignedRequest {
  path: string;
  query: URLSearchParams;
}

/** Where a request goes; `unknown` when the simulator has no such call. */
export type Destination =
  | { kind: "route"; route: Route; rest: string; params: Readonly<Record<string, string>> }
  | { kind: "auth"; rest: string }
  | { kind: "token" }
  | { kind: "validation" }
  | { kind: "unknown" };

/** Finds the call that a request is for. */
export function destinationOf(method: string, path: string): Destination {
  if (path === TOKEN_PATH && method === "POST") return { kind: "token" };
  if (path === VALIDATION_PATH && method === "GET") return { kind: "validation" };
  const rest = splitBranch(path)?.rest;
  if (rest === undefined) return { kind: "unknown" };
  if (["GET /auth/time", "POST /auth/credential", "GET /auth/details"].includes(`${method} ${rest}`)) {
    return { kind: "auth", rest };
  }
  for (const { route, pattern } of PATTERNS) {
    const match = route.method === method ? pattern.exec(rest) : null;
    if (match) return { kind: "route", route, rest, params: { ...match.groups } };
  }
  return { kind: "unknown" };
}

/** Answers in the forms that are known to differ. */
export class Dispatcher {
  readonly #model: OvhModel;
  readonly #origin: () => string;
  #voids = 0;

  constructor(model: OvhModel, origin: () => string) {
    this.#model = model;
    this.#origin = origin;
  }

  /** Carries a request out. Refusals are thrown. */
  answer(request: Request, destination: Destination, trouble: CredentialTrouble): HttpAnswer {
    const { credentials } = this.#model;
    switch (destination.kind) {
      case "token":
        return answerToken(credentials, request);
      case "validation":
        return this.#validate(request.query.get("credentialToken") ?? "");
      case "auth":
        return answerAuth(credentials, request, destination.rest, this.#origin(), trouble) ?? this.#unknown(request);
      case "route":
        return this.#product(request, destination, trouble);
      case "unknown":
        return this.#unknown(request);
    }
  }

  #unknown({ method, path }: Request): never {
    throw refuse(501, `The simulator does not know ${method} ${path}`);
  }

  #validate(token: string): HttpAnswer {
    const done = this.#model.credentials.validate(token);
    return done
      ? { status: 200, text: "The consumer key is valid now.\n" }
      : { status: 404, text: "No consumer key waits for this address.\n" };
  }

  #product(
    request: Request,
    { route, rest, params }: Extract<Destination, { kind: "route" }>,
    trouble: CredentialTrouble,
  ): HttpAnswer {
    const model = this.#model;
    model.credentials.check(request, rest, trouble);
    const action = fullAction(route.action);
    if ([...model.deniedActions].some((denied) => fullAction(denied) === action)) throw refuseAction(action);
    const { world } = model;
    const call = {
      world,
      render: renderer(world.settings),
      params: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, decode(value)])),
      query: request.query,
      body: route.method === "GET" ? undefined : parseJson(request.body),
    };
    if (route.method !== "GET") requireRunning(call);
    return this.#form(route, route.run(call));
  }

  /** Success codes and empty answers vary with the switches; only two codes stand in a guide. */
  #form(route: Route, answer: Answer): HttpAnswer {
    const { successStatus, voidAnswer } = this.#model.world.settings;
    const published = ["share/create", "share/revertToSnapshot"].includes(route.action);
    const status = successStatus === "200" && !published ? 200 : answer.status;
    if ("body" in answer) return { status, body: answer.body };
    const forms: Record<typeof voidAnswer, HttpAnswer[]> = {
      null: [{ status, body: null }],
      empty: [{ status }],
      "204": [{ status: 204 }],
      rotate: [{ status: 200 }, { status: 202 }, { status: 204 }, { status, body: null }],
    };
    const choices = forms[voidAnswer];
    const chosen = choices[this.#voids % choices.length];
    this.#voids += 1;
    return chosen ?? { status };
  }
}
