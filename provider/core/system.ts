import type { ResourceKind } from "../kinds";
import type { Lifecycle, Waiting } from "./lifecycle";
import type { Properties } from "./properties";

// What the commands need to know of a system of storage. All else in them is the same for every system.

/** One system, before anybody asks it anything. */
export interface System {
  /** What its kinds begin with, such as `ovh`. */
  readonly name: string;
  /** What messages call it. */
  readonly title: string;
  /** Keys of a stack's configuration that tell of the account. */
  readonly configKeys: readonly string[];
  readonly ids: Ids;
  /** Every kind whose objects can be imported. */
  readonly imports: Readonly<Partial<Record<ResourceKind, Importable>>>;
  /** Kinds that are something done, not something that exists. */
  readonly actions: readonly string[];
  readonly words: OrphanWords;
  /** What it deletes stays restorable for some time, unless it is purged. */
  readonly purges: boolean;
  /** Its account holds several services, each with an id. */
  readonly services: boolean;
  /** Name and size of an object, or what else tells it, for people. */
  summary(live: Properties): (string | undefined)[];
  /** What an object is known by to states and to other objects. No two systems share one. */
  key(kind: ResourceKind, id: string): string;
  /** An object that somebody names by an id, or by the path that it is imported with; `undefined` of what is neither here. */
  named(given: string): Named | undefined;
  /**
   * Whether any place holds credentials.
   * @throws ConfigurationError where only some of what they take is there
   */
  hasAccount(sources: AccountSources): boolean;
  /** @throws ConfigurationError where there are no credentials, or only some of what they take */
  account(sources: AccountSources): Account;
}

/** How an object is known. */
export interface Named {
  key: string;
  /** To people: all that it takes to name it to a command. */
  called: string;
}

/** How the ids of a system look. */
export interface Ids {
  pattern: RegExp;
  /** One of them and several, as messages call them. */
  one: string;
  many: string;
  /** As a property has it. */
  parse(text: string): string | number;
}

export interface AccountSources {
  /** Value of a key of the stack's configuration. */
  config?: (key: string) => string | undefined;
  environment: NodeJS.ProcessEnv;
  /** The folder of the program. */
  folder: string;
}

/** Credentials that were found. */
export interface Account {
  /** Where, as messages say it: "the stack configuration", "the environment" or a file. */
  place: string;
  /** @param warn tells what is no failure and must be known all the same */
  open(warn: (message: string) => void): OpenAccount;
}

/** A system that can be asked. */
export interface OpenAccount {
  readonly lifecycles: Readonly<Partial<Record<ResourceKind, Lifecycle<Properties, Properties>>>>;
  /** All objects of the kinds that can carry a mark. */
  inventory(within: Within): Promise<Inventory>;
  close(): Promise<void>;
}

/** How an object that exists becomes one of a kind. */
export interface Importable {
  /** The parents in its composite id, in order, before its own id. */
  parents: readonly string[];
  /** What its own id is called. */
  own: string;
  /** The object can be found by its own id alone, too. */
  parentsOptional?: boolean;
  /** Inputs that the service may not know: the option by which a command is told of each. Their values are ids. */
  told?: Readonly<Record<string, string>>;
  /** Optional inputs that the service reports where they are set: one that it does not report is not set. */
  reported: readonly string[];
  /** What read looks up only where the state has it, at a call each: asked for with a value that no object has. */
  asked: Properties;
  /**
   * What is known only of an object that exists: inputs that read keeps under another name, or that the user has `told`.
   * Refuses another kind's object.
   */
  complete(id: string, live: Properties, told?: Properties): Properties;
}

/** Where objects are looked for. */
export interface Within {
  /** IDs of services; all of the account where none is named. */
  services: readonly string[];
}

export interface Inventory {
  objects: Found[];
  /** The key of an object that a state has, `undefined` of what is none of this system. */
  keyOf(recorded: Recorded): string | undefined;
}

/** A resource of an exported state. */
export interface Recorded {
  type: string;
  id: string;
  urn: string;
  outputs: unknown;
}

/** An object of a kind that can carry a mark, with or without one. */
export interface Found extends Named {
  kind: ResourceKind;
  /** As the service has it. */
  id: string;
  /** The id with its parents, as it is imported. */
  path: string;
  /** Options that lead to it. */
  options: readonly string[];
  /** The key of the object that can't be deleted before it. */
  holds?: string | undefined;
  name: string;
  status: string;
  /** Its status goes without saying. */
  usable: boolean;
  /** It is being deleted, or is deleted and still listed. */
  leaving: boolean;
  /** It goes with what it `holds`, which is on its way: it is left behind by nobody. */
  follows?: boolean;
  /** As the service writes it. */
  createdAt: string | undefined;
  /** The same by this machine's clock, in milliseconds since the epoch. */
  madeAt: number | undefined;
  /** With its unit, where it has one. */
  size?: string | undefined;
  mark: string | undefined;
  /** Why the mark may be none of ours, a sentence. */
  doubt?: string | undefined;
  /** For scripts. */
  details: Properties;
  /** What has a higher one is deleted later. */
  phase: number;
  /** Within a phase the younger goes first, and of what was made in the same second what has the lower rank. */
  rank: number;
  /** What is still to be said of it when it is deleted and not purged. */
  afterwards?: string | undefined;
  remove(operation: Waiting, how: { purge: boolean }): Promise<void>;
}

/** What is said of an object that is not deleted. */
export interface OrphanWords {
  /** None has the id. */
  absent: string;
  /** It carries no mark. */
  unmarked: string;
  /** The same in short, of one that holds another. */
  byHand: string;
  /** Others have to go first. */
  held: string;
}
