import { systemClock } from "../core/clock";
import { placeOf } from "../core/credentials";
import type { Account, AccountSources, System } from "../core/system";
import { defaultOvhFiles, findOvhAccount, type OvhAccount, type OvhSources, readOvhAccount } from "./account";
import { createFileStorages } from "./client";
import { ALL_FIELDS, configKey } from "./credentials";
import { ovhActions, ovhImports } from "./imports";
import { ovhInventory, ownId } from "./inventory";
import { ovhLifecycles } from "./lifecycles";
import { createServices } from "./services";
import { requestsPerSecond } from "./settings";
import { ovhTransport } from "./transport";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** OVHcloud Enterprise File Storage, for the commands. */
export const ovh: System = {
  name: "ovh",
  title: "OVHcloud",
  configKeys: [...ALL_FIELDS, "endpoint" as const].map(configKey),
  ids: { pattern: UUID, one: "a UUID", many: "UUIDs", parse: (text) => text },
  imports: ovhImports,
  actions: ovhActions,
  purges: false,
  services: true,
  words: {
    absent:
      "no share, snapshot or snapshot policy has this id in the services that were looked at. Access rules carry no mark: see the control panel.",
    unmarked:
      "carries no mark of Holdfast: somebody else made it, or it is a held snapshot. Delete it in the control panel.",
    byHand: "carries no mark: delete it in the control panel",
    held: "has manual snapshots, and the service deletes no share that has any. Delete these first:",
  },
  summary: ({ name, size, accessTo, accessLevel }) => [
    typeof name === "string" ? `"${name}"` : textOf(accessTo),
    typeof size === "number" ? `${size} GiB` : textOf(accessLevel),
  ],
  // A share is the same one whatever it is taken for.
  key: (_kind, id) => ownId(id),
  named(given) {
    const own = ownId(given);
    return UUID.test(own) ? { key: own, called: own } : undefined;
  },
  hasAccount: (sources) => findOvhAccount(ovhSources(sources)) !== undefined,
  account: (sources) => ovhAccess(readOvhAccount(ovhSources(sources)), sources.environment),
};

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const ovhSources = ({ config, environment, folder }: AccountSources): OvhSources => ({
  ...(config && { config }),
  environment,
  files: defaultOvhFiles(environment, folder),
});

/** An account that is known. */
export const ovhAccess = (account: OvhAccount, environment: NodeJS.ProcessEnv): Account => ({
  place: placeOf(account.source),
  open() {
    const rate = requestsPerSecond.read(() => undefined, environment);
    const transport = ovhTransport(account, { requestsPerSecond: rate });
    const { signal } = new AbortController();
    const client = { transport: async () => transport, clock: systemClock, signal };
    const storageOf = createFileStorages(client);
    return {
      lifecycles: ovhLifecycles(storageOf),
      async inventory({ services }) {
        const named = services.length > 0 ? services : (await createServices(client).recent(0)).map(({ id }) => id);
        return ovhInventory(named.map(storageOf));
      },
      close: () => transport.close(),
    };
  },
});
