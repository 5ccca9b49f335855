import type { Found, OpenAccount } from "../core/system";
import { accountsOf } from "./accounts";
import { type Order, parse, USAGE } from "./orphans/order";
import { type Reasons, refusals, remove } from "./orphans/remove";
import { asJson, asText, NO_STATES, titleOf } from "./orphans/show";
import { managedIn, readStates } from "./orphans/states";
import { type CommandHost, orderOf, terminal } from "./usage";

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
  const accounts = await accountsOf({ systems: order.systems, each: order.each, stack: order.stack }, host);
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
    const marked = objects.filter(({ mark, leaving, follows }) => mark !== undefined && !leaving && !follows);
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
