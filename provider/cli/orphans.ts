import { parseArgs } from "node:util";
import { systemClock } from "../core/clock";
import { createFileStorages, type FileStorage } from "../ovh/client";
import { createServices } from "../ovh/services";
import { requestsPerSecond } from "../ovh/settings";
import { LEAVING } from "../ovh/shareStates";
import { ovhTransport } from "../ovh/transport";
import { importAccount } from "./import/account";
import { type Found, findObjects } from "./orphans/find";
import { type Reasons, refusals, remove } from "./orphans/remove";
import { asJson, asText, NO_STATES, titleOf } from "./orphans/show";
import { readStates } from "./orphans/states";
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
  services: string[];
  stackFiles: string[];
  ids: string[];
  json: boolean;
  /** The stack that is named; `false` for none at all, `undefined` for the selected one. */
  stack: string | false | undefined;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function parse(args: string[]): Order {
  const { values } = explained(() =>
    parseArgs({
      args,
      options: {
        service: { type: "string", multiple: true, default: [] },
        "stack-file": { type: "string", multiple: true, default: [] },
        delete: { type: "string", multiple: true, default: [] },
        json: { type: "boolean", default: false },
        stack: { type: "string" },
        "no-stack": { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }),
  );
  const { help, json, service, delete: ids, "stack-file": stackFiles } = values;
  if (values.stack !== undefined && values["no-stack"]) throw new UsageError("Give --stack or --no-stack, not both");
  if (ids.length > 0 && stackFiles.length === 0) {
    throw new UsageError("--delete needs --stack-file: without the states it can't be told what a stack manages");
  }
  const stack = values["no-stack"] ? false : values.stack;
  return { help, services: idsOf("--service", service), stackFiles, ids: idsOf("--delete", ids), json, stack };
}

/** Each once. Of a path, as it is imported with, the last part is the object's own. */
function idsOf(option: string, given: readonly string[]): string[] {
  const ids = given.map((text) => text.toLowerCase().split("/").at(-1) ?? "");
  const wrong = ids.findIndex((id) => !UUID.test(id));
  if (wrong >= 0) throw new UsageError(`${option} takes an id, a UUID, and "${given[wrong]}" is none`);
  return [...new Set(ids)];
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
  const account = await importAccount(order.stack, host);
  const rate = requestsPerSecond.read(() => undefined, host.environment);
  const transport = ovhTransport(account, { requestsPerSecond: rate });
  try {
    const signal = new AbortController().signal;
    const client = { transport: async () => transport, clock: systemClock, signal };
    const storageOf = createFileStorages(client);
    const services =
      order.services.length > 0 ? order.services : (await createServices(client).recent(0)).map(({ id }) => id);
    const objects = await findAll(services.map(storageOf));
    if (states !== undefined && order.ids.length > 0) {
      const refused = refusals(order.ids, objects, states);
      return await deleted(order, refused, objects, host);
    }
    const marked = objects.filter(({ mark, status }) => mark !== undefined && !LEAVING.has(status));
    const left = marked.filter(({ id }) => !states?.managed.has(id));
    const given = { states, account: accountOptions(order) };
    if (order.json && states === undefined) host.err(`${NO_STATES}\n`);
    host.out((order.json ? asJson : asText)(left, marked.length - left.length, given));
    return 0;
  } finally {
    await transport.close();
  }
}

const accountOptions = ({ stack }: Order): string[] =>
  stack === false ? ["--no-stack"] : stack === undefined ? [] : ["--stack", stack];

async function findAll(storages: readonly FileStorage[]): Promise<Found[]> {
  const found: Found[] = [];
  for (const storage of storages) found.push(...(await findObjects(storage)));
  return found;
}

async function deleted(
  { ids, json }: Order,
  refused: Reasons,
  objects: readonly Found[],
  { out, err }: CommandHost,
): Promise<number> {
  const gone: string[] = [];
  const wanted = refused.size > 0 ? [] : objects.filter(({ id }) => ids.includes(id));
  const failed = await remove(wanted, err, (object) => {
    gone.push(object.id);
    if (!json) out(`${titleOf(object)} is deleted.\n`);
  });
  const reasons = [...refused, ...failed];
  if (json) {
    const notDeleted = reasons.map(([id, reason]) => ({ id, reason }));
    out(`${JSON.stringify({ deleted: gone, notDeleted }, undefined, 2)}\n`);
  }
  if (reasons.length === 0) return 0;
  const head = refused.size > 0 ? "nothing was deleted" : `${reasons.length} of ${ids.length} not deleted`;
  err(`holdfast orphans: ${head}.\n${reasons.map(([id, reason]) => `  ${id}: ${reason}\n`).join("")}`);
  return 1;
}
