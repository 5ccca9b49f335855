import { UsageError } from "../usage";

/** A running simulator as the command sees it. */
export interface Running {
  environment: Readonly<Record<string, string>>;
  /** Variables that would contradict those: a second kind of credentials, or a certificate of another server. */
  conflicting: readonly string[];
  close(): Promise<void>;
}

/** What the command line says about a simulator, read but for what only some systems have. */
export interface Order {
  port: number;
  stepMs: number;
  stateFile: string | undefined;
  log: boolean;
  /** What was given of the options that only some systems have. */
  own: Readonly<Record<string, string | boolean>>;
}

/** One storage service that can be simulated. */
export interface System {
  title: string;
  /** Names of the options that only this one has, with what they take. */
  options: Readonly<Record<string, "string" | "boolean">>;
  /** Reads those, and answers what starts the simulator. Throws a UsageError before anything has started. */
  prepare(order: Order, err: (text: string) => void): () => Promise<Running>;
}

/** A number without sign or fraction. */
export const wholeNumber = (text: string, option: string, least: number, most: number): number => {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most) {
    throw new UsageError(`${option} must be a whole number from ${least} to ${most}, not "${text}"`);
  }
  return number;
};

/** An option that takes a value, if it was given. */
export const textOf = ({ own }: Order, name: string): string | undefined => {
  const value = own[name];
  if (value === "") throw new UsageError(`--${name} needs a value`);
  return typeof value === "string" ? value : undefined;
};
