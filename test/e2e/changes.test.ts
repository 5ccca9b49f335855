import { describe, expect } from "vitest";
import { simulateOvh } from "../../provider/simulators";
import { changes } from "./support/project";
import { test } from "./support/test";

describe("a change of the program", () => {
  test("renames, describes and extends a share and a clone in place", async ({ project, simulator }) => {
    const program = (name: string, size: number, description: string) => `
      const share = new Share("data", { serviceName, size: ${size}, name: "data-${name}", description: "${description}" });
      const taken = new Snapshot("taken", { serviceName, shareId: share.id, name: "taken-${name}", description: "${description}" });
      const clone = new ShareClone("clone", { serviceName, snapshotId: taken.id, size: ${size} + 10, name: "clone-${name}" });
    `;
    await project.program(program("old", 100, "first"));
    await project.up();
    const ids = [...(await project.state()).values()].map(({ id }) => id);

    await project.program(program("new", 150, "second"));
    const preview = await project.preview("--diff");
    const changed = await project.up();

    expect(preview.text).toMatch(/~ size *: 100 => 150/);
    expect(changed.code, changed.text).toBe(0);
    expect(changes(changed).toSorted()).toEqual(["update clone", "update data", "update taken"]);
    expect([...(await project.state()).values()].map(({ id }) => id)).toEqual(ids);
    expect(simulator.model.shares.map(({ name, size, description }) => [name, size, description])).toEqual(
      expect.arrayContaining([
        ["data-new", 150, expect.stringMatching(/^second \[holdfast [a-z2-7]{13}\]$/)],
        ["clone-new", 160, expect.stringMatching(/^\[holdfast [a-z2-7]{13}\]$/)],
      ]),
    );
    expect(simulator.model.snapshots).toContainEqual(
      expect.objectContaining({ name: "taken-new", description: expect.stringMatching(/^second \[holdfast/) }),
    );
  });

  test("renews only what hangs on the trigger, and the clone then holds the new data", async ({
    project,
    simulator,
  }) => {
    const program = (trigger: string) => `
      const other = new Share("other", { serviceName, size: 100 });
      const held = new HeldSnapshot("held", { serviceName, shareId: process.env.SHARE, select: { newest: true }, trigger: "${trigger}" });
      const clone = new ShareClone("clone", { serviceName, snapshotId: held.id, size: 100 });
      new ShareAccessRule("rule", { serviceName, shareId: clone.id, accessTo: "10.0.5.0/24", accessLevel: "rw" });
      export const id = clone.id;
    `;
    simulator.model.writeFile(simulator.shareId, "orders", "1042");
    simulator.model.advanceClock(60_000);
    simulator.model.takeAutomaticSnapshot(simulator.shareId);
    await project.program(program("monday"));
    await project.up();
    simulator.model.writeFile(simulator.shareId, "orders", "1057");
    expect(simulator.model.readFiles(String((await project.outputs())["id"]))).toMatchObject({ orders: "1042" });

    simulator.model.advanceClock(60_000);
    simulator.model.takeAutomaticSnapshot(simulator.shareId);
    await project.program(program("tuesday"));
    const renewed = await project.up();

    expect(renewed.code, renewed.text).toBe(0);
    expect(new Set(changes(renewed).map((change) => change.split(" ")[1]))).toEqual(new Set(["held", "clone", "rule"]));
    expect(simulator.model.readFiles(String((await project.outputs())["id"]))).toMatchObject({ orders: "1057" });
    expect(simulator.model.shares).toHaveLength(3);
    expect(simulator.model.snapshots.filter(({ type }) => type === "manual")).toHaveLength(1);
  });

  test("replaces each kind on what can't be changed in place, without a sleep", async ({ project, simulator }) => {
    const program = (level: string, mount: string) => `
      const share = new Share("data", { serviceName, size: 100, mountPointName: "${mount}" });
      const taken = new Snapshot("taken", { serviceName, shareId: share.id });
      const clone = new ShareClone("clone", { serviceName, snapshotId: taken.id, size: 100, mountPointName: "fixed" });
      new ShareAccessRule("rule", { serviceName, shareId: clone.id, accessTo: "10.0.5.7", accessLevel: "${level}" });
    `;
    for (const kind of ["deleteShare", "deleteSnapshot", "deleteAclRule"] as const) {
      simulator.model.steer(kind, { ms: 300, times: Number.POSITIVE_INFINITY });
    }
    await project.program(program("ro", "one"));
    await project.up();

    await project.program(program("rw", "two"));
    const replaced = await project.up();

    expect(replaced.code, replaced.text).toBe(0);
    expect(
      changes(replaced)
        .filter((change) => change.startsWith("create-replacement"))
        .toSorted(),
    ).toEqual([
      "create-replacement clone",
      "create-replacement data",
      "create-replacement rule",
      "create-replacement taken",
    ]);
    expect(simulator.model.shares).toHaveLength(3);
    const destroyed = await project.destroy();
    expect(destroyed.code, destroyed.text).toBe(0);
    expect(simulator.model.shares).toHaveLength(1);
  });

  test("of customTimeouts alone is recorded and calls no API", async ({ project, simulator }) => {
    const program = (limit: string) =>
      `new Share("data", { serviceName, size: 100 }, { customTimeouts: { delete: "${limit}" } });`;
    await project.program(program("5m"));
    await project.up();
    const calls = simulator.calls.length;

    await project.program(program("1h30m"));
    const changed = await project.up();

    expect(changes(changed)).toEqual(["update data"]);
    expect(simulator.calls).toHaveLength(calls);
    expect((await project.state()).get("data")?.outputs).toMatchObject({ timeouts: { delete: "1h30m" } });
  });

  test("of a resource's name with an alias changes nothing", async ({ project }) => {
    await project.program(`new Share("data", { serviceName, size: 100 });`);
    await project.up();

    await project.program(`new Share("renamed", { serviceName, size: 100 }, { aliases: [{ name: "data" }] });`);
    const renamed = await project.up();

    expect(renamed.code, renamed.text).toBe(0);
    expect(changes(renamed)).toEqual([]);
    expect([...(await project.state()).keys()]).toEqual(["renamed"]);
    expect(changes(await project.up())).toEqual([]);
  });

  test("by --replace makes an object with a name of its own while the old one still exists", async ({
    project,
    simulator,
  }) => {
    await project.program(`new Share("data", { serviceName, size: 100 });`);
    await project.up();
    const [first] = simulator.model.shares.filter(({ id }) => id !== simulator.shareId);

    const replaced = await project.up("--replace", "urn:pulumi:test::e2e::pulumi-nodejs:dynamic/ovh:Share::data");

    expect(replaced.code, replaced.text).toBe(0);
    const [second, ...others] = simulator.model.shares.filter(({ id }) => id !== simulator.shareId);
    expect([first?.name, second?.name, others]).toEqual([
      expect.stringMatching(/^data-\w{13}-0$/),
      first?.name?.replace(/-0$/, "-1"),
      [],
    ]);
  });

  test("of the hint shareId alone changes nothing", async ({ project }) => {
    const program = (hint: string) => `
      const held = new HeldSnapshot("held", { serviceName, shareId: process.env.SHARE, select: { newest: true } });
      new ShareClone("clone", { serviceName, snapshotId: held.id, size: 100${hint} });
    `;
    await project.program(program(""));
    await project.up();

    await project.program(program(", shareId: process.env.SHARE"));
    expect(changes(await project.up())).toEqual([]);
    await project.program(program(""));
    expect(changes(await project.up())).toEqual([]);
  });
});

describe("a change of the world", () => {
  const PROGRAM = `
    const share = new Share("data", { serviceName, size: 100, name: "data", description: "ours" });
    const taken = new Snapshot("taken", { serviceName, shareId: share.id });
    new ShareAccessRule("rule", { serviceName, shareId: share.id, accessTo: "10.0.5.7", accessLevel: "ro" });
  `;

  test("shows in refresh, and the next up repairs it", async ({ project, simulator }) => {
    await project.program(PROGRAM);
    await project.up();
    const share = simulator.model.shares.find(({ name }) => name === "data");
    if (share === undefined) throw new Error("no share");
    Object.assign(share, { name: "renamed", description: "theirs" });

    await project.refresh();
    expect((await project.state()).get("data")?.outputs).toMatchObject({ name: "renamed", description: "theirs" });
    const repaired = await project.up();

    expect(changes(repaired)).toEqual(["update data"]);
    expect(share).toMatchObject({ name: "data", description: "ours" });
  });

  test("an object deleted out of band is made again after a refresh, and blocks neither refresh nor destroy", async ({
    project,
    simulator,
  }) => {
    await project.program(PROGRAM);
    await project.up();
    const id = (await project.state()).get("taken")?.id ?? "";
    simulator.model.rotateAway(id);

    const refreshed = await project.refresh();
    expect(refreshed.code, refreshed.text).toBe(0);
    expect([...(await project.state()).keys()].toSorted()).toEqual(["data", "rule"]);
    expect(changes(await project.up())).toEqual(["create taken"]);

    simulator.model.rotateAway((await project.state()).get("taken")?.id ?? "");
    const destroyed = await project.destroy();
    expect(destroyed.code, destroyed.text).toBe(0);
    expect(simulator.model.shares).toHaveLength(1);
  });

  test("a wrong endpoint never empties the state", async ({ project, simulator }) => {
    await project.program(PROGRAM);
    await project.up();
    const other = await simulateOvh();
    try {
      Object.assign(project.env, other.environment, { HOLDFAST_OVH_SERVICE: simulator.serviceName });

      const refreshed = await project.refresh();
      expect(refreshed.code).not.toBe(0);
      expect(refreshed.text).toContain("404");
      const destroyed = await project.destroy();
      expect(destroyed.code).not.toBe(0);
      expect([...(await project.state()).keys()].toSorted()).toEqual(["data", "rule", "taken"]);
    } finally {
      await other.close();
    }
  });
});

describe("a destroy", () => {
  test("names the manual snapshots that others hold, and waits for those that are just being deleted", async ({
    project,
    simulator,
  }) => {
    await project.program(`export const id = new Share("data", { serviceName, size: 100 }).id;`);
    await project.up();
    const id = String((await project.outputs())["id"]);
    simulator.model.takeAutomaticSnapshot(id, "theirs");
    await project.program(`
      export const id = new Share("data", { serviceName, size: 100 }).id;
      new HeldSnapshot("held", { serviceName, shareId: id, select: { newest: true } });
    `);
    await project.up();
    const held = (await project.state()).get("held")?.id ?? "";
    await project.pulumi(
      "state",
      "delete",
      "--yes",
      "urn:pulumi:test::e2e::pulumi-nodejs:dynamic/ovh:HeldSnapshot::held",
    );

    const blocked = await project.destroy();
    expect(blocked.code).not.toBe(0);
    expect(blocked.text).toContain(
      `has manual snapshots, and the service deletes no share that has any: ${held} ("theirs.`,
    );

    simulator.model.setStatus(held, "deleting");
    const destroying = project.destroy();
    const refused = () =>
      simulator.calls.some(({ method, path, status }) => method === "DELETE" && path.endsWith(id) && status === 409);
    await expect.poll(refused).toBe(true);
    simulator.model.rotateAway(held);
    const destroyed = await destroying;
    expect(destroyed.code, destroyed.text).toBe(0);
    expect(simulator.model.shares).toHaveLength(1);
  });
});
