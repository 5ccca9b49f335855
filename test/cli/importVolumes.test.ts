import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { element } from "../../provider/element/system";
import { simulateOvh } from "../../provider/simulators";
import { type Entry, type Site, test } from "./support/cluster";

const DYNAMIC = "pulumi-nodejs:dynamic/";

const entries = ({ folder }: Site): Entry[] => JSON.parse(readFileSync(join(folder, "import.json"), "utf8")).resources;
const only = (site: Site): Entry => {
  const [entry, ...others] = entries(site);
  if (entry === undefined || others.length > 0) throw new Error("There is not one entry");
  return entry;
};
const pending = ({ folder }: Site, ...resources: object[]) =>
  writeFileSync(join(folder, "pending.json"), JSON.stringify({ resources }));

describe("a clone of ours", () => {
  test("tells itself what it was made from", async ({ site }) => {
    const point = await site.made("element:Snapshot", "point", { volumeID: site.volumeID });
    const snapshotID = Number(point.id);
    const clone = await site.made("element:VolumeClone", "staging", { volumeID: site.volumeID, snapshotID });
    site.changes();

    const { code, out, err } = await site.imports("element:VolumeClone", "staging", clone.id);

    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain(`element:VolumeClone staging: "${clone.outputs["name"]}", 100 GiB, active\n`);
    expect(out).toContain("Read with the credentials from the environment.");
    expect(only(site)).toMatchObject({
      type: `${DYNAMIC}element:VolumeClone`,
      name: "staging",
      id: clone.id,
      inputs: { volumeID: site.volumeID, __provider: expect.stringContaining('provider("element:VolumeClone")') },
      outputs: { volumeID: site.volumeID, snapshotID, cloneVolumeID: Number(clone.id), clusterUniqueID: "hf01" },
    });
    expect(site.changes()).toEqual([]);
  });

  test("whose source is gone since is imported all the same", async ({ site }) => {
    const { volumeID } = site.simulator.model.addVolume("short-lived");
    const clone = await site.made("element:VolumeClone", "staging", { volumeID });
    site.simulator.model.removeVolume(volumeID);
    expect(await site.imports("element:VolumeClone", "staging", clone.id)).toMatchObject({ code: 0, err: "" });
    expect(only(site).inputs).toMatchObject({ volumeID });
  });

  test("and one that somebody made of it are different things: what the user says of the source counts", async ({
    site,
  }) => {
    const clone = await site.made("element:VolumeClone", "staging", { volumeID: site.volumeID });
    const { id } = await site.byHand(Number(clone.id), "of-somebody");
    await site.imports("element:VolumeClone", "copy", id, "--source-volume", clone.id);
    expect(only(site).outputs).toMatchObject({ volumeID: Number(clone.id) });
  });
});

describe("a volume that somebody cloned by hand", () => {
  test("needs to be told its source, and the message says how", async ({ site }) => {
    const { id } = await site.byHand(site.volumeID, "by-hand");
    const { code, err } = await site.imports("element:VolumeClone", "copy", id);
    expect(code).toBe(1);
    expect(err).toBe(
      `holdfast import: nothing was written.\n  element:VolumeClone copy: volume ${id} ("by-hand") does not tell what it was cloned from: the API does not keep it, and the volume's attributes have nothing of ours. Name its source with --source-volume ID, and with --source-snapshot ID where it was made from a snapshot; in a file, as "inputs": {"volumeID": ID, "snapshotID": ID} of its entry.\n`,
    );
  });

  test("takes it from options, with the snapshot or without", async ({ site }) => {
    const { id } = await site.byHand(site.volumeID, "by-hand");
    const volume = ["--source-volume", String(site.volumeID)];
    expect((await site.imports("element:VolumeClone", "copy", id, ...volume)).code).toBe(0);
    expect(only(site).inputs).toMatchObject({ volumeID: site.volumeID });
    expect(only(site).outputs).not.toHaveProperty("snapshotID");
    expect((await site.imports("element:VolumeClone", "copy", id, ...volume, "--source-snapshot", "12")).code).toBe(0);
    expect(only(site).outputs).toMatchObject({ volumeID: site.volumeID, snapshotID: 12 });
    const itself = await site.imports("element:VolumeClone", "copy", id, "--source-volume", id);
    expect(itself.err).toContain("can't be its own source");
  });

  test("takes it from the entry of a file", async ({ site }) => {
    const { id } = await site.byHand(site.volumeID, "by-hand");
    const type = `${DYNAMIC}element:VolumeClone`;
    pending(site, { type, name: "copy", id, inputs: { volumeID: site.volumeID, snapshotID: "12" } });
    expect((await site.imports("--file", "pending.json")).code).toBe(0);
    expect(only(site).outputs).toMatchObject({ volumeID: site.volumeID, snapshotID: 12 });
    pending(site, { type, name: "copy", id, inputs: { volumeID: "database" } });
    expect((await site.imports("--file", "pending.json")).err).toContain(
      'element:VolumeClone copy: volumeID (--source-volume) takes an id, a number, and "database" is none.',
    );
  });

  test("differs from the program only where the cluster does", async ({ site }) => {
    const { id } = await site.byHand(site.volumeID, "by-hand");
    const [account] = site.simulator.model.accounts;
    await site.imports("element:VolumeClone", "copy", id, "--source-volume", String(site.volumeID));
    const entry = only(site);
    const diff = (args: object) => site.diff("element:VolumeClone", entry, { volumeID: site.volumeID, ...args });
    const same = { replaces: [], changes: false };
    expect(await diff({})).toEqual(same);
    const size = 100 * 1024 ** 3;
    expect(
      await diff({ name: "by-hand", newSize: size, newAccountID: account?.accountID, timeouts: { delete: "1h" } }),
    ).toEqual(same);
    expect(await diff({ deletionPolicy: "purge", trigger: 1 })).toEqual(same);
    for (const change of [
      { newSize: size + 1 },
      { newAccountID: 77 },
      { access: "locked" },
      { attributes: { a: 1 } },
    ]) {
      expect(await diff(change)).toEqual({ replaces: [] });
    }
    const qos = { minIOPS: 50, maxIOPS: 15_000, burstIOPS: 15_000 };
    expect(await diff({ qos })).toEqual(same);
    expect(await diff({ qos: { ...qos, minIOPS: 100 } })).toEqual({ replaces: [] });
    expect(await diff({ qosPolicyID: 1 })).toEqual({ replaces: [] });
    expect(await diff({ name: "another" })).toEqual({ replaces: ["name"] });
    expect(await diff({ snapshotID: 12 })).toEqual({ replaces: ["snapshotID"] });
    expect(await diff({ volumeID: 4711 })).toEqual({ replaces: ["volumeID"] });
  });
});

test("a volume stays in the access groups that it is in, and joins those that the program adds", async ({ site }) => {
  const { id } = await site.byHand(site.volumeID, "by-hand");
  const { model } = site.simulator;
  const [first, second] = ["a", "b"].map((name) => model.addAccessGroup(name, [Number(id)]).volumeAccessGroupID);
  const { volumeAccessGroupID: third } = model.addAccessGroup("c");
  await site.imports("element:VolumeClone", "copy", id, "--source-volume", String(site.volumeID));
  const entry = only(site);
  const args = { volumeID: site.volumeID, volumeAccessGroupIDs: [first, third] };
  expect(await site.diff("element:VolumeClone", entry, args)).toEqual({ replaces: [] });
  site.changes();
  await site.update("element:VolumeClone", entry, args);
  expect(site.changes()).toHaveLength(1);
  const groupsOf = () =>
    model.accessGroups.flatMap(({ volumeAccessGroupID, volumes }) =>
      volumes.includes(Number(id)) ? [volumeAccessGroupID] : [],
    );
  expect(groupsOf()).toEqual([first, second, third]);
  await site.update("element:VolumeClone", entry, { volumeID: site.volumeID, newSize: 200 * 1024 ** 3 });
  expect(groupsOf()).toEqual([first, second, third]);
});

describe("a snapshot", () => {
  test("is found by its own id or by its path, and not below another volume", async ({ site }) => {
    const { snapshotID } = site.simulator.model.takeSnapshot(site.volumeID, "before the release");
    for (const id of [`${snapshotID}`, `${site.volumeID}/${snapshotID}`]) {
      const { code, out, err } = await site.imports("element:Snapshot", "point", id);
      expect([code, err]).toEqual([0, ""]);
      expect(out).toContain('element:Snapshot point: "before the release", 100 GiB, done\n');
      expect(only(site)).toMatchObject({
        id: `${snapshotID}`,
        inputs: { volumeID: site.volumeID },
        outputs: { snapshotID, name: "before the release", clusterUniqueID: "hf01" },
      });
    }
    const entry = only(site);
    const diff = (args: object) => site.diff("element:Snapshot", entry, { volumeID: site.volumeID, ...args });
    expect(await diff({ retention: "24:00:00" })).toEqual({ replaces: [], changes: false });
    expect(await diff({ expirationTime: "2031-01-01T00:00:00Z" })).toEqual({ replaces: [] });
    const { volumeID } = site.simulator.model.addVolume("another");
    const { code, err } = await site.imports("element:Snapshot", "point", `${volumeID}/${snapshotID}`);
    expect(code).toBe(1);
    expect(err).toContain("element:Snapshot point: ");
  });
});

describe("an object that can't be imported is named with the reason", () => {
  test.for<[string, (site: Site) => Promise<string[]> | string[], string]>([
    ["missing", () => ["element:VolumeClone", "it", "4711"], "nothing with the id 4711 exists there. Check the ids."],
    ["no number", () => ["element:VolumeClone", "it", "data"], 'the id "data" must be <cloneVolumeID>, a number.'],
    [
      "no path",
      () => ["element:Snapshot", "it", "1/2/3"],
      'the id "1/2/3" must be <snapshotID> or <volumeID>/<snapshotID>, 2 numbers with / between them.',
    ],
    [
      "deleted",
      async ({ simulator: { model } }) => {
        const { volumeID } = model.addVolume("old", { status: "deleted", deletedAt: Date.now() });
        return ["element:VolumeClone", "it", String(volumeID), "--source-volume", "1"];
      },
      "was deleted, and counts as gone. Until ",
    ],
  ])("%s", async ([, args, message], { site }) => {
    const { code, err } = await site.imports(...(await args(site)));
    expect(code).toBe(1);
    expect(err).toContain("holdfast import: nothing was written.");
    expect(err).toContain(message);
  });

  test.for<[string[], string]>([
    [
      ["element:Snapshot", "it", "12", "--source-volume", "5"],
      "--source-volume tells of one element:VolumeClone: name it alone, or use --file",
    ],
    [
      ["element:VolumeClone", "a", "6", "element:VolumeClone", "b", "7", "--source-snapshot", "5"],
      "--source-snapshot tells of one element:VolumeClone: name it alone, or use --file",
    ],
    [
      ["--file", "pending.json", "--source-volume", "5"],
      'Give what --source-volume tells in the file, in "inputs" of its entry',
    ],
  ])("%s", async ([args, message], { site }) => {
    pending(site);
    const { code, err } = await site.imports(...args);
    expect(code).toBe(2);
    expect(err).toContain(`holdfast import: ${message}.\n`);
  });
});

describe.for(["hidden", "listed"] as const)("a clone that is still being copied, and %s meanwhile", (initVolumes) => {
  test.override({ options: { initVolumes, cloneMs: 600_000 } });

  test("is to be imported later", async ({ site }) => {
    const { id } = await site.byHand(site.volumeID, "by-hand");
    const { code, err } = await site.imports("element:VolumeClone", "copy", id, "--source-volume", `${site.volumeID}`);
    expect(code).toBe(1);
    const state = initVolumes === "listed" ? 'in state "init"' : "still being made";
    expect(err).toContain(`  element:VolumeClone copy: ${id} is ${state}. Import it when that has ended.\n`);
  });
});

test("every kind can be imported, and its usage tells the form of the id", async ({ site }) => {
  const opened = element.account({ environment: site.environment, folder: site.folder }).open(() => {});
  expect(Object.keys(opened.lifecycles)).toEqual(Object.keys(element.imports));
  const { out } = await site.imports("--help");
  expect(out).toContain("element:VolumeClone  <cloneVolumeID>\n");
  expect(out).toContain("element:Snapshot     <snapshotID> or <volumeID>/<snapshotID>\n");
});

test("a volume and a snapshot may have the same number, and one volume is one resource", async ({ site }) => {
  const { model } = site.simulator;
  const number = String(model.takeSnapshot(site.volumeID).snapshotID);
  while (model.volumes.every(({ volumeID }) => String(volumeID) !== number)) model.addVolume("more");
  const clone = `${DYNAMIC}element:VolumeClone`;
  const volume = { type: clone, id: number, inputs: { volumeID: site.volumeID } };
  pending(site, { ...volume, name: "data" }, { type: `${DYNAMIC}element:Snapshot`, name: "point", id: number });
  expect(await site.imports("--file", "pending.json")).toMatchObject({ code: 0, err: "" });
  expect(entries(site).map(({ id }) => id)).toEqual([number, number]);
  pending(site, { ...volume, name: "data" }, { ...volume, name: "again" });
  expect((await site.imports("--file", "pending.json")).err).toContain(
    "is element:VolumeClone data already. One object can only be one resource.",
  );
});

test("objects of both systems fit into one file, each read with its own account", async ({ site }) => {
  const ovh = await simulateOvh({ schedule: false });
  try {
    Object.assign(site.environment, ovh.environment);
    const clone = await site.made("element:VolumeClone", "staging", { volumeID: site.volumeID });
    const { code, out } = await site.imports(
      ...["element:VolumeClone", "staging", clone.id],
      ...["ovh:Share", "production", `${ovh.serviceName}/${ovh.shareId}`],
    );
    expect(code).toBe(0);
    expect(entries(site).map(({ name }) => name)).toEqual(["staging", "production"]);
    expect(out).toContain("Read with the credentials from the environment.\n");
  } finally {
    await ovh.close();
  }
});

test("without an account the message says what to set, and shows no secret", async ({ site }) => {
  delete site.environment["ELEMENT_USERNAME"];
  const run = site.imports("element:VolumeClone", "it", "5");
  await expect(run).rejects.toThrow("ELEMENT_USERNAME");
  await expect(run).rejects.not.toThrow(site.simulator.credentials.password);
  for (const name of ["ELEMENT_ENDPOINT", "ELEMENT_PASSWORD"]) delete site.environment[name];
  await expect(site.imports("element:VolumeClone", "it", "5")).rejects.toThrow("No NetApp Element account found");
});
