import type { Params } from "./params";
import type { World } from "./world";

/** A call as the methods see it. */
export interface Call {
  world: World;
  params: Params;
}

/** One method of the API. */
export interface Method {
  /** The first version of the endpoint that knows it (spec 2.4). */
  since: string;
  /** Names of its parameters, separated by blanks; `attributes@6.0` for one that exists since a version. */
  params: string;
  /** Carries it out. Answers the result. */
  run(call: Call): object;
}
