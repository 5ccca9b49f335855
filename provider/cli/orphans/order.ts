import { parseArgs } from "node:util";
import type { Named, System } from "../../core/system";
import { SYSTEMS } from "../systems";
import { explained, UsageError } from "../usage";
import type { Condemned } from "./remove";

export const USAGE = `Usage: npx pulumi-holdfast orphans [--stack-file FILE ...] [--delete ID ...] [options]

Lists what carries a mark of Holdfast and is in no given state: an interrupted run has left it behind, or it was kept on
purpose (retainOnDelete, pulumi state delete). These are volumes and snapshots of the NetApp Element cluster, and shares,
clones, snapshots and snapshot policies of the services at OVHcloud. Access rules
and held snapshots carry no mark, and are not listed.

Options:
  --system NAME      ovh or element (default: each whose credentials are there)
  --service ID       a service of OVHcloud to look at; several may be named (default: all services of the account)
  --stack-file FILE  a state, written by pulumi stack export --file FILE; give one for each stack that uses the service
  --delete ID        delete this object and wait until it is gone; several may be named. On Element the number of a
                     volume, or <volumeID>/<snapshotID>. Refused without --stack-file, and for what carries no mark, is in
                     a given state, or is newer than a given file
  --purge            with --delete: remove volumes for ever, instead of keeping them restorable for 8 hours
  --json             write JSON
  --stack NAME       the stack whose configuration has the credentials (default: the selected one)
  --no-stack         leave the stack's configuration aside: the credentials come from environment and files
  -h, --help         show this text

The exit code is 0, or 1 when something was not deleted that was to be.

Example:
  pulumi stack export --stack dev --file dev.json
  npx pulumi-holdfast orphans --stack-file dev.json
`;

export interface Order {
  help: boolean;
  systems: readonly System[];
  /** The user has named them: each is needed. */
  each: boolean;
  services: string[];
  stackFiles: string[];
  condemned: Condemned[];
  purge: boolean;
  json: boolean;
  /** The stack that is named; `false` for none at all, `undefined` for the selected one. */
  stack: string | false | undefined;
}

export function parse(args: string[]): Order {
  const { values } = explained(() =>
    parseArgs({
      args,
      options: {
        system: { type: "string", multiple: true, default: [] },
        service: { type: "string", multiple: true, default: [] },
        "stack-file": { type: "string", multiple: true, default: [] },
        delete: { type: "string", multiple: true, default: [] },
        purge: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        stack: { type: "string" },
        "no-stack": { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }),
  );
  const { help, json, purge, delete: ids, "stack-file": stackFiles } = values;
  if (values.stack !== undefined && values["no-stack"]) throw new UsageError("Give --stack or --no-stack, not both");
  if (ids.length > 0 && stackFiles.length === 0) {
    throw new UsageError("--delete needs --stack-file: without the states it can't be told what a stack manages");
  }
  const chosen = values.system.length === 0 ? SYSTEMS : systemsNamed(values.system);
  const services = servicesNamed(values.service, chosen);
  const objects = named("--delete", ids, chosen);
  if (purge && !objects.some(({ system }) => system.purges)) {
    throw new UsageError("--purge goes with --delete of a volume: nothing else stays restorable");
  }
  // What is named tells where it is.
  const told = [...new Set([...services, ...objects].map(({ system }) => system))];
  return {
    help,
    systems: told.length > 0 ? told : chosen,
    each: values.system.length + told.length > 0,
    services: services.map(({ called }) => called),
    stackFiles,
    condemned: objects.map(({ system: { words }, ...one }) => ({ ...one, words })),
    purge,
    json,
    stack: values["no-stack"] ? false : values.stack,
  };
}

function systemsNamed(names: readonly string[]): System[] {
  const systems = names.map((name) => {
    const system = SYSTEMS.find((one) => one.name === name);
    if (system !== undefined) return system;
    throw new UsageError(`--system takes ${SYSTEMS.map((one) => one.name).join(" or ")}, not "${name}"`);
  });
  return [...new Set(systems)];
}

type Known = Named & { system: System };

function servicesNamed(given: readonly string[], chosen: readonly System[]): Known[] {
  const withServices = ({ services }: System) => services;
  if (given.length > 0 && !chosen.some(withServices)) {
    const those = SYSTEMS.filter(withServices).map(({ name }) => name);
    throw new UsageError(`--service is for ${those.join(" and ")} alone`);
  }
  return named("--service", given, chosen.filter(withServices));
}

/** Each once. */
function named(option: string, given: readonly string[], systems: readonly System[]): Known[] {
  const all = given.map((text) => {
    for (const system of systems) {
      const one = system.named(text);
      if (one !== undefined) return { ...one, system };
    }
    const forms = systems.map(({ ids }) => ids.one).join(" or ");
    throw new UsageError(`${option} takes an id, ${forms}, and "${text}" is none`);
  });
  return [...new Map(all.map((one) => [one.key, one])).values()];
}
