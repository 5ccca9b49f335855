import { liveReader } from "../../../../provider/cli/import/live";
import type { ResourceKind } from "../../../../provider/kinds";
import { ovhAccess } from "../../../../provider/ovh/system";
import type { Help } from "../system";
import { undone } from "./revert";
import type { OvhWorld } from "./service";

const FAILED = new Set(["error_deleting", "extending_error", "shrinking_error", "reverting_error"]);

/** The service takes no call for what is in such a state (Manila): OVHcloud's support brings it back. */
function support({ simulator: { model } }: OvhWorld): void {
  for (const { id, status } of [...model.shares, ...model.snapshots]) {
    if (FAILED.has(status)) model.setStatus(id, "available");
  }
}

/** `npx pulumi-holdfast import ...` and `pulumi import`, as the message says. */
async function importIt({ simulator, stack }: OvhWorld, [, , name = "", id = ""]: RegExpExecArray): Promise<void> {
  const { url, credentials } = simulator;
  const { applicationKey, applicationSecret, consumerKey } = credentials;
  const account = {
    endpoint: url,
    apiUrl: new URL(url),
    credentials: { kind: "applicationKeys" as const, applicationKey, applicationSecret, consumerKey },
    source: "environment",
  };
  const reader = liveReader(ovhAccess(account, {}));
  try {
    const kind: ResourceKind = "ovh:HeldSnapshot";
    const { id: own, inputs, outputs } = await reader.read({ kind, name, id });
    stack.put(kind, name, { id: own, inputs, outputs, initErrors: [] });
  } finally {
    await reader.close();
  }
}

export const HELP: readonly Help<OvhWorld>[] = [
  {
    // A hold carries no mark of ours: whose it is can't be told, and another one would go back in time.
    fault: "lost, then nothing until the command ends",
    call: /^POST .*\/hold$/,
    asked:
      /Nothing was held\. To keep it, run npx pulumi-holdfast import (ovh:HeldSnapshot) (\S+) (\S+) and then what it prints\./,
    act: importIt,
  },
  {
    // With the old one in the state there is no import: the point is given up, and the next one taken.
    fault: "lost, then nothing until the command ends",
    call: /^POST .*\/hold$/,
    asked:
      /Nothing was held\. Then delete snapshot (\S+), and run pulumi up again when there is a newer automatic one\./,
    act: ({ simulator: { model }, clock, production }, [, id = ""]) => {
      model.rotateAway(id);
      clock.pass(60_000);
      model.takeAutomaticSnapshot(production);
    },
  },
  {
    // An answer without its reason is no proof that nothing was done, and a second revert loses what was written since: only
    // who knows the data can tell. Here they are as they were.
    call: /^POST .*\/revert$/,
    asked: /^ShareRevert undo: It is not known whether .* change trigger to revert it again/,
    act: () => {},
    program: undone(2),
  },
  {
    fault: "a state that fails",
    call: /^POST .*\/revert$/,
    asked: /ask OVHcloud's support .* change trigger to revert it again/,
    act: support,
    program: undone(2),
  },
  {
    fault: "a state that fails",
    call: /^POST .*\/extend$/,
    asked: /^ShareRevert undo: .* is in state "extending_error". It must be available/,
    act: support,
  },
  {
    // A deletion that goes on can't be taken back: `up` makes it anew once a refresh has seen that it is gone.
    call: /./,
    asked:
      /is being deleted by somebody else\. Run pulumi refresh when it is gone\.$| is gone from .* Run pulumi refresh, then/,
    act: async ({ stack, clock }) => {
      clock.pass(10_000);
      await stack.refresh();
    },
  },
  {
    fault: "a state that fails",
    call: /^DELETE .*\/(share|snapshot)\/|^POST .*\/(extend|shrink)$/,
    // The first message has said so; what depends on the object only tells its state.
    asked: /\b[Aa]sk (OVHcloud's|the service's) support|state "error_deleting"/,
    act: support,
  },
];
