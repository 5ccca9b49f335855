import { liveReader } from "../../../provider/cli/import/live";
import type { ResourceKind } from "../../../provider/kinds";
import type { Call } from "./calls";
import type { World } from "./service";

/** What only a person can do, after which fault of which calls, and with which words the message asks for it. */
interface Help {
  fault: string;
  call: RegExp;
  asked: RegExp;
  act: (world: World, asked: RegExpExecArray) => void | Promise<void>;
}

const FAILED = new Set(["error_deleting", "extending_error", "shrinking_error"]);

/** The service takes no call for what is in such a state (Manila): OVHcloud's support brings it back. */
function support({ simulator: { model } }: World): void {
  for (const { id, status } of [...model.shares, ...model.snapshots]) {
    if (FAILED.has(status)) model.setStatus(id, "available");
  }
}

/** `npx pulumi-holdfast import ...` and `pulumi import`, as the message says. */
async function importIt({ simulator, stack }: World, [, , name = "", id = ""]: RegExpExecArray): Promise<void> {
  const { url, credentials } = simulator;
  const { applicationKey, applicationSecret, consumerKey } = credentials;
  const reader = liveReader({
    endpoint: url,
    apiUrl: new URL(url),
    credentials: { kind: "applicationKeys", applicationKey, applicationSecret, consumerKey },
    source: "environment",
  });
  try {
    const kind: ResourceKind = "ovh:HeldSnapshot";
    const { id: own, inputs, outputs } = await reader.read({ kind, name, id });
    stack.put(kind, name, { id: own, inputs, outputs, initErrors: [] });
  } finally {
    await reader.close();
  }
}

const HELP: readonly Help[] = [
  {
    // A hold carries no mark of ours: whose it is can't be told, and another one would go back in time.
    fault: "lost, then nothing until the command ends",
    call: /^POST .*\/hold$/,
    asked:
      /Nothing was held\. To keep it, run npx pulumi-holdfast import (ovh:HeldSnapshot) (\S+) (\S+); then pulumi import\./,
    act: importIt,
  },
  {
    fault: "a state that fails",
    call: /^DELETE .*\/(share|snapshot)\/|^POST .*\/(extend|shrink)$/,
    asked: /ask (OVHcloud's|the service's) support/,
    act: support,
  },
];

/** Does what a message asks for, where that is needed after this fault; answers whether anything was done. */
export async function helped(world: World, fault: string, { method, path }: Call, message: string): Promise<boolean> {
  for (const help of HELP) {
    if (help.fault !== fault || !help.call.test(`${method} ${path}`)) continue;
    const asked = help.asked.exec(message);
    if (asked === null) continue;
    await help.act(world, asked);
    return true;
  }
  return false;
}
