import { describe, expect } from "vitest";
import { test } from "./support/cluster";
import { lineOf } from "./support/commands";

describe("deletion", () => {
  test("of a volume keeps it restorable, and says for how long; --purge removes it for ever", async ({ site }) => {
    const first = await site.made("element:VolumeClone", "first", { volumeID: site.volumeID });
    const second = await site.made("element:VolumeClone", "second", { volumeID: site.volumeID });
    site.state("dev.json");
    site.changes();

    const { code, out } = await site.orphans("--stack-file", "dev.json", "--delete", first.id);
    expect(code).toBe(0);
    expect(out).toBe(
      `element:VolumeClone ${first.id} "${first.outputs["name"]}" is deleted: until it is purged, 8 hours later, it can be restored, and takes its space.\n`,
    );
    expect(site.changes()).toEqual([`DeleteVolume ${first.id}`]);

    const purge = await site.orphans(
      "--stack-file",
      "dev.json",
      "--delete",
      second.id,
      "--delete",
      first.id,
      "--purge",
    );
    expect(purge.code).toBe(0);
    expect(purge.out).toContain(`element:VolumeClone ${second.id} "${second.outputs["name"]}" is deleted.\n`);
    expect(site.changes().toSorted()).toEqual(
      [`DeleteVolume ${second.id}`, `PurgeDeletedVolume ${first.id}`, `PurgeDeletedVolume ${second.id}`].toSorted(),
    );
    const left = site.simulator.model.volumes.map(({ volumeID }) => volumeID);
    expect(left).toEqual([site.volumeID]);
  });

  test("takes a snapshot by its path, and snapshots before their volume", async ({ site }) => {
    const clone = await site.made("element:VolumeClone", "staging", { volumeID: site.volumeID });
    const point = await site.made("element:Snapshot", "point", { volumeID: Number(clone.id) });
    site.state("dev.json");
    site.changes();
    const path = `${clone.id}/${point.id}`;

    const alone = await site.orphans("--stack-file", "dev.json", "--delete", clone.id, "--purge");
    expect(alone.code).toBe(1);
    expect(alone.err).toContain("has snapshots, which go with it for good when it is purged. Delete these first:");
    expect(lineOf(alone.err, `${path} `)).toContain(`carries a mark and is in no given state: add --delete ${path}`);
    const wrong = `${site.volumeID}/${point.id}`;
    expect((await site.orphans("--stack-file", "dev.json", "--delete", wrong)).err).toContain(
      `  ${wrong}: no volume or snapshot of the cluster has this id.`,
    );
    expect(site.changes()).toEqual([]);

    const both = await site.orphans("--stack-file", "dev.json", "--delete", clone.id, "--delete", path);
    expect(both.code).toBe(0);
    expect(site.changes()).toEqual([`DeleteSnapshot ${point.id}`, `DeleteVolume ${clone.id}`]);
  });

  test("does not purge a deleted volume with a snapshot that is none of ours, and that a restoration would bring back", async ({
    site,
  }) => {
    const clone = await site.made("element:VolumeClone", "staging", { volumeID: site.volumeID });
    const { snapshotID } = site.simulator.model.takeSnapshot(Number(clone.id), "by hand");
    site.simulator.model.setVolume(Number(clone.id), { status: "deleted", deletedAt: Date.now() });
    site.state("dev.json");
    site.changes();
    const { code, err } = await site.orphans("--stack-file", "dev.json", "--delete", clone.id, "--purge");
    expect(code).toBe(1);
    expect(lineOf(err, `${clone.id}/${snapshotID} `)).toContain("carries no mark");
    expect(site.changes()).toEqual([]);
  });

  test("is refused whole where an id carries no mark, is in a state, or is not there", async ({ site }) => {
    const clone = await site.made("element:VolumeClone", "staging", { volumeID: site.volumeID });
    const kept = await site.made("element:VolumeClone", "kept", { volumeID: site.volumeID });
    const { snapshotID } = site.simulator.model.takeSnapshot(Number(clone.id), "by hand");
    site.state("dev.json", [kept]);
    site.changes();

    const ids = [String(site.volumeID), kept.id, "4711", clone.id].flatMap((id) => ["--delete", id]);
    const { code, out, err } = await site.orphans("--stack-file", "dev.json", ...ids);

    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("holdfast orphans: nothing was deleted.\n");
    expect(err).toContain(`  ${site.volumeID}: element:VolumeClone "database" carries no mark of Holdfast`);
    expect(err).toContain(`  ${kept.id}: it is in dev.json, as ${kept.urn}. Take it out of that program`);
    expect(err).toContain("  4711: no volume or snapshot of the cluster has this id.");
    expect(lineOf(err, `${clone.id}/${snapshotID} `)).toBe(
      '("by hand") carries no mark: delete it in the cluster\'s user interface',
    );
    expect(site.changes()).toEqual([]);
  });

  describe("of a clone that is still being copied", () => {
    test.override({ options: { initVolumes: "listed", cloneMs: 600_000 } });

    test("ends the copying first", async ({ site }) => {
      const attributes = { holdfast: { mark: "abcdefghij234", volumeID: site.volumeID } };
      const { id, cloneID } = await site.byHand(site.volumeID, "staging-abcdefghij234", attributes);
      site.state("dev.json");
      const { out } = await site.orphans("--stack-file", "dev.json");
      expect(lineOf(out, `element:VolumeClone ${id} `)).toMatch(/^"staging-abcdefghij234", .* 100 GiB, init$/);
      site.changes();
      const { code } = await site.orphans("--stack-file", "dev.json", "--delete", String(id), "--purge");
      expect(code).toBe(0);
      expect(site.changes()[0]).toBe(`CancelClone ${cloneID}`);
      expect(site.simulator.model.volumes.map(({ volumeID }) => volumeID)).toEqual([site.volumeID]);
    });
  });
});

describe("arguments that make no sense are explained", () => {
  test.for<[string[], string]>([
    [["--delete", "680"], "--delete needs --stack-file"],
    [["--delete", "data", "--stack-file", "dev.json"], '--delete takes an id, a UUID or a number, and "data" is none'],
    [
      ["--delete", "1/2/3", "--stack-file", "dev.json"],
      '--delete takes an id, a UUID or a number, and "1/2/3" is none',
    ],
    [["--service", "680"], '--service takes an id, a UUID, and "680" is none'],
    [["--system", "solidfire"], '--system takes ovh or element, not "solidfire"'],
    [["--purge"], "--purge goes with --delete of a volume: nothing else stays restorable"],
    [["--system", "element", "--service", "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"], "--service is for ovh alone"],
  ])("%s", async ([args, message], { site }) => {
    const { code, err } = await site.orphans(...args);
    expect(code).toBe(2);
    expect(err).toContain(`holdfast orphans: ${message}`);
  });
});
