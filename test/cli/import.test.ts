import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { importObjects } from "../../provider/cli/import";
import type { FileStorage } from "../../provider/ovh/client";
import { ovhActions, ovhImports } from "../../provider/ovh/imports";
import { ovhLifecycles } from "../../provider/ovh/lifecycles";
import { type OvhSimulator, simulateOvh } from "../../provider/simulators";
import { byHand } from "../ovh/support/byHand";
import { test as base, type Machine } from "./machine";

interface Run {
  code: number;
  out: string;
  err: string;
}

/** A service where somebody has made objects by hand, and a program's folder on a machine with a recent pulumi. */
interface Site {
  simulator: OvhSimulator;
  storage: FileStorage;
  folder: string;
  /** Paths of ids: `<service>/<share>` and so on. */
  ids: Record<"share" | "clone" | "snapshot" | "automatic" | "rule", string>;
  environment: NodeJS.ProcessEnv;
  run(...args: string[]): Promise<Run>;
  read(file?: string): Record<string, unknown> & { resources: Entry[] };
  write(file: string, content: unknown): void;
}
interface Entry {
  type: string;
  name: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

const test = base.extend<{ site: Site }>({
  site: async ({ machine }, use) => {
    const simulator = await simulateOvh({ schedule: false });
    const storage = byHand(simulator);
    const { serviceName, shareId } = simulator;
    const contents = storage.share(shareId);
    const snapshot = await contents.createSnapshot({ name: "before the migration" });
    const clone = await storage.createShare({
      protocol: "NFS",
      size: 120,
      name: "training",
      snapshotID: snapshot.id,
      mountPointName: "training",
    });
    const rule = await contents.createAccessRule({ accessTo: "10.0.5.0/24", accessLevel: "ro" });
    const automatic = simulator.model.takeAutomaticSnapshot(shareId);
    machine.engine("tools", "3.254.0");
    const environment: NodeJS.ProcessEnv = { ...machine.env, ...simulator.environment };
    const at = (file: string) => join(machine.folder, file);
    await use({
      simulator,
      storage,
      folder: machine.folder,
      environment,
      ids: {
        share: `${serviceName}/${shareId}`,
        clone: `${serviceName}/${clone.id}`,
        snapshot: `${serviceName}/${shareId}/${snapshot.id}`,
        automatic: `${serviceName}/${shareId}/${automatic.id}`,
        rule: `${serviceName}/${shareId}/${rule.id}`,
      },
      async run(...args) {
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
        const before = simulator.calls.length;
        run.code = await importObjects(args, host);
        const calls = simulator.calls.slice(before).filter(({ path }) => path.includes("/storage/"));
        expect(calls.every(({ method }) => method === "GET")).toBe(true);
        return run;
      },
      read: (file = "import.json") => JSON.parse(readFileSync(at(file), "utf8")),
      write: (file, content) =>
        writeFileSync(at(file), typeof content === "string" ? content : JSON.stringify(content)),
    });
    await simulator.close();
  },
});

const DYNAMIC = "pulumi-nodejs:dynamic/";

describe("one object", () => {
  test("is read and written with what pulumi import needs, and the next commands are shown", async ({ site }) => {
    const { code, out, err } = await site.run("ovh:Share", "production", site.ids.share);

    expect([code, err]).toEqual([0, ""]);
    expect(site.read()).toEqual({
      resources: [
        {
          type: `${DYNAMIC}ovh:Share`,
          name: "production",
          id: site.simulator.shareId,
          inputs: {
            serviceName: site.simulator.serviceName,
            size: 100,
            protocol: "NFS",
            __provider: expect.stringContaining('provider("ovh:Share")'),
          },
          outputs: expect.objectContaining({
            serviceName: site.simulator.serviceName,
            name: "production",
            size: 100,
            status: "available",
            preferredAccessPath: expect.any(String),
            __provider: expect.stringContaining('provider("ovh:Share")'),
          }),
        },
      ],
    });
    expect(out).toContain('ovh:Share production: "production", 100 GiB, available\n');
    expect(out).toContain("Read with the credentials from the environment.");
    expect(out).toContain("  pulumi import --file import.json --generate-code=false\n  pulumi preview\n");
    expect(statSync(join(site.folder, "import.json")).mode & 0o777).toBe(0o600);
    expect(out).toContain("protected from deletion until the next pulumi up.");
  });

  test("is taken by its long type and by an id in capital letters", async ({ site }) => {
    const { code } = await site.run(`${DYNAMIC}ovh:Share`, "production", site.ids.share.toUpperCase());
    expect(code).toBe(0);
    expect(site.read().resources[0]?.id).toBe(site.simulator.shareId);
  });

  test("goes alone to standard output with --out -", async ({ site }) => {
    const { out, err } = await site.run("ovh:Share", "production", site.ids.share, "--out", "-");
    expect(JSON.parse(out).resources).toHaveLength(1);
    expect(err).toContain("pulumi import --file");
    expect(existsSync(join(site.folder, "import.json"))).toBe(false);
  });

  test("of another system's file is not written over without --force, and an earlier file of ours is", async ({
    site,
  }) => {
    site.write("import.json", { resources: [{ type: "random:index/randomId:RandomId", name: "x", id: "x" }] });
    await expect(site.run("ovh:Share", "production", site.ids.share)).rejects.toThrow(
      "import.json exists, and this command did not write it. Name another file with --out, or write over it with --force.",
    );
    expect((await site.run("ovh:Share", "production", site.ids.share, "--force")).code).toBe(0);
    expect((await site.run("ovh:Share", "again", site.ids.share)).code).toBe(0);
    expect(site.read().resources.map(({ name }) => name)).toEqual(["again"]);
  });
});

test("every kind can be imported, or is an action", ({ site }) => {
  const kinds = Object.keys(ovhLifecycles(() => site.storage));
  expect(kinds.filter((kind) => !Object.hasOwn(ovhImports, kind) && !ovhActions.includes(kind))).toEqual([]);
});

test("several objects on one command line are written to one file, each kind with its parents", async ({ site }) => {
  const { ids, simulator } = site;
  const { code, err } = await site.run(
    ...["ovh:Share", "production", ids.share],
    ...["ovh:ShareClone", "training", ids.clone],
    ...["ovh:HeldSnapshot", "held", ids.snapshot],
    ...["ovh:ShareAccessRule", "rule", ids.rule],
  );

  expect([code, err]).toEqual([0, ""]);
  const entries = new Map(site.read().resources.map((entry) => [entry.name, entry]));
  const snapshotId = ids.snapshot.split("/").at(-1);
  expect(entries.get("training")).toMatchObject({
    inputs: { serviceName: simulator.serviceName, snapshotId, size: 120 },
    outputs: { snapshotId, sourceSnapshotId: snapshotId, mountPointName: "training", name: "training" },
  });
  expect(entries.get("held")).toMatchObject({
    inputs: { serviceName: simulator.serviceName, shareId: simulator.shareId },
    outputs: { name: "before the migration", type: "manual" },
  });
  expect(entries.get("rule")).toMatchObject({
    inputs: { shareId: simulator.shareId, accessTo: "10.0.5.0/24", accessLevel: "ro" },
    outputs: { status: "active" },
  });
});

describe("an object that can't be imported is named with the reason", () => {
  const GONE = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
  test.for<[string, (site: Site) => [string, string], string]>([
    [
      "missing",
      ({ simulator }) => ["ovh:Share", `${simulator.serviceName}/${GONE}`],
      `ovh:Share it: nothing with the id ${GONE} exists there (serviceName `,
    ],
    [
      "an automatic snapshot",
      ({ ids }) => ["ovh:Snapshot", ids.automatic],
      'is "automatic": its policy rotates it away, so nobody can manage it. Hold it with a new HeldSnapshot',
    ],
    ["an automatic snapshot as a held one", ({ ids }) => ["ovh:HeldSnapshot", ids.automatic], 'is "automatic"'],
    [
      "a plain share as a clone",
      ({ ids }) => ["ovh:ShareClone", ids.share],
      '("production") was not made from a snapshot, as far as the service tells. Import it as ovh:Share.',
    ],
    [
      "the default snapshot policy",
      ({ simulator }) => {
        const policy = simulator.model.shares.find(({ name }) => name === "training")?.policy.id;
        return ["ovh:SnapshotPolicy", `${simulator.serviceName}/${policy}`];
      },
      "is the service's default one, which can't be changed or deleted.",
    ],
    [
      "with too few parts",
      ({ ids }) => ["ovh:Snapshot", ids.share],
      "must be <serviceName>/<shareId>/<snapshotId>, 3 UUIDs with / between them.",
    ],
    [
      "with too many parts",
      ({ ids }) => ["ovh:Share", ids.snapshot],
      "must be <serviceName>/<shareId>, 2 UUIDs with / between them.",
    ],
    [
      "with a name for an id",
      ({ simulator }) => ["ovh:Share", `${simulator.serviceName}/production`],
      "must be <serviceName>/<shareId>, 2 UUIDs with / between them.",
    ],
    ["of a service that does not exist", () => ["ovh:Share", `${GONE}/${GONE}`], "404"],
  ])("%s", async ([, order, message], { site }) => {
    const [type, id] = order(site);
    const { code, out, err } = await site.run(type, "it", id);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("nothing was written");
    expect(err).toContain(message);
    expect(err.split("\n").filter((line) => line.includes(`${type} it: `))).toHaveLength(1);
    expect(existsSync(join(site.folder, "import.json"))).toBe(false);
  });

  test("one in transition", async ({ site }) => {
    site.simulator.model.setStatus(site.simulator.shareId, "extending");
    const { code, err } = await site.run("ovh:Share", "it", site.ids.share);
    expect(code).toBe(1);
    expect(err).toContain(`${site.simulator.shareId} is in state "extending". Import it when that has ended.`);
  });

  test("an access rule in error, which the next up would replace", async ({ site }) => {
    const rule = site.ids.rule.split("/").at(-1) ?? "";
    site.simulator.model.setStatus(rule, "error");
    const { code, err } = await site.run("ovh:ShareAccessRule", "it", site.ids.rule);
    expect(code).toBe(1);
    expect(err).toContain(`${rule} is in state "error", and pulumi up would delete it and make it again.`);
  });

  test("every one of them, and one that is named twice", async ({ site }) => {
    const { err } = await site.run(
      ...["ovh:Share", "a", site.ids.share],
      ...["ovh:Share", "b", site.ids.share],
      ...["ovh:Snapshot", "c", site.ids.automatic],
    );
    expect(err).toContain(`ovh:Share b: ${site.simulator.shareId} is ovh:Share a already. One object can only be one`);
    expect(err).toContain("ovh:Snapshot c: snapshot");
  });
});

describe("a setting of a share that can't be read", () => {
  const NOT_READ = "What the program sets there is taken as given.\n";
  const outputs = (site: Site) => site.read().resources[0]?.outputs ?? {};

  test("for the share is in a failed state is left out and told of, and the share is imported", async ({ site }) => {
    site.simulator.model.setStatus(site.simulator.shareId, "extending_error");
    const { code, out, err } = await site.run("ovh:Share", "it", site.ids.share);

    expect(code).toBe(0);
    expect(out).toContain("import.json is complete.");
    expect(err).toBe(
      `ovh:Share it: not read: snapshotPolicyId (state "extending_error"), snapshotReserve (state "extending_error"). ${NOT_READ}`,
    );
    expect(outputs(site)).toMatchObject({ status: "extending_error" });
    expect(outputs(site)).not.toHaveProperty("snapshotPolicyId");
    expect(outputs(site)).not.toHaveProperty("snapshotReserve");
  });

  test("for want of an IAM right is left out and told of with that right", async ({ site }) => {
    site.simulator.model.deniedActions.add("share/snapshotPolicy/get");
    const { code, err } = await site.run("ovh:Share", "it", site.ids.share);

    expect(code).toBe(0);
    expect(err).toMatch(
      /^ovh:Share it: not read: snapshotPolicyId \(the credentials lack \S*share\/snapshotPolicy\/get\)\. What.*\n$/,
    );
    expect(outputs(site)).toMatchObject({ snapshotReserve: 5 });
    expect(outputs(site)).not.toHaveProperty("snapshotPolicyId");
  });

  test("for want of an access rule of the consumer key is told of with the call, also where the file goes to standard output", async ({
    site,
  }) => {
    const body = { errorCode: "NOT_GRANTED_CALL", message: "This call has not been granted" };
    site.simulator.faults.add({
      method: "GET",
      path: /snapshotReserve$/,
      fault: { kind: "status", status: 403, body },
    });
    const { code, out, err } = await site.run("ovh:ShareClone", "it", site.ids.clone, "--out", "-");

    expect(code).toBe(0);
    expect(err).toMatch(
      /^ovh:ShareClone it: not read: snapshotReserve \(the credentials don't cover GET \/\S+\/snapshotReserve\)\. What/,
    );
    expect(JSON.parse(out).resources[0].outputs).toMatchObject({ snapshotPolicyId: expect.any(String) });
    expect(JSON.parse(out).resources[0].outputs).not.toHaveProperty("snapshotReserve");
  });

  test("for another reason keeps the share from being imported", async ({ site }) => {
    const fault = { kind: "status", status: 404 } as const;
    site.simulator.faults.add({ method: "GET", path: /snapshotPolicy$/, fault });
    const { code, err } = await site.run("ovh:Share", "it", site.ids.share);
    expect(code).toBe(1);
    expect(err).toContain("/snapshotPolicy answered 404");
  });

  test("and the share itself, for want of a right, is still a problem", async ({ site }) => {
    site.simulator.model.deniedActions.add("share/get");
    const { code, err } = await site.run("ovh:Share", "it", site.ids.share);
    expect(code).toBe(1);
    expect(err).toContain("lack a permission");
  });
});

describe("a file of pulumi preview --import-file", () => {
  const pending = (site: Site) => ({
    nameTable: { environment: "urn:pulumi:dev::p::test:index:Environment::environment" },
    resources: [
      { type: "test:index:Team", name: "team", component: true },
      { type: "pulumi:providers:pulumi-nodejs", name: "account", inputs: { "ovh:endpoint": "ovh-eu" } },
      {
        type: `${DYNAMIC}ovh:Share`,
        name: "dataShare",
        logicalName: "data",
        id: site.ids.share,
        parent: "team",
        provider: "account",
        version: "",
      },
      { type: `${DYNAMIC}ovh:Snapshot`, name: "point", id: site.ids.snapshot, parent: "environment" },
      { type: "random:index/randomId:RandomId", name: "random", id: "<PLACEHOLDER>", version: "4.0.0" },
    ],
  });

  test("is completed in our entries alone; parents, providers, components and names stay", async ({ site }) => {
    const before = pending(site);
    site.write("pending.json", before);

    const { code, out } = await site.run("--file", "pending.json");

    expect(code).toBe(0);
    const { resources, ...rest } = site.read();
    expect(rest).toEqual({ nameTable: before.nameTable });
    expect(resources.map(({ inputs, outputs, id, ...entry }) => entry)).toEqual(
      before.resources.map(({ inputs, id, ...entry }) => entry),
    );
    expect(resources[1]).toEqual(before.resources[1]);
    expect(resources[2]).toMatchObject({ id: site.simulator.shareId, outputs: { name: "production" } });
    expect(resources[4]).toEqual(before.resources[4]);
    expect(out).toContain("random:index/randomId:RandomId random: not ours, its id is still to be filled in");
    expect(out).toContain('ovh:Share data: "production", 100 GiB, available');
  });

  test("with placeholders of ours left says what to put there, and writes nothing", async ({ site }) => {
    const { nameTable, resources } = pending(site);
    const open = resources.map((entry) => ("id" in entry ? { ...entry, id: "<PLACEHOLDER>" } : entry));
    site.write("pending.json", { nameTable, resources: open });

    const { code, err } = await site.run("--file", "pending.json");

    expect(code).toBe(1);
    expect(err).toContain(
      "ovh:Share data: put <serviceName>/<shareId> in place of <PLACEHOLDER>, or take the entry out where pulumi up is to create it.",
    );
    expect(err).toContain("ovh:Snapshot point: put <serviceName>/<shareId>/<snapshotId> in place of <PLACEHOLDER>");
    expect(err).not.toContain("random");
    expect(existsSync(join(site.folder, "import.json"))).toBe(false);
  });

  test("that is complete is left as it is, without credentials", async ({ site }) => {
    site.write("pending.json", pending(site));
    await site.run("--file", "pending.json");
    for (const name of Object.keys(site.environment)) if (name.startsWith("OVH_")) delete site.environment[name];
    const { code } = await site.run("--file", "import.json", "--out", "second.json");
    expect(code).toBe(0);
    expect(site.read("second.json")).toEqual(site.read());
  });

  test.for<[string, unknown, string]>([
    ["is missing", undefined, "can't be read"],
    ["is no JSON", "{", "is not JSON"],
    ["is something else", { version: 3 }, 'has no list "resources"'],
    ["has an entry without a type", { resources: [{ name: "x" }] }, "entry 1 has no type or no name"],
  ])("that %s is refused", async ([, content, message], { site }) => {
    if (content !== undefined) site.write("pending.json", content);
    await expect(site.run("--file", "pending.json")).rejects.toThrow(message);
  });

  test("with an action says that there is nothing to import", async ({ site }) => {
    site.write("pending.json", {
      resources: [{ type: `${DYNAMIC}ovh:ShareRevert`, name: "back", id: "<PLACEHOLDER>" }],
    });
    const { code, err } = await site.run("--file", "pending.json");
    expect(code).toBe(1);
    expect(err).toContain(
      "ovh:ShareRevert is an action, done once by pulumi up: nothing exists that could be imported.",
    );
  });
});

describe("the credentials", () => {
  const without = (site: Site) => {
    for (const name of Object.keys(site.environment)) if (name.startsWith("OVH_")) delete site.environment[name];
  };
  type Settings = Record<string, { value?: string; secret: boolean }>;
  /** The values of a stack's configuration that give the simulated account. */
  const accountIn = ({ simulator }: Site): Settings => {
    const { applicationKey, applicationSecret, consumerKey } = simulator.credentials;
    const secret = (value: string) => ({ value, secret: true });
    return {
      "ovh:endpoint": { value: simulator.url, secret: false },
      "ovh:applicationKey": secret(applicationKey),
      "ovh:applicationSecret": secret(applicationSecret),
      "ovh:consumerKey": secret(consumerKey),
    };
  };
  /** A pulumi that answers `config` of a stack, secrets only with --show-secrets, and tells what it was asked. */
  const pulumi = (site: Site, machine: Pick<Machine, "script">, settings: Settings, passphrase = true) => {
    const shown = Object.entries(settings).map(([key, { value, secret }]) => [
      key,
      secret ? { secret } : { value, secret },
    ]);
    site.write("secrets.json", settings);
    site.write("shown.json", Object.fromEntries(shown));
    const print = (file: string) =>
      `while IFS= read -r line || [ -n "$line" ]; do printf '%s\\n' "$line"; done <'${join(site.folder, file)}'`;
    machine.script(
      "tools/bin/pulumi",
      'if [ "$1" = version ]; then echo v3.259.0; exit; fi',
      `echo "$@" >>'${join(site.folder, "asked")}'`,
      'case "$*" in',
      passphrase
        ? `*--show-secrets*) ${print("secrets.json")};;`
        : "*--show-secrets*) echo 'error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE' >&2; exit 1;;",
      `*) ${print("shown.json")};;`,
      "esac",
    );
    return [settings["ovh:applicationSecret"]?.value, settings["ovh:consumerKey"]?.value];
  };
  const asked = (site: Site) => readFileSync(join(site.folder, "asked"), "utf8");
  const inProject = (site: Site) => site.write("Pulumi.yaml", "name: p\nruntime: nodejs\n");

  test("come from the named stack's configuration, and appear nowhere", async ({ site, machine }) => {
    without(site);
    const secrets = pulumi(site, machine, accountIn(site));
    const { code, out, err } = await site.run("ovh:Share", "production", site.ids.share, "--stack", "dev");
    expect([code, err]).toEqual([0, ""]);
    expect(asked(site)).toContain("config --json --show-secrets");
    expect(asked(site)).toContain("--stack dev");
    expect(out).toContain("Read with the credentials from the stack configuration.");
    expect(out).toContain("pulumi import --file import.json --generate-code=false --stack dev");
    for (const secret of secrets) expect(out + JSON.stringify(site.read())).not.toContain(secret);
  });

  test("come from the selected stack in a project where environment and files have none", async ({ site, machine }) => {
    without(site);
    pulumi(site, machine, accountIn(site));
    inProject(site);
    expect((await site.run("ovh:Share", "production", site.ids.share)).code).toBe(0);
    expect(asked(site)).not.toContain("--stack");
  });

  test("come from the selected stack before the environment, as for pulumi up", async ({ site, machine }) => {
    pulumi(site, machine, accountIn(site));
    inProject(site);
    site.environment["OVH_CONSUMER_KEY"] = "of-another-account";
    const { code, out, err } = await site.run("ovh:Share", "production", site.ids.share);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("Read with the credentials from the stack configuration.");
  });

  test("come from the environment where the selected stack has none, and its secrets are not asked for", async ({
    site,
    machine,
  }) => {
    pulumi(site, machine, { "p:password": { value: "x", secret: true } }, false);
    inProject(site);
    const { code, out, err } = await site.run("ovh:Share", "production", site.ids.share);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("Read with the credentials from the environment.");
    expect(asked(site)).not.toContain("--show-secrets");
  });

  test("come from the environment outside of a project, without asking pulumi", async ({ site, machine }) => {
    pulumi(site, machine, accountIn(site));
    expect((await site.run("ovh:Share", "production", site.ids.share)).code).toBe(0);
    expect(existsSync(join(site.folder, "asked"))).toBe(false);
  });

  test("come from the environment with --no-stack, without asking pulumi", async ({ site, machine }) => {
    pulumi(site, machine, accountIn(site));
    inProject(site);
    const { out } = await site.run("ovh:Share", "production", site.ids.share, "--no-stack");
    expect(out).toContain("Read with the credentials from the environment.");
    expect(out).not.toContain("--stack");
    expect(existsSync(join(site.folder, "asked"))).toBe(false);
  });

  test("of the environment are refused where the stack's configuration names another endpoint, as for pulumi up", async ({
    site,
    machine,
  }) => {
    pulumi(site, machine, { "ovh:endpoint": { value: "ovh-ca", secret: false } });
    inProject(site);
    await expect(site.run("ovh:Share", "production", site.ids.share)).rejects.toThrow(
      "ovh:endpoint (stack configuration) is ovh-ca, but the credentials come from the environment",
    );
  });

  test("of the selected stack that can't be decrypted are not passed over", async ({ site, machine }) => {
    pulumi(site, machine, accountIn(site), false);
    inProject(site);
    await expect(site.run("ovh:Share", "production", site.ids.share)).rejects.toThrow(
      "The configuration of the selected stack has OVHcloud settings, which come before those of the environment, and can't be read: passphrase must be set with PULUMI_CONFIG_PASSPHRASE.",
    );
    expect(existsSync(join(site.folder, "import.json"))).toBe(false);
  });

  test("come from the environment where no stack is selected, and one line says so", async ({ site, machine }) => {
    machine.script(
      "tools/bin/pulumi",
      'if [ "$1" = version ]; then echo v3.259.0; exit; fi',
      "echo 'error: no stack selected; please use `pulumi stack select`' >&2",
      "exit 3",
    );
    inProject(site);
    const { code, out, err } = await site.run("ovh:Share", "production", site.ids.share);
    expect(code).toBe(0);
    expect(err).toBe(
      "The configuration of the selected stack can't be read: no stack selected; please use `pulumi stack select`. Environment and files are used without it.\n",
    );
    expect(out).toContain("Read with the credentials from the environment.");
  });

  test("that are nowhere are listed, with what pulumi said", async ({ site, machine }) => {
    without(site);
    machine.script(
      "tools/bin/pulumi",
      'if [ "$1" = version ]; then echo v3.259.0; exit; fi',
      "echo 'error: no stack selected' >&2",
      "exit 255",
    );
    site.write("Pulumi.yaml", "name: p\nruntime: nodejs\n");
    const run = site.run("ovh:Share", "production", site.ids.share);
    await expect(run).rejects.toThrow("No OVHcloud credentials found");
    await expect(run).rejects.toThrow("The configuration of the selected stack can't be read: no stack selected.");
  });
});

describe("what is too old gets one message with its version", () => {
  test("the CLI", async ({ site, machine }) => {
    machine.engine("tools", "3.253.0");
    await expect(site.run("ovh:Share", "production", site.ids.share)).rejects.toThrow(
      `${join(site.folder, "tools/bin/pulumi")} is 3.253.0, and only the Pulumi CLI 3.254.0 or later imports dynamic resources. Update it`,
    );
    expect(existsSync(join(site.folder, "import.json"))).toBe(false);
  });

  test("the SDK of the program", async ({ site, machine }) => {
    machine.script("node_modules/@pulumi/pulumi/index.js");
    site.write("node_modules/@pulumi/pulumi/package.json", { name: "@pulumi/pulumi", version: "3.200.0" });
    await expect(site.run("ovh:Share", "production", site.ids.share)).rejects.toThrow(
      `@pulumi/pulumi is 3.200.0 in ${site.folder}, and pulumi-holdfast needs 3.249.0 or later. There run: npm install @pulumi/pulumi@latest`,
    );
  });
});

describe("arguments that make no sense are explained with the usage", () => {
  test.for<[string[], string]>([
    [[], "Each object takes three words: <type> <name> <id>"],
    [["ovh:Share", "production"], "Each object takes three words"],
    [["ovh:Volume", "x", "y"], 'There is no type "ovh:Volume" to import; there are ovh:Share,'],
    [["ovh:ShareRevert", "x", "y"], "ovh:ShareRevert is an action"],
    [["ovh:Share", "x", "y", "--file", "pending.json"], "not both"],
    [["ovh:Share", "x", "y", "--stack", "dev", "--no-stack"], "Give --stack or --no-stack, not both"],
    [["--outt", "x"], "Unknown option '--outt'"],
  ])("%s", async ([args, message], { site }) => {
    const { code, err } = await site.run(...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).toContain("Usage: npx pulumi-holdfast import");
  });

  test("--help shows each type with the form of its id", async ({ site }) => {
    const { code, out } = await site.run("--help");
    expect(code).toBe(0);
    expect(out).toMatch(/ovh:ShareAccessRule +<serviceName>\/<shareId>\/<aclRuleId>/);
  });
});
