import { systemClock } from "../core/clock";
import { connection } from "../core/connection";
import type { Account, AccountSources, System } from "../core/system";
import type { ElementKind } from "../kinds";
import { type ElementAccount, type ElementSources, findElementAccount, readElementAccount } from "./account";
import { createElement } from "./client";
import { ALL_FIELDS, configKey } from "./credentials";
import { elementImports } from "./imports";
import { elementInventory, gibText, keyOf } from "./inventory";
import { elementLifecycles } from "./lifecycles";
import { type Reached, reach } from "./reach";
import { NUMBER } from "./volumes";

/** NetApp Element, for the commands. */
export const element: System = {
  name: "element",
  title: "NetApp Element",
  configKeys: ALL_FIELDS.map(configKey),
  ids: { pattern: NUMBER, one: "a number", many: "numbers", parse: Number },
  imports: elementImports,
  actions: [],
  purges: true,
  services: false,
  words: {
    absent:
      "no volume or snapshot of the cluster has this id. A snapshot is named with its volume, <volumeID>/<snapshotID>.",
    unmarked: "carries no mark of Holdfast: somebody else made it. Delete it in the cluster's user interface.",
    byHand: "carries no mark: delete it in the cluster's user interface",
    held: "has snapshots, which go with it for good when it is purged. Delete these first:",
  },
  summary: ({ name, totalSize }) => [`"${name}"`, typeof totalSize === "number" ? gibText(totalSize) : undefined],
  key: (kind, id) => keyOf(kind as ElementKind, id), // of `imports`
  named(given) {
    const parts = given.split("/");
    const own = parts.at(-1) ?? "";
    if (parts.length > 2 || !parts.every((part) => NUMBER.test(part))) return undefined;
    return { key: keyOf(parts.length === 1 ? "element:VolumeClone" : "element:Snapshot", own), called: given };
  },
  hasAccount: (sources) => findElementAccount(elementSources(sources)) !== undefined,
  account: (sources) => elementAccess(readElementAccount(elementSources(sources))),
};

const elementSources = ({ config = () => undefined, environment }: AccountSources): ElementSources => ({
  config,
  environment,
});

/** An account that is known. */
const elementAccess = (account: ElementAccount): Account => ({
  place: account.wording.place,
  open(warn) {
    let reached: Promise<Reached> | undefined;
    const client = createElement({
      connection: connection(() => {
        reached = reach(account, { warn });
        return reached;
      }),
      clock: systemClock,
      signal: new AbortController().signal,
      warn,
    });
    return {
      lifecycles: elementLifecycles(client),
      inventory: () => elementInventory(client),
      async close() {
        const transport = await reached?.catch(() => undefined);
        await transport?.close();
      },
    };
  },
});
