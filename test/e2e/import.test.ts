import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { OvhSimulator } from "../../provider/simulators";
import { byHand } from "../ovh/support/byHand";
import { holdfast, importAsTold } from "./support/importing";
import { changes } from "./support/project";
import { test } from "./support/test";

/** Ten commands of the engine each. */
const LIMIT_MS = 480_000;

const writes = (simulator: OvhSimulator) =>
  simulator.calls.filter(({ method, path }) => method !== "GET" && path.includes("/storage/"));

test(
  "a share made by hand is adopted without a change, then renamed, extended and deleted as our own",
  async ({ project, simulator }) => {
    const storage = byHand(simulator);
    const { id } = await storage.createShare({ protocol: "NFS", size: 100, name: "orders", description: "by hand" });
    const before = writes(simulator).length;
    const live = () => simulator.model.shares.find((share) => share.id === id);
    await project.program(`new Share("orders", { serviceName, size: 100 });`);

    await importAsTold(project, await holdfast(project, "ovh:Share", "orders", `${simulator.serviceName}/${id}`));
    const preview = await project.preview("--diff", "--expect-no-changes");
    expect([preview.code, changes(preview)], preview.text).toEqual([0, []]);
    const protectedStill = await project.destroy();
    expect(protectedStill.code).not.toBe(0);
    expect(protectedStill.text).toContain("is protected");
    const refreshed = await project.refresh("--expect-no-changes");
    expect(refreshed.code, refreshed.text).toBe(0);
    const unchanged = await project.up();
    expect([unchanged.code, changes(unchanged)], unchanged.text).toEqual([0, []]);
    expect(writes(simulator)).toHaveLength(before);

    await project.program(`new Share("orders", { serviceName, size: 150, name: "orders-2" });`);
    const changing = await project.preview("--diff");
    expect(changing.text).toMatch(/~ size *: 100 => 150/);
    expect(changing.text).toMatch(/\+ name *: "orders-2"/);
    expect(changing.text).not.toContain("description");
    const changed = await project.up();
    expect([changed.code, changes(changed)], changed.text).toEqual([0, ["update orders"]]);
    expect(live()).toMatchObject({ name: "orders-2", size: 150, description: "by hand" });

    expect(changes(await project.up())).toEqual([]);
    const destroyed = await project.destroy();
    expect(destroyed.code, destroyed.text).toBe(0);
    expect(live()).toBeUndefined();
  },
  LIMIT_MS,
);

test(
  "the account of the selected stack's configuration comes before the environment's, as for pulumi up",
  async ({ project, simulator }) => {
    await project.program(`new Share("production", { serviceName, size: 100 });`);
    const { applicationKey, applicationSecret, consumerKey } = simulator.credentials;
    for (const [key, value] of Object.entries({ endpoint: simulator.url, applicationKey })) {
      await project.pulumi("config", "set", `ovh:${key}`, value);
    }
    for (const [key, value] of Object.entries({ applicationSecret, consumerKey })) {
      await project.pulumi("config", "set", "--secret", `ovh:${key}`, value);
    }
    project.env["OVH_CONSUMER_KEY"] = "of-another-account";

    const printed = await holdfast(project, "ovh:Share", "production", `${simulator.serviceName}/${simulator.shareId}`);
    expect(printed).toContain("Read with the credentials from the stack configuration.");
    await importAsTold(project, printed);
    const preview = await project.preview("--expect-no-changes");
    expect(preview.code, preview.text).toBe(0);
  },
  LIMIT_MS,
);

test(
  "everything in a component is adopted by the file that a preview wrote, with optional properties left out and given",
  async ({ project, simulator }) => {
    const storage = byHand(simulator);
    const { serviceName, shareId } = simulator;
    const contents = storage.share(shareId);
    const point = await contents.createSnapshot({ name: "point", description: "theirs" });
    const [automatic] = simulator.model.snapshots.filter(({ type }) => type === "automatic");
    const held = await contents.holdSnapshot(automatic?.id ?? "");
    const wanted = { protocol: "NFS" as const, size: 120, name: "clone", mountPointName: "training" };
    const clone = await storage.createShare({ ...wanted, snapshotID: point.id });
    const rule = await storage.share(clone.id).createAccessRule({ accessTo: "10.0.5.0/24", accessLevel: "rw" });
    const before = writes(simulator).length;
    const program = (trigger: number, description: string) => `
      class Training extends pulumi.ComponentResource {
        constructor(name, opts) {
          super("test:index:Training", name, {}, opts);
          const parent = { parent: this };
          const shareId = new Share("data", { serviceName, size: 100, name: "production" }, parent).id;
          const point = new Snapshot("point", { serviceName, shareId, description: "${description}" }, parent);
          new HeldSnapshot("held", { serviceName, shareId, select: { newest: true }, trigger: ${trigger} }, parent);
          const clone = new ShareClone("data-clone", { serviceName, snapshotId: point.id, size: 120, mountPointName: "training" },
            { ...parent, customTimeouts: { create: "2h" } });
          new ShareAccessRule("rule", { serviceName, shareId: clone.id, accessTo: "10.0.5.0/24", accessLevel: "rw" }, parent);
        }
      }
      new Training("training");
    `;
    await project.program(program(1, "theirs"));
    const pending = await project.preview("--import-file", "pending.json");
    expect(pending.code, pending.text).toBe(0);

    const file = join(project.folder, "pending.json");
    const ids = new Map([
      ["data", `${serviceName}/${shareId}`],
      ["point", `${serviceName}/${shareId}/${point.id}`],
      ["held", `${serviceName}/${shareId}/${held.id}`],
      ["data-clone", `${serviceName}/${clone.id}`],
      ["rule", `${serviceName}/${clone.id}/${rule.id}`],
    ]);
    const content: { resources: { name: string; id?: string }[] } = JSON.parse(await readFile(file, "utf8"));
    expect(content.resources.filter(({ id }) => id === "<PLACEHOLDER>")).toHaveLength(ids.size);
    for (const entry of content.resources) if (entry.id !== undefined) entry.id = ids.get(entry.name) ?? "";
    await writeFile(file, JSON.stringify(content));
    await importAsTold(project, await holdfast(project, "--file", "pending.json"), "--protect=false");

    const preview = await project.preview("--diff", "--expect-no-changes");
    expect([preview.code, changes(preview)], preview.text).toEqual([0, []]);
    expect(changes(await project.up())).toEqual([]);
    const refreshed = await project.refresh("--expect-no-changes");
    expect(refreshed.code, refreshed.text).toBe(0);
    expect(changes(await project.up())).toEqual([]);
    expect(writes(simulator)).toHaveLength(before);
    expect(new Set([...(await project.state()).values()].map(({ id }) => id))).toEqual(
      new Set([shareId, point.id, held.id, clone.id, rule.id]),
    );

    await project.program(program(2, ""));
    const changing = await project.preview();
    expect(changes(changing).toSorted(), changing.text).toEqual([
      "create-replacement held",
      "delete-replaced held",
      "replace held",
      "update point",
    ]);
    const destroyed = await project.destroy();
    expect(destroyed.code, destroyed.text).toBe(0);
    expect(simulator.model.shares).toEqual([]);
  },
  LIMIT_MS,
);
