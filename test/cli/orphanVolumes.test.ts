import { utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { type Site, test } from "./support/cluster";
import { lineOf } from "./support/commands";

const HOUR_MS = 3_600_000;

/** A clone under the name that we give, one under the program's own, and a snapshot of the first. */
async function someOfEach(site: Site) {
  const clone = await site.made("element:VolumeClone", "staging", { volumeID: site.volumeID });
  const named = await site.made("element:VolumeClone", "training", { volumeID: site.volumeID, name: "training-1" });
  const point = await site.made("element:Snapshot", "point", { volumeID: Number(clone.id) });
  return { clone, named, point };
}

describe("volumes and snapshots in no given state", () => {
  test("are listed with id, name, age and size, and with commands that import and delete them", async ({ site }) => {
    const { clone, named, point } = await someOfEach(site);
    site.simulator.model.setVolume(Number(clone.id), { createdAt: Date.now() - 30 * HOUR_MS });
    site.state("dev.json");

    const { code, out, err } = await site.orphans("--stack-file", "dev.json");

    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("3 objects carry a mark of Holdfast and are not in dev.json.");
    expect(lineOf(out, `element:VolumeClone ${clone.id} `)).toBe(`"${clone.outputs["name"]}", 30 h old, 100 GiB`);
    expect(lineOf(out, `element:Snapshot ${point.id} `)).toMatch(/^"point-[a-z2-7]{13}", \d+ s old$/);
    expect(out).toContain(`  import: npx pulumi-holdfast import element:VolumeClone staging ${clone.id}\n`);
    expect(out).toContain(`  import: npx pulumi-holdfast import element:VolumeClone training-1 ${named.id}\n`);
    expect(out).toContain(`  import: npx pulumi-holdfast import element:Snapshot point ${clone.id}/${point.id}\n`);
    expect(out).toContain(
      `  delete: npx pulumi-holdfast orphans --stack-file dev.json --delete ${clone.id}/${point.id}\n`,
    );

    const lines = out.split("\n").map((line) => line.trim());
    for (const line of lines.filter((one) => one.startsWith("import: "))) {
      const { code, err } = await site.runLine(`${line.slice("import: ".length)} --force`);
      expect([code, err]).toEqual([0, ""]);
    }
    expect(site.changes().filter((call) => call.startsWith("Delete"))).toEqual([]);
    const deletions = lines.filter((one) => one.startsWith("delete: ")).map((line) => line.slice("delete: ".length));
    // The snapshot's own line comes last, and goes first.
    for (const line of deletions.toReversed()) expect(await site.runLine(line)).toMatchObject({ code: 0 });
    expect((await site.orphans()).out).toBe("Nothing carries a mark of Holdfast.\n");
  });

  test("are written as JSON for scripts, sizes in bytes", async ({ site }) => {
    const { clone } = await someOfEach(site);
    site.state("dev.json");
    const { out } = await site.orphans("--stack-file", "dev.json", "--json");
    const { objects } = JSON.parse(out);
    expect(objects).toHaveLength(3);
    expect(objects[0]).toMatchObject({
      kind: "element:VolumeClone",
      id: clone.id,
      clusterUniqueID: "hf01",
      totalSize: 100 * 1024 ** 3,
      mark: expect.stringMatching(/^[a-z2-7]{13}$/),
      doubtful: false,
      status: "active",
      newerThanStates: false,
      delete: expect.stringContaining(`--delete ${clone.id}`),
    });
  });

  test("are doubtful where only the attributes carry the mark: a clone made by hand has those of its source", async ({
    site,
  }) => {
    const clone = await site.made("element:VolumeClone", "staging", { volumeID: site.volumeID });
    const { id: copy } = await site.byHand(Number(clone.id), "of-somebody");
    site.state("dev.json", [clone]);
    const { out } = await site.orphans("--stack-file", "dev.json");
    expect(out).toContain("1 object carries a mark of Holdfast and is not in dev.json. 1 more is in dev.json.");
    expect(out).toContain(`element:VolumeClone ${copy} "of-somebody"`);
    expect(out).toContain(
      "  Its attributes carry the mark, and its name does not: it may be a copy that somebody made",
    );
  });

  test("but made since the export get no command, and are not deleted", async ({ site }) => {
    const clone = await site.made("element:VolumeClone", "staging", { volumeID: site.volumeID });
    site.state("dev.json");
    const before = new Date(Date.now() - HOUR_MS);
    utimesSync(join(site.folder, "dev.json"), before, before);
    const { out } = await site.orphans("--stack-file", "dev.json");
    expect(out).toContain("  made after dev.json was exported: export that again\n");
    site.changes();
    const { code, err } = await site.orphans("--stack-file", "dev.json", "--delete", clone.id);
    expect(code).toBe(1);
    expect(err).toContain("was made after dev.json was exported, and may be in that state by now.");
    expect(site.changes()).toEqual([]);
  });
});

describe("what is not left behind", () => {
  test("is in a given state, of which the number alone says nothing", async ({ site }) => {
    const { clone, named, point } = await someOfEach(site);
    // Volumes and snapshots are numbered each by themselves, and so is every cluster.
    const elsewhere = { ...named, outputs: { ...named.outputs, clusterUniqueID: "hf02" } };
    const otherType = { ...named, urn: "urn:pulumi:dev::project::aws:ec2/vpc:Vpc::v" };
    const sameNumber = { ...point, id: named.id };
    site.state("dev.json", [clone, elsewhere, otherType, sameNumber]);
    const { out } = await site.orphans("--stack-file", "dev.json");
    expect(out).toContain("2 objects carry a mark");
    expect(out).toContain(`element:VolumeClone ${named.id} `);
    expect(out).toContain(`element:Snapshot ${point.id} `);

    for (const clusterUniqueID of [undefined, { ciphertext: "v1:abc" }]) {
      site.state("dev.json", [clone, { ...named, outputs: { ...named.outputs, clusterUniqueID } }, point]);
      expect((await site.orphans("--stack-file", "dev.json")).out).toMatch(/^Nothing is left behind/);
    }
  });

  test("is deleted and waits for its purge, with its snapshots", async ({ site }) => {
    const { clone, named } = await someOfEach(site);
    for (const { id } of [clone, named]) {
      site.simulator.model.setVolume(Number(id), { status: "deleted", deletedAt: Date.now() });
    }
    expect((await site.orphans()).out).toBe("Nothing carries a mark of Holdfast.\n");
  });

  test("is somebody's own, whose attributes merely look similar", async ({ site }) => {
    const { model } = site.simulator;
    const similar: Record<string, unknown>[] = [
      { holdfast: "abcdefghij234" },
      { holdfast: { mark: "abcdefghij189" } },
      { holdfast: { mark: 5, volumeID: site.volumeID } },
      { holdfast: null },
      { mark: "abcdefghij234" },
    ];
    for (const attributes of similar) model.addVolume("data-abcdefghij234", { attributes });
    expect((await site.orphans()).out).toBe("Nothing carries a mark of Holdfast.\n");
  });
});

describe("a machine whose clock is an hour slow", () => {
  test.override({ options: { now: () => Date.now() + HOUR_MS } });

  test("tells ages by the cluster's clock, and what is newer than an export", async ({ site }) => {
    const clone = await site.made("element:VolumeClone", "staging", { volumeID: site.volumeID });
    site.simulator.model.setVolume(Number(clone.id), { createdAt: site.simulator.model.now - 3.1 * HOUR_MS });
    site.state("dev.json");
    const { out } = await site.orphans("--stack-file", "dev.json");
    expect(lineOf(out, `element:VolumeClone ${clone.id} `)).toContain(", 3 h old, ");
    expect(out).toContain("  import: ");
  });
});

describe("an administrator who may do less", () => {
  test.override({ options: { adminAccess: ["volumes"], unlistedMethods: "administrator" } });

  test("is told what is not allowed", async ({ site }) => {
    await expect(site.orphans()).rejects.toThrow("xPermissionDenied");
  });
});
