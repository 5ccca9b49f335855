import type { CommonFault } from "../../../provider/simulator/faults";
import type { ProviderProcess } from "../../ovh/support/providerProcess";
import type { JumpingClock } from "../../support/clock";
import type { Program, Stack, StackState } from "./stack";

// What the matrix has to know of a storage system: everything else in this folder is about any.

/** A call of a system's API. */
export interface Route {
  method: string;
  /** With placeholders; empty where all calls go to one path. */
  path: string;
}

/** A call that a command makes, as it is found again in another run of the same command. */
export interface Call extends Route {
  /** How many calls of the same route the command makes before it. */
  skip: number;
  /** A call of the product, not of the authentication. */
  product: boolean;
  /** Whether an operation begins with it that takes time. */
  begins: boolean;
  /** Whether it is there to change something. */
  writes: boolean;
  /** What was answered. */
  body: unknown;
}

/** What lasts from one command to the next: the service with everything in it, the state file, and the time. */
export interface Situation {
  service: object;
  stack: StackState;
  time: number;
}

export interface WorldOptions {
  /** Goes on from here. @default a new service and an empty stack */
  from?: Situation | undefined;
  /** @default 30 */
  requestTimeoutSeconds?: number | undefined;
}

/** A fault that waits for its call. */
export interface Ordered {
  struck(): boolean;
  /** Whether it has struck as often as it shall. */
  over(): boolean;
  takeBack(): void;
}

/** A simulated service with a stack on it. */
export interface World {
  readonly clock: JumpingClock;
  readonly stack: Stack;
  /** What all provider processes have logged. */
  readonly logs: ProviderProcess["logs"];
  /** Called with each call when its answer is decided. */
  readonly watchers: ((call: { method: string; path: string }) => void)[];
  /** Calls for which this says yes meet a port where nobody listens. */
  refuses: (method: string, path: string) => boolean;
  /** Everything that was never to be shown. */
  readonly secrets: readonly string[];
  /** Calls that the simulator does not know. */
  readonly unmatched: readonly string[];
  /** Orders a fault for a call, or for all. */
  order(which: Partial<Route> & { skip?: number }, fault: CommonFault, times?: number): Ordered;
  /** Takes back all that was ordered. */
  calm(): void;
  snapshot(): Situation;
  close(): Promise<void>;
}

/** How many objects there are, by kind. */
export type Count = Readonly<Record<string, number>>;

export type ProgramAt<W> = (world: W) => Program;

/** One command of a scenario, and what it is to lead to. */
export interface Phase<W> {
  name: string;
  command: "up" | "refresh" | "destroy";
  /** What has happened at the service before, without us. */
  before?: (world: W) => void;
  program: ProgramAt<W>;
  /** Whether somebody may think better of it when a `destroy` has failed, and run `up --refresh`. */
  upInstead?: boolean;
  /** The most objects that bringing everything to its end may need, where that is more than the command itself does. */
  most?: Count;
  /** What is wrong at the end beside the objects that are declared. */
  wrong?: (world: W) => string[];
  /** Looks on during the command and all that follows; answers what was wrong in between. */
  watch?: (world: W) => () => string[];
}

export interface Armed {
  struck: () => boolean;
  /** The command has ended, and with it the trouble. */
  over: () => void;
}

/** One way for a call to go wrong. */
export interface FaultKind<W, O> {
  name: string;
  /** Whether it means anything for this call. */
  fits: (call: Call) => boolean;
  options?: O | undefined;
  /** Orders it for this call of the command that runs next. */
  arm: (world: W, call: Call) => Armed;
}

/** What only a person can do, after which fault of which calls, and with which words the message asks for it. */
export interface Help<W> {
  /** @default any */
  fault?: string;
  /** A call as `describeRoute` has it. */
  call: RegExp;
  asked: RegExp;
  act: (world: W, asked: RegExpExecArray) => void | Promise<void>;
  /** What the program says from then on. @default what it said */
  program?: ProgramAt<W>;
}

/** What a storage system is for the matrix. */
export interface System<W extends World, O extends WorldOptions> {
  start(options: O): Promise<W>;
  /** Every call of its API that the simulator has. */
  readonly routes: readonly Route[];
  /** The route of a call that was made, and whether it is one of the product. */
  routeOf(method: string, path: string): Route & { product: boolean };
  writes(route: Route): boolean;
  /** Whether anything of the service has begun to move at this instant. */
  hasJustBegun(world: W): boolean;
  describeRoute(route: Route): string;
  readonly faults: readonly FaultKind<W, O>[];
  /** What can only be of a program, by kind. */
  objects(world: W): Readonly<Record<string, readonly { id: string; status: string }[]>>;
  /** What was there before the program. */
  seedOf(world: W): ReadonlySet<string>;
  /** How many objects a program declares. */
  declared(program: Program): Count;
  /** In what the service differs from a program, resource by resource. */
  wrong(world: W, program: Program): string[];
  readonly help: readonly Help<W>[];
  /** The most objects there may be when somebody thinks better of a `destroy` that failed. @default as many as ever */
  mostInstead?: (most: Count, met: { fault: string; call: Call }) => Count;
}
