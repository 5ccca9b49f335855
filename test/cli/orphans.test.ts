import { readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { Resource } from "../support/resource";
import { lineOf } from "./support/commands";
import { age, HOUR_MS, oneOfEach, shareIds, test } from "./support/orphans";

describe("what is in no given state", () => {
  test("is listed with its kind, id, name, age and size, and with the commands to import and to delete it", async ({
    site,
  }) => {
    const { share, snapshot, clone, policy } = await oneOfEach(site);
    age(site, share, 30 * HOUR_MS);
    age(site, snapshot, 26 * HOUR_MS);
    age(site, clone, 3 * HOUR_MS);
    age(site, policy, 72 * HOUR_MS);
    site.state("dev.json");

    const { code, out, err } = await site.run("--stack-file", "dev.json");

    const { serviceName } = site;
    const deletion = (id: string) =>
      `npx pulumi-holdfast orphans --service ${serviceName} --stack-file dev.json --delete ${id}`;
    const entry = ({ id }: Resource, title: string, imported: string) =>
      `\n${title}\n  import: npx pulumi-holdfast import ${imported}/${id}\n  delete: ${deletion(id)}\n`;
    expect([code, err]).toEqual([0, ""]);
    // One mark in fifteen consists of letters alone.
    expect(out.replace(/^ {2}Nothing but .*\n/gm, "")).toBe(
      [
        "4 objects carry a mark of Holdfast and are not in dev.json. 0 more are in dev.json.\n",
        entry(
          share,
          `ovh:Share ${share.id} "${share.outputs["name"]}", 30 h old, 120 GiB`,
          `ovh:Share data ${serviceName}`,
        ),
        entry(
          clone,
          `ovh:ShareClone ${clone.id} "Staging area", 3 h old, 150 GiB`,
          `ovh:ShareClone staging-area ${serviceName}`,
        ),
        entry(
          policy,
          `ovh:SnapshotPolicy ${policy.id} "nightly", 3 days old`,
          `ovh:SnapshotPolicy nightly ${serviceName}`,
        ),
        entry(
          snapshot,
          `ovh:Snapshot ${snapshot.id} "${snapshot.outputs["name"]}", 26 h old`,
          `ovh:Snapshot before ${serviceName}/${share.id}`,
        ),
      ].join(""),
    );
  });

  test("is imported and deleted by the commands that are shown", async ({ site }) => {
    const { share, snapshot, clone, policy } = await oneOfEach(site);
    site.state("dev.json", [share]);
    const { out } = await site.run("--stack-file", "dev.json");

    for (const line of out.split("\n").filter((one) => one.includes("import: "))) {
      const { code, err } = await site.runLine(`${line.trim().slice("import: ".length)} --force`);
      expect([code, err]).toEqual([0, ""]);
      const [{ outputs }] = JSON.parse(readFileSync(join(site.folder, "import.json"), "utf8")).resources;
      expect(outputs).toMatchObject({ serviceName: site.serviceName });
    }
    for (const line of out.split("\n").filter((one) => one.includes("delete: "))) {
      expect(await site.runLine(line.trim().slice("delete: ".length))).toMatchObject({ code: 0 });
    }
    expect(shareIds(site)).toEqual([site.simulator.shareId, share.id]);
    const left = [...site.simulator.model.snapshots, ...site.simulator.model.policies].map(({ id }) => id);
    for (const { id } of [snapshot, clone, policy]) expect(left).not.toContain(id);
  });

  test("is written as JSON for scripts", async ({ site }) => {
    const share = await site.made("ovh:Share", "data", { size: 120 });
    const other = await site.made("ovh:Share", "other", { size: 100 });
    age(site, share, 2 * HOUR_MS);
    site.state("dev.json", [other]);

    const { code, out } = await site.run("--stack-file", "dev.json", "--json");

    expect(code).toBe(0);
    const { objects, managed } = JSON.parse(out);
    expect(managed).toBe(1);
    expect(objects).toEqual([
      {
        kind: "ovh:Share",
        id: share.id,
        serviceName: site.serviceName,
        name: share.outputs["name"],
        mark: expect.stringMatching(/^[a-z2-7]{13}$/),
        doubtful: expect.any(Boolean),
        status: "available",
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        ageSeconds: expect.any(Number),
        size: 120,
        newerThanStates: false,
        import: expect.stringContaining("npx pulumi-holdfast import ovh:Share data "),
        delete: expect.stringContaining(`--delete ${share.id}`),
      },
    ]);
    expect(Math.abs(objects[0].ageSeconds - 7200)).toBeLessThan(60);
  });

  test("shows its state where it is not available, and not at all where it is being deleted", async ({ site }) => {
    const failed = await site.made("ovh:Share", "failed", { size: 100 });
    const leaving = await site.made("ovh:Share", "leaving", { size: 100 });
    site.simulator.model.setStatus(failed.id, "error");
    site.simulator.model.setStatus(leaving.id, "deleting");
    site.state("dev.json");

    const { out } = await site.run("--stack-file", "dev.json");

    expect(lineOf(out, `ovh:Share ${failed.id}`)).toContain("100 GiB, error");
    expect(out).not.toContain(leaving.id);
  });

  test("and less than an hour old may be of a run that goes on, which one line says", async ({ site }) => {
    const share = await site.made("ovh:Share", "data", { size: 100 });
    site.state("dev.json");
    const warning = "Make sure that no pulumi is running: what it is making just now looks the same.";
    const young = await site.run("--stack-file", "dev.json");
    expect(young.out).toContain(
      `${warning} What is less than 60 min old, the next pulumi up of its stack may take over.\n`,
    );

    age(site, share, 2 * HOUR_MS);
    expect((await site.run("--stack-file", "dev.json")).out).not.toContain(warning);
    site.state("busy.json", [], { pending_operations: [{ type: "creating", resource: { urn: "urn:x" } }] });
    const { out } = await site.run("--stack-file", "dev.json", "--stack-file", "busy.json");
    expect(out).toContain(`busy.json: an operation was under way, or interrupted. ${warning}`);
  });

  test("but was made since the export may be in that state by now, and gets no command", async ({ site }) => {
    const share = await site.made("ovh:Share", "data", { size: 100 });
    site.state("new.json");
    site.state("old.json");
    const before = new Date(Date.now() - HOUR_MS);
    utimesSync(join(site.folder, "old.json"), before, before);

    const files = ["--stack-file", "new.json", "--stack-file", "old.json"];
    const { out } = await site.run(...files);
    expect(out).toContain("  made after old.json was exported: export that again\n");
    expect(out).not.toContain("--delete");

    const { code, err } = await site.run(...files, "--delete", share.id);
    expect(code).toBe(1);
    expect(err).toContain("was made after old.json was exported, and may be in that state by now. Export it again.");
    expect(shareIds(site)).toContain(share.id);
  });
});

describe("a machine whose clock is an hour slow", () => {
  const ahead = () => Date.now() + HOUR_MS;
  test.override({ options: { now: ahead } });

  test("tells ages by the service's clock, and what is newer than an export", async ({ site }) => {
    const share = await site.made("ovh:Share", "data", { size: 100 });
    age(site, share, 3 * HOUR_MS);
    site.state("dev.json");
    const { out } = await site.run("--stack-file", "dev.json");
    expect(lineOf(out, `ovh:Share ${share.id}`)).toContain(", 3 h old, ");
    expect(out).toContain("  import: ");

    const late = new Date(Date.now() - 3.5 * HOUR_MS);
    utimesSync(join(site.folder, "dev.json"), late, late);
    expect((await site.run("--stack-file", "dev.json")).out).toContain("made after dev.json was exported");
  });
});

describe("what is not left behind", () => {
  test("is nothing at all, in a service without marks", async ({ site }) => {
    site.state("dev.json");
    const { code, out, err } = await site.run("--stack-file", "dev.json");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toBe("Nothing is left behind: no object carries a mark of Holdfast and is not in dev.json.\n");
    expect((await site.run()).out).toBe("Nothing carries a mark of Holdfast.\n");
    expect(JSON.parse((await site.run("--json")).out)).toEqual({ objects: [] });
  });

  test("is in one of the states, as a resource, as one to be deleted, or in an operation that was interrupted", async ({
    site,
  }) => {
    const { share, snapshot, clone, policy } = await oneOfEach(site);
    site.state("dev.json", [share]);
    site.state("ops.json", [], {
      resources: [
        { urn: snapshot.urn, id: snapshot.id, delete: true },
        // as other providers write ids
        { urn: "urn:pulumi:ops::p::ovh:Storage/share:Share::x", id: `${site.serviceName}/${clone.id.toUpperCase()}` },
        { urn: "urn:pulumi:ops::p::pulumi:pulumi:Stack::p-ops" },
      ],
      pending_operations: [{ type: "deleting", resource: { urn: policy.urn, id: policy.id } }],
    });

    const { out } = await site.run("--stack-file", "dev.json", "--stack-file", "ops.json");

    expect(out).toBe(
      "Nothing is left behind: no object carries a mark of Holdfast and is not in dev.json, ops.json. 4 more are in dev.json, ops.json.\n",
    );
  });

  test("is somebody's own, whose name or description merely looks similar", async ({ site }) => {
    const similar: { name?: string; description?: string }[] = [
      { name: "data-abcdefghij234" },
      { name: "data-abcdefghij234-x" },
      { name: "data-ABCDEFGHIJ234-0" },
      { name: "data-abcdefghij189-0" },
      { name: "data-abcdefghijk2345-0" },
      { name: "2026-01-31-0" },
      { name: "mine", description: "[holdfast abcdefghij234] was here" },
      { name: "mine too", description: "made with holdfast abcdefghij234" },
      { name: "mine as well", description: "[holdfast abc]" },
    ];
    for (const texts of similar) await site.storage.createShare({ protocol: "NFS", size: 100, ...texts });
    await site.storage.share(site.simulator.shareId).createSnapshot({ name: "data-abcdefghij234-first" });
    site.simulator.model.takeSystemSnapshot(site.simulator.shareId, "backup-abcdefghij234-0");
    expect((await site.run()).out).toBe("Nothing carries a mark of Holdfast.\n");
  });

  test("is marked as doubtful where only a word of thirteen letters in the name says so", async ({ site }) => {
    const texts = { name: "db-productionlog-1" };
    const { id } = await site.storage.createShare({ protocol: "NFS", size: 100, ...texts });
    await site.storage.createShare({ protocol: "NFS", size: 100, description: "[holdfast productionlog]" });
    site.state("dev.json");
    const { out } = await site.run("--stack-file", "dev.json");
    expect(out).toContain("2 objects carry a mark");
    expect(lineOf(out, `ovh:Share ${id}`)).toContain('"db-productionlog-1"');
    expect(out.match(/looks like a mark/g)).toHaveLength(1);
    expect(out).toContain('Nothing but "productionlog" in its name looks like a mark: it may be a word of your own.\n');
  });

  test("is what carries no mark because the program wanted none", async ({ site }) => {
    await site.made("ovh:Share", "data", { size: 100, name: "Production" }, { descriptionMark: false });
    await site.made("ovh:ShareAccessRule", "lan", {
      shareId: site.simulator.shareId,
      accessTo: "10.0.5.0/24",
      accessLevel: "ro",
    });
    site.simulator.model.takeAutomaticSnapshot(site.simulator.shareId);
    await site.made("ovh:HeldSnapshot", "point", { shareId: site.simulator.shareId, select: { newest: true } });
    expect((await site.run()).out).toBe("Nothing carries a mark of Holdfast.\n");
  });
});

test("without a state everything that carries a mark is listed, with one line on what is missing and no commands", async ({
  site,
}) => {
  const { share, clone } = await oneOfEach(site);
  const { code, out } = await site.run();
  expect(code).toBe(0);
  expect(out).toContain("4 objects carry a mark of Holdfast.\n");
  expect(out).toContain(`ovh:Share ${share.id}`);
  expect(out).toContain(`ovh:ShareClone ${clone.id}`);
  expect(out).not.toContain("pulumi-holdfast");
  expect(out).toMatch(
    /\n\nWithout --stack-file it can't be told which of these a stack manages, .*run pulumi stack export --stack NAME --file NAME\.json, .*--stack-file\.\n$/,
  );
  const json = await site.run("--json");
  expect(json.err).toMatch(/^Without --stack-file it can't be told/);
  expect(JSON.parse(json.out).objects).toHaveLength(4);
  expect(JSON.parse(json.out).objects[0]).not.toHaveProperty("delete");
});

describe("a name from the service", () => {
  const HOSTILE = "\u001b]0;owned\u0007$(touch x)\u202e'-abcdefghij234-0";

  test("steers neither the terminal nor the shell that a command is pasted into", async ({ site }) => {
    const { id } = await site.storage.createShare({ protocol: "NFS", size: 100, name: HOSTILE });
    await site.storage.createShare({ protocol: "NFS", size: 100, name: "--out x-abcdefghij234-0" });
    await site.storage.createShare({ protocol: "NFS", size: 100, name: "it's $HOME-abcdefghij234-1" });
    site.state("dev.json");

    const { out } = await site.run("--stack-file", "dev.json");

    expect(out.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(out).toContain(`ovh:Share ${id} "\\u001b]0;owned\\u0007$(touch x)\\u{202e}'-abcdefghij234-0"`);
    expect(out).toContain("import ovh:Share 0-owned-touch-x-abcdefghij234-0 ");
    expect(out).toContain("import ovh:Share out-x-abcdefghij234-0 ");
    expect(out).toContain("import ovh:Share 'it'\\''s $HOME' ");
    expect(JSON.parse((await site.run("--json")).out).objects[0].name).toBe(HOSTILE);
  });
});
