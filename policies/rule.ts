import type {
  PolicyConfigSchema,
  ReportViolation,
  ResourceValidationPolicy,
  Severity,
  StackValidationPolicy,
} from "@pulumi/policy";
import { called, exists, type InStack, type Seen } from "./seen";
import { settingsOf } from "./settings";

/** A rule as the SDK takes it: decided on a resource's own inputs, on the whole stack, or on both under one name. */
export type Rule = ResourceValidationPolicy &
  Partial<StackValidationPolicy> & {
    /** Throws for settings that it does not have or can't use. */
    checkSettings: (settings: object) => void;
  };

/** What a rule answers. `of` is the resource that is named, and that Pulumi shows the answer with. */
export interface Verdict<C> {
  config: C;
  /** It is wrong: `problem` goes on after the resource's name. */
  violation(of: Seen, problem: string): void;
  /** It could be better: no more than advice, whatever the rule's level. */
  advice(of: Seen, problem: string): void;
  /** It can't be told yet. `decider` says who will, and when. */
  undecided(of: Seen, problem: string, decider: string): void;
}

/** Values of a setting, with their default. */
export type Setting<T> = PolicyConfigSchema["properties"][string] & { description: string; default: T };

export interface RuleArgs<C> {
  name: string;
  description: string;
  level: "advisory" | "mandatory";
  severity: Severity;
  remedy: string;
  settings: { [K in keyof C]: Setting<C[K]> };
  /** What is wrong with settings that have the right types. */
  problem?: (config: C) => string | undefined;
  /** Decides on the inputs of each resource of these types: before it is made, even where a preview is skipped. Of what exists, it sees no more. */
  resource?: { types: readonly string[]; decide: (resource: Seen, verdict: Verdict<C>) => void };
  /** Decides on all resources, in the end: only for what needs more than one of them. Skipped where none is of the type. */
  stack?: { type?: string; decide: (resources: InStack[], verdict: Verdict<C>) => void };
}

/** The setting of a mandatory rule that sometimes can't decide in a preview. */
export interface Undecided {
  undecided: "advisory" | "mandatory";
}
export const undecided: Setting<Undecided["undecided"]> = {
  type: "string",
  enum: ["advisory", "mandatory"],
  default: "advisory",
  description: "Whether what a preview can't decide yet is only noted, or counts as a violation of the rule.",
};

/**
 * Makes a policy of a rule. The SDK runs the two parts of one policy apart: a rule takes care that only one of them speaks
 * about a resource.
 */
export function rule<C extends object>(args: RuleArgs<C>): Rule {
  const { name, description, level, severity, remedy, settings, resource, stack } = args;
  const verdict = (given: object, report: ReportViolation): Verdict<C> => {
    const config = settingsOf(args, given);
    const insists = "undecided" in config && config.undecided === "mandatory";
    // Not in the SDK's typings, but in its server since 1.20: a level of its own for one report.
    const note = report as (violation: string | { message: string; urn: string; enforcementLevel: "advisory" }) => void;
    const advise = (of: Seen, message: string) =>
      note({ message: `${description}\n${message}`, urn: of.urn, enforcementLevel: "advisory" });
    return {
      config,
      violation: (of, problem) => report(`${called(of)}: ${problem}`, of.urn),
      advice: (of, problem) => advise(of, `${called(of)}: ${problem}`),
      undecided: (of, problem, decider) => {
        const message = `${called(of)}: not decided yet: ${problem} ${decider}`;
        if (exists(of)) return;
        if (insists) report(message, of.urn);
        else advise(of, message);
      },
    };
  };

  const policy: Rule = {
    name,
    description,
    enforcementLevel: level,
    severity,
    remediationSteps: remedy,
    configSchema: { properties: { ...settings } },
    checkSettings: (given) => void settingsOf(args, given),
  };
  if (resource !== undefined) {
    const validate: ResourceValidationPolicy["validateResource"] = (seen, report) => {
      if (resource.types.includes(seen.type)) resource.decide(seen, verdict(seen.getConfig(), report));
    };
    policy.validateResource = forType(validate, resource.types.length === 1 ? resource.types[0] : undefined);
  }
  if (stack !== undefined) {
    const validate: StackValidationPolicy["validateStack"] = ({ resources, getConfig }, report) =>
      stack.decide(resources, verdict(getConfig(), report));
    policy.validateStack = forType(validate, stack.type);
  }
  return policy;
}

/** The SDK unpacks no resource for a function that is marked with another type. */
const forType = <F extends object>(validate: F, type: string | undefined): F =>
  type === undefined ? validate : Object.assign(validate, { __pulumiType: type });
