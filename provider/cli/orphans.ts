import { parseArgs } from "node:util";
import type { Found, Named, OpenAccount, System } from "../core/system";
import { accountsOf } from "./accounts";
import { type Condemned, type Reasons, refusals, remove } from "./orphans/remove";
import { asJson, asText, NO_STATES, titleOf } from "./orphans/show";
import { managedIn, readStates } from "./orphans/states";
import { SYSTEMS } from "./systems";
import { type CommandHost, explained, orderOf, terminal, UsageError } from "./usage";

const USAGE = `Usage: npx pulumi-holdfast orphans [--service ID ...] [--stack-file FILE ...] [--delete ID ...] [options]

Lists shares, clones, snapshots and snapshot policies that carry a mark of Holdfast and are in no given state: an
interrupted run has left them behind, or they were kept on purpose (retainOnDelete, pulumi state delete). Access rules
and held snapshots carry no mark, and are not listed.

Options:
  --service ID       a service to look at; several may be named (default: all services of the account)
  --stack-file FILE  a state, written by pulumi stack export --file FILE; give one for each stack that uses the service
  --delete ID        delete this object and wait until it is gone; several may be named. Refused without --stack-file,
                     and for what carries no mark, is in a given state, or is newer than a given file
  --json             write JSON
  --stack NAME       the stack whose configuration has the credentials (default: the selected one)
  --no-stack         leave the stack's configuration aside: the credentials come from environment and files
  -h, --help         show this text

The exit code is 0, or 1 when something was not deleted that was to be.

Example:
  pulumi stack export --stack dev --file dev.json
  npx pulumi-holdfast orphans --stack-file dev.json
`;

interface Order {
  help: boolean;
  systems: readonly System[];
  /** The user has named them: each is needed. */
  named: boolean;
  services: string[];
  stackFiles: string[];
  condemned: Condemned[];
  purge: boolean;
  json: boolean;
  /** The stack that is named; `false` for none at all, `undefined` for the selected one. */
  stack: string | false | undefined;
}

function parse(args: string[]): Order {
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
  const { help, json, purge, service, delete: ids, "stack-file": stackFiles } = values;
  if (values.stack !== undefined && values["no-stack"]) throw new UsageError("Give --stack or --no-stack, not both");
  if (ids.length > 0 && stackFiles.length === 0) {
    throw new UsageError("--delete needs --stack-file: without the states it can't be told what a stack manages");
  }
  const chosen = values.system.length === 0 ? SYSTEMS : systemsNamed(values.system);
  const services = named(
    "--service",
    service,
    chosen.filter((system) => system.services),
  );
  const objects = named("--delete", ids, chosen);
  if (purge && !objects.some(({ system }) => system.purges)) {
    throw new UsageError("--purge goes with --delete of a volume: nothing else stays restorable");
  }
  return {
    help,
    // What is named tells where it is.
    systems:
      services.length + objects.length === 0
        ? chosen
        : [...new Set([...services, ...objects].map(({ system }) => system))],
    named: values.system.length + services.length + objects.length > 0,
    services: services.map(({ called }) => called),
    stackFiles,
    condemned: objects.map(({ system: { words }, ...one }) => ({ ...one, words })),
    purge,
    json,
    stack: values["no-stack"] ? false : values.stack,
  };
}

function systemsNamed(names: readonly string[]): System[] {
  return names.map((name) => {
    const system = SYSTEMS.find((one) => one.name === name);
    if (system !== undefined) return system;
    throw new UsageError(`--system takes ${SYSTEMS.map((one) => one.name).join(" or ")}, not "${name}"`);
  });
}

/** Each once. */
function named(option: string, given: readonly string[], systems: readonly System[]): (Named & { system: System })[] {
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

/**
 * The `holdfast orphans` subcommand.
 * @param args - What stands after `orphans`.
 * @returns The exit code: 0, 2 for bad arguments, 1 when something was not deleted that was to be.
 * @throws HoldfastError when a file is no exported state, there are no credentials, or the service refuses
 */
export async function orphans(args: string[], host: CommandHost = terminal()): Promise<number> {
  const order = orderOf("orphans", USAGE, host, () => parse(args));
  if (typeof order === "number") return order;
  const states = readStates(order.stackFiles, host.folder);
  const accounts = await accountsOf({ systems: order.systems, each: order.named, stack: order.stack }, host);
  const opened: OpenAccount[] = [];
  try {
    for (const account of accounts.values()) opened.push(account.open((warning) => host.err(`${warning}\n`)));
    const inventories = [];
    for (const account of opened) inventories.push(await account.inventory({ services: order.services }));
    const objects = inventories.flatMap((one) => one.objects);
    const managed = managedIn(states, inventories);
    if (states !== undefined && order.condemned.length > 0) {
      const refused = refusals(order.condemned, { objects, states, managed });
      return await deleted(order, refused, objects, host);
    }
    const marked = objects.filter(({ mark, leaving }) => mark !== undefined && !leaving);
    const left = marked.filter(({ key }) => !managed.has(key));
    const given = { states, account: accountOptions(order) };
    if (order.json && states === undefined) host.err(`${NO_STATES}\n`);
    host.out((order.json ? asJson : asText)(left, marked.length - left.length, given));
    return 0;
  } finally {
    for (const account of opened) await account.close();
  }
}

const accountOptions = ({ stack }: Order): string[] =>
  stack === false ? ["--no-stack"] : stack === undefined ? [] : ["--stack", stack];

async function deleted(
  { condemned, purge, json }: Order,
  refused: Reasons,
  objects: readonly Found[],
  { out, err }: CommandHost,
): Promise<number> {
  const gone: string[] = [];
  const wanted = refused.size > 0 ? [] : objects.filter(({ key }) => condemned.some((one) => one.key === key));
  const failed = await remove(wanted, { purge }, err, (object) => {
    gone.push(object.called);
    const afterwards = purge || object.afterwards === undefined ? "" : `: ${object.afterwards}`;
    if (!json) out(`${titleOf(object)} is deleted${afterwards}.\n`);
  });
  const reasons = [...refused, ...failed];
  if (json) {
    const notDeleted = reasons.map(([id, reason]) => ({ id, reason }));
    out(`${JSON.stringify({ deleted: gone, notDeleted }, undefined, 2)}\n`);
  }
  if (reasons.length === 0) return 0;
  const head = refused.size > 0 ? "nothing was deleted" : `${reasons.length} of ${condemned.length} not deleted`;
  err(`holdfast orphans: ${head}.\n${reasons.map(([id, reason]) => `  ${id}: ${reason}\n`).join("")}`);
  return 1;
}
