import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { OvhSimulator } from "../../provider/simulators";
import { changes, type Project, packageRoot, type StateEntry } from "./support/project";
import { test } from "./support/test";

/** Ids of the objects that the fixture's state speaks of, by their mark in it. */
type Ids = Record<"data" | "before" | "copy" | "readers", string>;

const guide = readFile(join(packageRoot, "docs/migrating-from-pulumi-ovh.md"), "utf8");

/** The program of the guide, as it stands there. */
const guided = async (): Promise<string> => /```ts no-run\n([\s\S]*?)```/.exec(await guide)?.[1] ?? "";

/** What the guide says that the preview shows, line by line. */
const announced = async (): Promise<string[]> =>
  (await guide).split("\n").filter((line) => line.startsWith(" ~  pulumi-nodejs:dynamic/"));

/** What the other provider made: a share, its snapshot, a clone of that and a rule. */
async function madeByOthers({ url, credentials, serviceName }: OvhSimulator): Promise<Ids> {
  const post = async (path: string, body: object): Promise<string> => {
    const answer = await fetch(`${url}/storage/netapp/${serviceName}/share${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${credentials.accessToken}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(answer.ok).toBe(true);
    const made: { id: string } = JSON.parse(await answer.text());
    return made.id;
  };
  const data = await post("", { protocol: "NFS", size: 100, name: "data", description: "Orders" });
  const before = await post(`/${data}/snapshot`, { name: "before", description: "" });
  const copy = await post("", { protocol: "NFS", size: 100, name: "copy-7328693", snapshotID: before });
  const readers = await post(`/${copy}/acl`, { accessLevel: "ro", accessTo: "10.0.0.1/32" });
  return { data, before, copy, readers };
}

interface Entry extends StateEntry {
  custom: boolean;
  parent?: string;
}

/** A stack whose last `up` was the other provider's; parts of URNs in its state can be `renamed`. */
async function stackOfOthers(
  project: Project,
  simulator: OvhSimulator,
  renamed: Record<string, string> = {},
  edit: (resources: Entry[]) => void = () => {},
): Promise<Ids> {
  const ids = await madeByOthers(simulator);
  let text = await readFile(join(packageRoot, "test/e2e/fixtures/state-pulumi-ovh-2.19.1.json"), "utf8");
  const marks = Object.entries({ ...ids, service: simulator.serviceName }).map(([mark, id]) => [`@${mark}@`, id]);
  for (const [from = "", to = ""] of [...marks, ...Object.entries(renamed)]) {
    expect(text).toContain(from);
    text = text.replaceAll(from, to);
  }
  const state = JSON.parse(text);
  edit(state.deployment.resources);
  // The old provider's credentials in it are secrets: the stack's own key keeps them.
  const settings = join(project.folder, "Pulumi.test.yaml");
  const salt = /encryptionsalt: (\S+)/.exec(await readFile(settings, "utf8"))?.[1];
  state.deployment.secrets_providers = { type: "passphrase", state: { salt } };
  await writeFile(join(project.folder, "state.json"), JSON.stringify(state));
  const imported = await project.pulumi("stack", "import", "--file", "state.json");
  expect(imported.code, imported.text).toBe(0);
  await appendFile(settings, `config:\n  e2e:serviceName: ${simulator.serviceName}\n`);
  // Their plugin is not on this machine, and nothing may need it: the CLI would fetch what the state names.
  project.env["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] = "true";
  return ids;
}

const program = (project: Project, text: string) => writeFile(join(project.folder, "index.mjs"), text);

/** What was sent to the service and is no look. */
const writes = (simulator: OvhSimulator, since: number): string[] =>
  simulator.calls.slice(since).flatMap(({ method, path }) => (method === "GET" ? [] : [`${method} ${path}`]));

/** The resources of the engine and of both providers in the state, by name. */
async function entries(project: Project): Promise<Map<string, StateEntry>> {
  const exported: { deployment: { resources: StateEntry[] } } = JSON.parse(await project.exportState());
  return new Map(exported.deployment.resources.map((entry) => [entry.urn.split("::").at(-1) ?? "", entry]));
}

const ids = (state: Map<string, StateEntry>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, state.get(name)?.id ?? ""]));

/** The provider's own entry goes with the last resource that needs it, and the old credentials with it. */
const expectOnlyOurs = (state: Map<string, StateEntry>): void => {
  const types = [...state.values()]
    .map(({ type }) => type)
    .filter((type) => !type.startsWith("pulumi-nodejs:dynamic/"));
  expect(types).not.toContain("pulumi:providers:ovh");
  expect(types.filter((type) => type.startsWith("ovh:"))).toEqual([]);
};

describe("a stack of @ovhcloud/pulumi-ovh", () => {
  test("moves by alias: ids stay, nothing is sent, and what was missing is there", async ({ project, simulator }) => {
    const theirs = await stackOfOthers(project, simulator);
    await program(project, await guided());
    const since = simulator.calls.length;

    const preview = await project.preview();
    expect(preview.code, preview.text).toBe(0);
    expect(changes(preview)).toEqual(["update data", "update before", "update copy", "update readers"]);
    expect(preview.text.split("\n")).toEqual(expect.arrayContaining(await announced()));
    expect(await announced()).toHaveLength(4);
    const up = await project.up();
    expect(up.code, up.text).toBe(0);
    expect(changes(up)).toEqual(["update data", "update before", "update copy", "update readers"]);

    const moved = await entries(project);
    expect(ids(moved, Object.keys(theirs))).toEqual(theirs);
    expectOnlyOurs(moved);
    const mount = expect.stringMatching(/^[\d.]+:\/\S+$/);
    expect(moved.get("data")?.outputs).toMatchObject({ name: "data", preferredAccessPath: mount });
    expect(moved.get("copy")?.outputs).toMatchObject({ name: "copy-7328693", sourceSnapshotId: theirs.before });
    expect(moved.get("before")?.outputs).toMatchObject({ type: "manual", status: "available", shareId: theirs.data });
    expect(moved.get("readers")?.outputs).toMatchObject({ accessTo: "10.0.0.1", status: "active" });
    for (const { outputs = {}, type } of moved.values()) {
      if (!type.startsWith("pulumi-nodejs:dynamic/")) continue;
      for (const foreign of ["id", "accessType", "__pulumi_raw_state_delta"])
        expect(outputs).not.toHaveProperty(foreign);
    }

    expect(changes(await project.up())).toEqual([]);
    const refreshed = await project.refresh("--diff");
    expect(refreshed.text).toContain("5 unchanged");
    expect(writes(simulator, since)).toEqual([]);

    const destroyed = await project.destroy();
    expect(destroyed.code, destroyed.text).toBe(0);
    expect(writes(simulator, since).map((call) => call.split("/").at(-1))).toEqual([
      theirs.readers,
      theirs.copy,
      theirs.before,
      theirs.data,
    ]);
    expect(simulator.model.shares.map(({ id }) => id)).toEqual([simulator.shareId]);
    expect(simulator.unmatched).toEqual([]);
  });

  test("goes back by putting the state back, and moves again", async ({ project, simulator }) => {
    const theirs = await stackOfOthers(project, simulator);
    await program(project, await guided());
    await project.pulumi("stack", "export", "--file", "before-the-move.json");
    expect((await project.up()).code).toBe(0);
    const since = simulator.calls.length;

    const back = await project.pulumi("stack", "import", "--file", "before-the-move.json");
    expect(back.code, back.text).toBe(0);
    const state = await entries(project);
    expect(state.get("copy")).toMatchObject({ id: theirs.copy, type: "ovh:index/storageEfsShare:StorageEfsShare" });

    const again = await project.up();
    expect(changes(again)).toEqual(["update data", "update before", "update copy", "update readers"]);
    expect(writes(simulator, since)).toEqual([]);
  });

  test("moves with other names, in a component, by URN, as a plain share, and from an explicit provider", async ({
    project,
    simulator,
  }) => {
    const files = "urn:pulumi:test::e2e::acme:Files::files";
    const share = "ovh:index/storageEfsShare:StorageEfsShare";
    const theirs = await stackOfOthers(
      project,
      simulator,
      {
        [`::${share}::data`]: `::acme:Files$${share}::data`,
        "default_2_19_1_github_/api.github.com/ovh/pulumi-ovh": "eu",
      },
      (resources) => {
        const at = resources.findIndex(({ urn }) => urn.endsWith("::data"));
        const [data] = resources.slice(at);
        const [stack] = resources;
        if (data === undefined || stack === undefined) throw new Error("The fixture has no share.");
        data.parent = files;
        resources.splice(at, 0, { urn: files, type: "acme:Files", custom: false, parent: stack.urn });
      },
    );
    await program(
      project,
      `import * as pulumi from "@pulumi/pulumi";
      import { Share, ShareAccessRule, Snapshot } from "pulumi-holdfast/ovh";
      const serviceName = new pulumi.Config().require("serviceName");
      class Files extends pulumi.ComponentResource {
        constructor(name) {
          super("acme:Files", name);
          const aliases = [{ type: "ovh:index/storageEfsShare:StorageEfsShare" }];
          this.data = new Share("data", { serviceName, size: 100 }, { parent: this, aliases });
          this.registerOutputs();
        }
      }
      const shareId = new Files("files").data.id;
      const snapshot = "ovh:index/storageEfsShareSnapshot:StorageEfsShareSnapshot";
      new Snapshot("nightly", { serviceName, shareId }, { aliases: [{ type: snapshot, name: "before" }] });
      const copyUrn = "urn:pulumi:test::e2e::ovh:index/storageEfsShare:StorageEfsShare::copy";
      const plain = new Share("plain", { serviceName, size: 100 }, { aliases: [copyUrn] });
      const type = "ovh:index/storageEfsShareAcl:StorageEfsShareAcl";
      new ShareAccessRule(
        "readers",
        { serviceName, shareId: plain.id, accessLevel: "ro", accessTo: "10.0.0.1" },
        { parent: plain, aliases: [{ type, parent: pulumi.rootStackResource }] },
      );`,
    );
    const since = simulator.calls.length;

    const up = await project.up();

    expect(up.code, up.text).toBe(0);
    expect(changes(up).toSorted()).toEqual(["update data", "update nightly", "update plain", "update readers"]);
    const { data, before, copy, readers } = theirs;
    const moved = await entries(project);
    expect(ids(moved, ["data", "nightly", "plain", "readers"])).toEqual({
      data,
      nightly: before,
      plain: copy,
      readers,
    });
    expectOnlyOurs(moved);
    expect(changes(await project.up())).toEqual([]);
    expect(writes(simulator, since)).toEqual([]);
    const destroyed = await project.destroy();
    expect(destroyed.code, destroyed.text).toBe(0);
    expect(simulator.model.shares).toHaveLength(1);
  });

  test("undoes nothing that was done elsewhere in the up after one that failed, until a refresh shows it", async ({
    project,
    simulator,
  }) => {
    const theirs = await stackOfOthers(project, simulator);
    await program(project, (await guided()).replace('"Orders"', '"All orders"'));
    const data = simulator.model.shares.find(({ id }) => id === theirs.data);
    Object.assign(data ?? {}, { size: 500, name: "theirs" });
    const refusal = { kind: "status", status: 409, body: { class: "Client::Conflict", message: "not now" } } as const;
    simulator.faults.add({ method: "PUT", path: new RegExp(`${theirs.data}$`), fault: refusal });
    const failed = await project.up();
    expect(failed.code).not.toBe(0);
    expect(failed.text).toContain("not now");

    const preview = await project.preview("--diff");
    expect(preview.text).not.toMatch(/~ (size|name)/);
    const up = await project.up();
    expect(up.code, up.text).toBe(0);
    expect(changes(up)).toContain("update data");
    expect(data).toMatchObject({ size: 500, name: "theirs", description: "All orders" });
    expect(changes(await project.up())).toEqual([]);

    await project.refresh();
    expect((await project.preview("--diff")).text).toMatch(/~ size *: 500 => 100/);
    expect(changes(await project.up())).toEqual(["update data"]);
    expect(data).toMatchObject({ size: 100, name: "data" });
  });

  test("says what is gone and moves the rest, and refuses in preview what would replace", async ({
    project,
    simulator,
  }) => {
    const theirs = await stackOfOthers(project, simulator);
    const moved = await guided();
    await program(project, moved.replace('"ro"', '"rw"'));
    const refused = await project.preview();
    expect(refused.code).not.toBe(0);
    expect(refused.text).toContain('set accessLevel to "ro", run pulumi up, and change it afterwards.');

    await program(project, moved);
    const copy = simulator.model.shares.find(({ id }) => id === theirs.copy);
    copy?.rules.splice(0);
    const up = await project.up();
    expect(up.code).not.toBe(0);
    expect(up.text).toContain(`ShareAccessRule readers: ${theirs.readers} is in the state that another provider wrote`);
    const refreshed = await project.refresh();
    expect(refreshed.code, refreshed.text).toBe(0);
    expect([...(await project.state()).keys()].toSorted()).toEqual(["before", "copy", "data"]);
    expect(changes(await project.up())).toEqual(["create readers"]);
    const destroyed = await project.destroy();
    expect(destroyed.code, destroyed.text).toBe(0);
    expect(simulator.model.shares).toHaveLength(1);
  });
});
