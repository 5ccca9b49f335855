import { readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { importObjects } from "../../provider/cli/import";
import { orphans } from "../../provider/cli/orphans";
import type { Properties } from "../../provider/core/properties";
import type { ResourceKind } from "../../provider/kinds";
import type { FileStorage } from "../../provider/ovh/client";
import type { StorageSettings } from "../../provider/ovh/settings";
import { type OvhSimulator, type OvhSimulatorOptions, simulateOvh } from "../../provider/simulators";
import { byHand } from "../ovh/support/byHand";
import { JumpingClock } from "../ovh/support/clock";
import { startProcess } from "../ovh/support/providerProcess";
import { Resource } from "../ovh/support/resource";
import { test as base } from "./machine";

interface Run {
  code: number;
  out: string;
  err: string;
}

/** A service where stacks and people have made objects, and a machine on which the command runs. */
interface Site {
  simulator: OvhSimulator;
  storage: FileStorage;
  serviceName: string;
  folder: string;
  environment: NodeJS.ProcessEnv;
  /** Makes an object as a stack does. */
  made(kind: ResourceKind, name: string, args: Properties, settings?: Partial<StorageSettings>): Promise<Resource>;
  run(...args: string[]): Promise<Run>;
  /** Runs a command line that was printed. */
  runLine(line: string): Promise<Run>;
  /** Writes what `pulumi stack export` would. */
  state(file: string, managed?: readonly Pick<Resource, "id" | "urn">[], more?: object): void;
  write(file: string, content: string): void;
  /** The product calls so far, below the service, without the first ones that made the site. */
  calls(): string[];
}

const HOUR_MS = 3_600_000;

const test = base.extend<{ options: OvhSimulatorOptions; site: Site }>({
  options: {},
  site: async ({ machine, options }, use) => {
    const simulator = await simulateOvh({ schedule: false, ...options });
    const { serviceName } = simulator;
    const clock = new JumpingClock();
    clock.time = Date.now();
    const closing: (() => Promise<void>)[] = [() => simulator.close()];
    const environment: NodeJS.ProcessEnv = { ...machine.env, ...simulator.environment };
    const at = (file: string) => join(machine.folder, file);
    const running = async (command: typeof orphans, args: string[]) => {
      const run: Run = { code: 0, out: "", err: "" };
      const host = {
        out: (text: string) => {
          run.out += text;
        },
        err: (text: string) => {
          run.err += text;
        },
        environment,
        folder: machine.folder,
      };
      run.code = await command(args, host);
      return run;
    };
    await use({
      simulator,
      storage: byHand(simulator),
      serviceName,
      folder: machine.folder,
      environment,
      async made(kind, name, args, settings = {}) {
        const process = startProcess(simulator, clock, { settings });
        closing.unshift(() => process.close());
        const resource = new Resource(process, kind, name);
        await resource.up({ serviceName, ...args });
        return resource;
      },
      run: (...args) => running(orphans, args),
      async runLine(line) {
        const [npx, holdfast, command, ...args] = line.split(" ");
        expect([npx, holdfast]).toEqual(["npx", "pulumi-holdfast"]);
        if (command === "import") machine.engine("tools", "3.254.0");
        return running(command === "import" ? importObjects : orphans, args);
      },
      state(file, managed = [], more = {}) {
        const resources = managed.map(({ id, urn }) => ({ urn, custom: true, id, type: urn.split("::")[2] }));
        const deployment = { manifest: { time: new Date().toISOString() }, resources, ...more };
        writeFileSync(at(file), JSON.stringify({ version: 3, deployment }));
        // The service tells its time in whole seconds.
        utimesSync(at(file), new Date(), new Date(Date.now() + 5000));
      },
      write: (file, content) => writeFileSync(at(file), content),
      calls: () =>
        simulator.calls.map(
          ({ method, path }) => `${method} ${path.replace(`/1.0/storage/netapp/${serviceName}`, "")}`,
        ),
    });
    for (const close of closing) await close();
    expect(simulator.unmatched).toEqual([]);
  },
});

const RULES = [{ prefix: "mine", copies: 2, cron: "0 3 * * *" }];

/** Lets an object be older than it is. */
function age({ simulator: { model } }: Site, { id }: { id: string }, ms: number): void {
  const object = [...model.shares, ...model.snapshots, ...model.policies].find((one) => one.id === id);
  if (object === undefined) throw new Error(`There is no ${id}`);
  object.createdAt -= ms;
}

/** Something of each kind that carries a mark. The names of the clone and the policy are the program's own. */
async function oneOfEach(site: Site) {
  const share = await site.made("ovh:Share", "data", { size: 120 });
  const snapshot = await site.made("ovh:Snapshot", "before", { shareId: share.id });
  const clone = await site.made("ovh:ShareClone", "staging", {
    snapshotId: snapshot.id,
    size: 150,
    name: "Staging area",
    description: "For QA",
  });
  const policy = await site.made("ovh:SnapshotPolicy", "nightly", { rules: RULES, name: "nightly" });
  return { share, snapshot, clone, policy };
}

const shareIds = ({ simulator }: Site) => simulator.model.shares.map(({ id }) => id);
const lineOf = (text: string, start: string) =>
  text
    .split("\n")
    .find((line) => line.trim().startsWith(start))
    ?.trim()
    .slice(start.length) ?? `no line begins with ${start}`;

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

describe("services", () => {
  const second = async (site: Site) => {
    const { id } = site.simulator.model.addService("second");
    const share = await site.made("ovh:Share", "elsewhere", { serviceName: id, size: 100 });
    return { id, share };
  };

  test("are all looked at, those that are named alone", async ({ site }) => {
    const here = await site.made("ovh:Share", "here", { size: 100 });
    const { id, share: there } = await second(site);
    site.state("dev.json");

    const all = await site.run("--stack-file", "dev.json");
    expect(all.out).toContain("2 objects");
    for (const share of [here, there]) expect(all.out).toContain(`ovh:Share ${share.id}`);
    expect(lineOf(all.out, `delete: npx pulumi-holdfast orphans --service ${id} `)).toContain(there.id);

    const one = await site.run("--stack-file", "dev.json", "--service", id);
    expect(one.out).toContain(there.id);
    expect(one.out).not.toContain(here.id);
    const both = await site.run("--stack-file", "dev.json", "--service", id, "--service", site.serviceName);
    expect(both.out).toContain("2 objects");
  });

  test("are asked for one list of each kind, and each share for its snapshots, whatever is listed", async ({
    site,
  }) => {
    const { share, clone } = await oneOfEach(site);
    site.state("dev.json");
    const before = site.calls().length;
    await site.run("--stack-file", "dev.json");
    const made = site
      .calls()
      .slice(before)
      .filter((call) => !call.includes("/auth/time"))
      .toSorted();
    const snapshots = [site.simulator.shareId, share.id, clone.id].map((id) => `GET /share/${id}/snapshot`);
    expect(made).toEqual(["GET /1.0/storage/netapp", "GET /share", "GET /snapshotPolicy", ...snapshots].toSorted());
  });

  test("that are not there are named", async ({ site }) => {
    const gone = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
    await expect(site.run("--service", gone)).rejects.toThrow(`Service ${gone} is not known there`);
  });
});

describe("deletion", () => {
  describe("of what takes its time", () => {
    test.override({ options: { stepMs: 400 } });

    test("waits until it is gone, and shows that it does", async ({ site }) => {
      const { id } = await site.storage.createShare({ protocol: "NFS", size: 100, name: "data-abcdefghij234-0" });
      await expect.poll(() => site.simulator.model.shares.find((one) => one.id === id)?.status).toBe("available");
      site.state("dev.json");

      const { code, out, err } = await site.run("--stack-file", "dev.json", "--delete", id);

      expect(code).toBe(0);
      expect(err).toBe(`ovh:Share ${id} "data-abcdefghij234-0": deleting\n`);
      expect(out).toBe(`ovh:Share ${id} "data-abcdefghij234-0" is deleted.\n`);
      expect(shareIds(site)).not.toContain(id);
    });
  });

  test("takes only the named ones, by id or by path, and what hangs on another one first", async ({ site }) => {
    const { share, snapshot, clone, policy } = await oneOfEach(site);
    const ofClone = await site.made("ovh:Snapshot", "after", { shareId: clone.id });
    const kept = await site.made("ovh:Share", "kept", { size: 100 });
    site.state("dev.json");
    const before = site.calls().length;

    const path = `${site.serviceName}/${share.id.toUpperCase()}`;
    const ids = [policy.id, path, snapshot.id, clone.id, clone.id, ofClone.id];
    const { code, out, err } = await site.run("--stack-file", "dev.json", ...ids.flatMap((id) => ["--delete", id]));

    expect([code, err]).toEqual([0, ""]);
    expect(out.match(/is deleted/g)).toHaveLength(5);
    expect(
      site
        .calls()
        .slice(before)
        .filter((call) => call.startsWith("DELETE")),
    ).toEqual([
      `DELETE /share/${clone.id}/snapshot/${ofClone.id}`,
      `DELETE /share/${clone.id}`,
      `DELETE /share/${share.id}/snapshot/${snapshot.id}`,
      `DELETE /share/${share.id}`,
      `DELETE /snapshotPolicy/${policy.id}`,
    ]);
    expect(shareIds(site)).toEqual([site.simulator.shareId, kept.id]);
  });

  test("is refused whole where an id carries no mark, is in a state, or is not there", async ({ site }) => {
    const { share, clone, policy } = await oneOfEach(site);
    const gone = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
    const { shareId } = site.simulator;
    site.state("dev.json", [clone]);
    site.state("ops.json");
    const files = ["--stack-file", "dev.json", "--stack-file", "ops.json"];
    const before = site.calls().length;

    const ids = [shareId, clone.id, gone, policy.id].flatMap((id) => ["--delete", id]);
    const { code, out, err } = await site.run(...files, ...ids);

    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("holdfast orphans: nothing was deleted.\n");
    expect(err).toContain(`  ${shareId}: ovh:Share "production" carries no mark of Holdfast: somebody else made it`);
    expect(err).toContain(`  ${clone.id}: it is in dev.json, as ${clone.urn}. Take it out of that program`);
    expect(err).toContain(`  ${gone}: no share, snapshot or snapshot policy has this id`);
    expect(err).not.toContain(`  ${policy.id}`);
    expect(
      site
        .calls()
        .slice(before)
        .every((call) => call.startsWith("GET")),
    ).toBe(true);

    const json = await site.run(...files, ...ids, "--json");
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toEqual({
      deleted: [],
      notDeleted: [shareId, clone.id, gone].map((id) => ({ id, reason: expect.any(String) })),
    });
    expect(shareIds(site)).toContain(share.id);
  });

  test("of a share with manual snapshots says what to delete first, and how", async ({ site }) => {
    const { share, snapshot } = await oneOfEach(site);
    const managed = await site.made("ovh:Snapshot", "managed", { shareId: share.id });
    const manual = await site.storage.share(share.id).createSnapshot({ name: "by hand" });
    site.state("dev.json", [managed]);

    const { code, err } = await site.run("--stack-file", "dev.json", "--delete", share.id);

    expect(code).toBe(1);
    expect(err).toContain("has manual snapshots, and the service deletes no share that has any. Delete these first:\n");
    expect(lineOf(err, `${managed.id} `)).toContain(`is in dev.json, as ${managed.urn}`);
    expect(lineOf(err, `${manual.id} `)).toBe('("by hand") carries no mark: delete it in the control panel');
    expect(lineOf(err, `${snapshot.id} `)).toContain(
      `carries a mark and is in no given state: add --delete ${snapshot.id}`,
    );
  });

  test("that the service refuses is told with its reason, and the others are deleted", async ({ site }) => {
    const first = await site.made("ovh:Share", "first", { size: 100 });
    const second = await site.made("ovh:Share", "second", { size: 100 });
    site.state("dev.json");
    const path = new RegExp(`share/${second.id}$`);
    const fault = { kind: "status", status: 403, body: { message: "Frozen by the support" } } as const;
    site.simulator.faults.add({ method: "DELETE", path, fault, times: Number.POSITIVE_INFINITY });

    const ids = ["--delete", first.id, "--delete", second.id];
    const { code, out, err } = await site.run("--stack-file", "dev.json", ...ids, "--json");

    expect(code).toBe(1);
    expect(err).toContain("holdfast orphans: 1 of 2 not deleted.\n");
    expect(err).toContain("Frozen by the support");
    expect(JSON.parse(out)).toEqual({
      deleted: [first.id],
      notDeleted: [{ id: second.id, reason: expect.stringContaining("Frozen by the support") }],
    });
    expect(shareIds(site)).toEqual([site.simulator.shareId, second.id]);
  });

  test("of a policy that shares follow is refused with these shares", async ({ site }) => {
    const policy = await site.made("ovh:SnapshotPolicy", "nightly", { rules: RULES });
    await site.made("ovh:Share", "follower", { size: 100, snapshotPolicyId: policy.id, name: "follower" });
    site.state("dev.json");
    const { code, err } = await site.run("--stack-file", "dev.json", "--delete", policy.id);
    expect(code).toBe(1);
    expect(err).toMatch(/is followed by shares, .*\("follower"\)/);
  });

  test("of what is gone meanwhile is no failure", async ({ site }) => {
    const share = await site.made("ovh:Share", "data", { size: 100 });
    site.state("dev.json");
    const fault = { kind: "status", status: 404, afterEffect: true } as const;
    site.simulator.faults.add({ method: "DELETE", path: /share/, fault });
    expect((await site.run("--stack-file", "dev.json", "--delete", share.id)).code).toBe(0);
  });
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

describe("a file that is no exported state", () => {
  test.for<[string, string | undefined, string]>([
    ["is missing", undefined, "state.json can't be read: ENOENT"],
    ["is no JSON", '{"version": 3, "deployment": {"secret": "s3cr3t"', "state.json is no exported state."],
    ["is a preview's", '{"steps": [], "secret": "s3cr3t"}', "state.json is no exported state."],
    [
      "is a list",
      "[]",
      "state.json is no exported state. Write it with: pulumi stack export --stack NAME --file FILE.json",
    ],
    ["has no deployment", '{"version": 3, "deployment": null}', "state.json is no exported state."],
  ])("%s", async ([, content, message], { site }) => {
    if (content !== undefined) site.write("state.json", content);
    const run = site.run("--stack-file", "state.json");
    await expect(run).rejects.toThrow(message);
    await expect(run).rejects.not.toThrow("s3cr3t");
    expect(site.calls()).toEqual([]);
  });

  test("an export of an empty stack is one", async ({ site }) => {
    site.write("empty.json", '{"version": 3, "deployment": {"manifest": {"time": "0001-01-01T00:00:00Z"}}}');
    expect(statSync(join(site.folder, "empty.json")).size).toBeGreaterThan(0);
    expect((await site.run("--stack-file", "empty.json")).code).toBe(0);
  });
});

describe("the credentials", () => {
  test("that are wrong are refused by the service, and appear nowhere", async ({ site }) => {
    const { applicationSecret } = site.simulator.credentials;
    site.environment["OVH_CONSUMER_KEY"] = "of-somebody-else";
    const run = site.run();
    await expect(run).rejects.toThrow("consumer key");
    for (const secret of ["of-somebody-else", applicationSecret]) await expect(run).rejects.not.toThrow(secret);
  });

  test("that are missing are listed", async ({ site }) => {
    for (const name of Object.keys(site.environment)) if (name.startsWith("OVH_")) delete site.environment[name];
    await expect(site.run()).rejects.toThrow("No OVHcloud credentials found");
  });

  test("come from the configuration of the named stack, which the shown commands name again, and appear nowhere", async ({
    site,
    machine,
  }) => {
    const { applicationKey, applicationSecret, consumerKey } = site.simulator.credentials;
    for (const name of Object.keys(site.environment)) if (name.startsWith("OVH_")) delete site.environment[name];
    const settings = {
      "ovh:endpoint": { value: site.simulator.url },
      "ovh:applicationKey": { value: applicationKey },
      "ovh:applicationSecret": { value: applicationSecret },
      "ovh:consumerKey": { value: consumerKey },
    };
    site.write("config.json", JSON.stringify(settings));
    machine.script(
      "tools/bin/pulumi",
      'if [ "$1" = version ]; then echo v3.259.0; exit; fi',
      'case "$*" in *"--stack dev"*) ;; *) exit 1;; esac',
      `IFS= read -r line <'${join(site.folder, "config.json")}'; printf '%s\\n' "$line"`,
    );
    site.state("dev.json");
    await site.made("ovh:Share", "data", { size: 100 });
    // A second later than the export, or it would be too new for it.
    site.state("dev.json");

    const { code, out, err } = await site.run("--stack", "dev", "--stack-file", "dev.json");

    expect([code, err]).toEqual([0, ""]);
    expect(lineOf(out, "import: ")).toMatch(/ --stack dev$/);
    expect(lineOf(out, "delete: ")).toContain(" --stack dev ");
    for (const secret of [applicationSecret, consumerKey]) expect(out + err).not.toContain(secret);
  });
});

describe("arguments that make no sense are explained with the usage", () => {
  const id = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
  test.for<[string[], string]>([
    [["--delete", id], "--delete needs --stack-file: without the states it can't be told what a stack manages"],
    [["--delete", "data", "--stack-file", "dev.json"], '--delete takes an id, a UUID, and "data" is none'],
    [["--service", "production"], '--service takes an id, a UUID, and "production" is none'],
    [["--stack", "dev", "--no-stack"], "Give --stack or --no-stack, not both"],
    [["everything"], "Unexpected argument 'everything'"],
    [["--all"], "Unknown option '--all'"],
  ])("%s", async ([args, message], { site }) => {
    const { code, out, err } = await site.run(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(`holdfast orphans: ${message}`);
    expect(err).toContain("Usage: npx pulumi-holdfast orphans");
    expect(site.calls()).toEqual([]);
  });

  test("--help says what is listed, and what is not", async ({ site }) => {
    const { code, out } = await site.run("--help");
    expect(code).toBe(0);
    expect(out).toContain("Access rules\nand held snapshots carry no mark, and are not listed.");
  });
});
