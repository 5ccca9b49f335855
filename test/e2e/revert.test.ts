import { describe, expect } from "vitest";
import { createSnapshot } from "../../provider/ovh/simulator/snapshots";
import type { OvhSimulator } from "../../provider/simulators";
import { changes, type Run } from "./support/project";
import { test } from "./support/test";

const urnOf = (name: string) => `urn:pulumi:test::e2e::pulumi-nodejs:dynamic/ovh:ShareRevert::${name}`;
const orders = ({ model, shareId }: OvhSimulator) => model.readFiles(shareId)["orders"];
const reverts = ({ calls }: OvhSimulator) => calls.filter(({ path }) => path.endsWith("/revert"));
/** The warnings on the resource's own row, without the CLI's colours. */
const warnings = (run: Run) =>
  run.diagnostics
    .filter(({ severity, urn }) => severity === "warning" && urn === urnOf("undo"))
    .map(({ message }) => message.replaceAll(/<\{.*?\}>/g, "").trim());

/** Good data in a manual snapshot, whose id is the answer, then ruined data and an automatic snapshot of them. */
function incident({ model, serviceName, shareId }: OvhSimulator): string {
  model.writeFile(shareId, "orders", "good");
  const { id } = createSnapshot(model.world, serviceName, shareId, { name: "good", description: null });
  model.advanceClock(60_000);
  model.writeFile(shareId, "orders", "ruined");
  model.takeAutomaticSnapshot(shareId);
  return id;
}

const UNDO = (snapshotId: string, args = "") => `
  const shareId = process.env.SHARE;
  new ShareRevert("undo", { serviceName, shareId, snapshotId: "${snapshotId}", confirmDataLossOf: shareId, ${args} });
`;

describe("a preview", () => {
  test("refuses without the confirmation, and names what would be lost", async ({ project, simulator }) => {
    const good = incident(simulator);
    await project.program(UNDO(good, "confirmDataLossOf: undefined"));

    const preview = await project.preview();

    expect(preview.code).not.toBe(0);
    const { shareId } = simulator;
    expect(preview.text).toMatch(/property confirmDataLossOf value \S+ has a problem: is missing: reverting share/);
    expect(preview.text).toContain(`reverting share ${shareId} to snapshot ${good} ("good", `);
    expect(preview.text).toMatch(
      /loses everything written since \S+Z \(\d+ s ago\) and the newer snapshots \S+ \("hourly\./,
    );
    expect(preview.text).toContain(`To agree, set confirmDataLossOf: "${shareId}".`);
    expect(preview.text).not.toMatch(/ at .*\.js:\d+/);
    expect(reverts(simulator)).toEqual([]);
  });

  test("refuses a snapshot that is not the newest manual one", async ({ project, simulator }) => {
    const good = incident(simulator);
    const { model, serviceName, shareId } = simulator;
    const newer = createSnapshot(model.world, serviceName, shareId, { name: "newer", description: null });
    await project.program(UNDO(good));

    const preview = await project.preview();

    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain(`is not the newest manual snapshot of share ${shareId}`);
    expect(preview.text).toContain(
      `Delete it first (a revert loses what is newer anyway), or set snapshotId to ${newer.id}.`,
    );
  });

  test("refuses a snapshot that is not manual", async ({ project, simulator }) => {
    const automatic = simulator.model.takeAutomaticSnapshot(simulator.shareId);
    await project.program(UNDO(automatic.id));

    const preview = await project.preview();

    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain(
      'of type "automatic", and only manual ones can be reverted to. Hold it with HeldSnapshot',
    );
  });

  test("calls nothing with HOLDFAST_OFFLINE=1, and is no failure", async ({ project, simulator }) => {
    await project.program(UNDO(incident(simulator)));
    project.env["HOLDFAST_OFFLINE"] = "1";

    const preview = await project.preview();

    expect(preview.code, preview.text).toBe(0);
    expect(changes(preview)).toEqual(["create undo"]);
    expect(warnings(preview)).toEqual([]);
    expect(simulator.calls).toEqual([]);
  });

  test("is no failure without credentials either, and up is explained as ever", async ({ project, simulator }) => {
    await project.program(UNDO(incident(simulator)));
    for (const name of Object.keys(project.env).filter((key) => key.startsWith("OVH_"))) delete project.env[name];

    const preview = await project.preview();
    expect(preview.code, preview.text).toBe(0);
    expect(warnings(preview)).toEqual([]);
    const up = await project.up();

    expect(up.code).not.toBe(0);
    expect(up.text).toContain("No OVHcloud credentials found. Set one of these, all of it in one place:");
    expect(up.text).not.toContain("The first such message tells what to do");
    expect(orders(simulator)).toBe("ruined");
  });
});

describe("a revert", () => {
  test("is told in preview, done once, and left as it is by a refresh and a second up", async ({
    project,
    simulator,
  }) => {
    const good = incident(simulator);
    simulator.model.steer("revertShare", { ms: 300 });
    await project.program(UNDO(good));

    const preview = await project.preview();
    expect(preview.code, preview.text).toBe(0);
    expect(warnings(preview)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^ShareRevert undo: reverting share ${simulator.shareId} to snapshot ${good} .* loses everything written since .* and the newer snapshots .*\\. There is no way back\\.$`,
        ),
      ),
    ]);
    expect(orders(simulator)).toBe("ruined");

    const up = await project.up();
    expect(up.code, up.text).toBe(0);
    expect(orders(simulator)).toBe("good");
    expect((await project.state()).get("undo")?.outputs).toMatchObject({
      revertedTo: good,
      sizeBefore: 100,
      sizeAfter: 100,
      lostSnapshots: [{ name: expect.stringMatching(/^hourly\./) }],
      status: "available",
    });

    simulator.model.writeFile(simulator.shareId, "orders", "new");
    const again = await project.up("--refresh");
    expect(again.code, again.text).toBe(0);
    expect(changes(again)).toEqual([]);
    expect(warnings(again)).toEqual([]);
    expect(orders(simulator)).toBe("new");
  });

  test("is done again by a new trigger, after preview has told what that loses", async ({ project, simulator }) => {
    const good = incident(simulator);
    await project.program(UNDO(good, "trigger: 1"));
    expect((await project.up()).code).toBe(0);
    simulator.model.writeFile(simulator.shareId, "orders", "new");

    await project.program(UNDO(good, "trigger: 2"));
    const preview = await project.preview();
    expect(warnings(preview)).toEqual([expect.stringContaining("loses everything written since")]);
    const renewed = await project.up();

    expect(renewed.code, renewed.text).toBe(0);
    expect(changes(renewed).toSorted()).toEqual(["create-replacement undo", "delete-replaced undo", "replace undo"]);
    expect(orders(simulator)).toBe("good");
    expect(reverts(simulator)).toHaveLength(2);
  });

  test("is refused as a replacement too, and the state stays", async ({ project, simulator }) => {
    const good = incident(simulator);
    await project.program(UNDO(good, "trigger: 1"));
    expect((await project.up()).code).toBe(0);
    const { id } = (await project.state()).get("undo") ?? {};

    await project.program(UNDO(good, "trigger: 2, confirmDataLossOf: undefined"));
    const refused = await project.up();

    expect(refused.code).not.toBe(0);
    expect(refused.text).toContain("is missing: reverting share");
    expect((await project.state()).get("undo")?.id).toBe(id);
    expect(reverts(simulator)).toHaveLength(1);
  });

  test("is not done for another snapshotId alone, which only warns, nor undone by a destroy", async ({
    project,
    simulator,
  }) => {
    const good = incident(simulator);
    await project.program(UNDO(good));
    expect((await project.up()).code).toBe(0);
    simulator.model.writeFile(simulator.shareId, "orders", "new");
    const other = "00000000-0000-4000-8000-000000000000";

    await project.program(UNDO(other));
    const preview = await project.preview();
    expect(preview.code, preview.text).toBe(0);
    expect(changes(preview)).toEqual(["update undo"]);
    expect(warnings(preview)).toEqual([
      expect.stringContaining(
        `snapshotId now names snapshot ${other}, but the share stays as it is, as it was reverted to ${good} at `,
      ),
    ]);
    const up = await project.up();
    expect(up.code, up.text).toBe(0);
    expect(warnings(up)).toEqual([expect.stringContaining("nothing is reverted until trigger changes")]);
    expect((await project.state()).get("undo")?.outputs).toMatchObject({ snapshotId: other, revertedTo: good });

    const calls = simulator.calls.length;
    const destroyed = await project.destroy();
    expect(destroyed.code, destroyed.text).toBe(0);
    expect(simulator.calls).toHaveLength(calls);
    expect(orders(simulator)).toBe("new");
    expect(reverts(simulator)).toHaveLength(1);
  });

  test("that was interrupted is taken up by the next up, without a second one", async ({ project, simulator }) => {
    const good = incident(simulator);
    simulator.model.steer("revertShare", { outcome: "stuck" });
    await project.program(UNDO(good, 'timeouts: { create: "1s" }'));
    const failed = await project.up();
    expect(failed.code).not.toBe(0);
    expect(failed.text).toMatch(/ShareRevert undo: still reverting after 1 s \(seen: reverting x\d+\)/);
    expect((await project.refresh()).code).toBe(0);

    simulator.model.release(simulator.shareId);
    simulator.model.release(good);
    const resumed = await project.up();

    expect(resumed.code, resumed.text).toBe(0);
    expect(changes(resumed)).toEqual(["update undo"]);
    expect(orders(simulator)).toBe("good");
    expect(reverts(simulator)).toHaveLength(1);
  });

  test("gives a share of the program its size back, so that nothing else changes", async ({ project, simulator }) => {
    const program = (size: number, undo = "") => `
      const data = new Share("data", { serviceName, size: ${size} });
      const good = new Snapshot("good", { serviceName, shareId: data.id });
      ${undo}
    `;
    await project.program(program(100));
    expect((await project.up()).code).toBe(0);
    const { id: shareId } = (await project.state()).get("data") ?? {};

    const inputs = `{ serviceName, shareId: data.id, snapshotId: good.id, confirmDataLossOf: "${shareId}" }`;
    await project.program(program(200, `new ShareRevert("undo", ${inputs}, { dependsOn: data });`));
    const up = await project.up();
    expect(up.code, up.text).toBe(0);
    expect(simulator.calls.filter(({ path }) => path.endsWith("/extend"))).toHaveLength(2);
    expect(simulator.model.shares.find(({ id }) => id === shareId)?.size).toBe(200);

    const again = await project.up("--refresh");
    expect(again.code, again.text).toBe(0);
    expect(changes(again)).toEqual([]);
  });
});
