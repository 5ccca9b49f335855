import type { CommonFault } from "../../../provider/simulator/faults";
import type { Project } from "../../e2e/support/project";

// What the kills have to know of a storage system.

/** One call of an operation, the same in every run of it. */
export interface Moment {
  method: string;
  /** The route, with placeholders; empty where all calls go to one path. */
  path: string;
  /** How many calls of this route come before it in the operation. */
  occurrence: number;
  write: boolean;
}

/** A call that was made, with its route. */
export type Made = Omit<Moment, "occurrence">;

/** A simulated service. */
export interface Service {
  readonly environment: Record<string, string>;
  /** How many calls there were. */
  readonly called: number;
  /** Those since so many, but for what is none of the product's. */
  since(number: number): Made[];
  /** What the service holds and nobody is deleting, by kind, each as `nameOf` has it. */
  objects(): Readonly<Record<string, readonly string[]>>;
  /** Lets what the program begins with come to be, before each round. */
  prepare(): void;
  /** Orders a fault. Answers a function that takes it back. */
  order(moment: Moment, fault: CommonFault): () => void;
  readonly unmatched: readonly string[];
  close(): Promise<void>;
}

/** A storage system. */
export interface System {
  /** Told of each call after its effect. */
  open(onCall: () => void): Promise<Service>;
  write(project: Project, program: string): Promise<void>;
  /** What a recorded resource is called among the objects. */
  nameOf(type: string, id: string): string;
}

/** One part of the main scenario: what there is before, and the operation that is disturbed. */
export interface Stage {
  name: string;
  system: System;
  /** The program that has run before; empty for a new stack. */
  base: string;
  /** The program that is interrupted. Where it asks for something else in each round, its end is as good as the base. */
  target: string | ((round: number) => string);
  operation: "up" | "destroy";
  /** What is made carries no mark: the repeated command stops, and names the command that takes the object in. */
  imports?: boolean;
}
