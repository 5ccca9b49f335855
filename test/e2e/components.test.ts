import { describe, expect } from "vitest";
import type { OvhSimulator } from "../../provider/simulators";
import { byHand } from "../ovh/support/byHand";
import { SECOND, test as withOther } from "./support/accounts";
import { changes, type Run } from "./support/project";
import { test } from "./support/test";

const MINUTE = 60_000;

/** New data at production, and an automatic snapshot of them. */
function newData({ model, shareId }: OvhSimulator): string {
  model.advanceClock(MINUTE);
  return new Date(model.takeAutomaticSnapshot(shareId).createdAt).toISOString();
}

const manual = ({ model }: OvhSimulator) => model.snapshots.filter(({ type }) => type === "manual");
const clones = ({ model, shareId }: OvhSimulator) => model.shares.filter(({ id }) => id !== shareId);

/** An environment with one rule, and whatever else. */
const environment = (more: string, rules = `{ accessTo: "10.0.5.0/24", accessLevel: "rw" }`) => `
  const development = new EnvironmentClone("development", {
    serviceName, shareId: process.env.SHARE, accessRules: [${rules}], ${more}
  });
  export const { mountCommand, dataFrom, size, cloneId, preferredAccessPath } = development;
`;

/** What was done to the parts, in order: the kinds and names are those of `environment`. */
const order = (run: Run): string[] =>
  run.steps
    .filter(({ op, kind }) => kind.startsWith("ovh:") && ["create", "delete"].some((word) => op.startsWith(word)))
    .map(({ op, name }) => `${op} ${name}`);

const CREATE_FIRST = [
  "create-replacement development-source",
  "create-replacement development",
  "create-replacement development-10.0.5.0/24",
  "delete-replaced development-10.0.5.0/24",
  "delete-replaced development",
  "delete-replaced development-source",
];
const DELETE_FIRST = [
  "create-replacement development-source",
  "delete-replaced development-10.0.5.0/24",
  "delete-replaced development",
  "create-replacement development",
  "create-replacement development-10.0.5.0/24",
  "delete-replaced development-source",
];

async function succeed(run: Promise<Run>): Promise<Run> {
  const done = await run;
  expect(done.code, done.text).toBe(0);
  return done;
}

async function fail(run: Promise<Run>): Promise<string> {
  const { code, text } = await run;
  expect(code, text).not.toBe(0);
  expect(text).not.toMatch(/^\s+at .*\.m?js/m);
  return text.replaceAll(/\s+/g, " ");
}

describe("EnvironmentClone", () => {
  test("is made, renewed in the order that it is told, and left alone where nothing is newer", async ({
    project,
    simulator,
  }) => {
    const first = newData(simulator);
    await project.program(environment(`size: 5000, refresh: "monday"`));
    expect(changes(await succeed(project.up()))).toEqual([
      "create development",
      "create development-source",
      "create development",
      "create development-10.0.5.0/24",
    ]);
    const [clone] = clones(simulator);
    const path = expect.stringMatching(/^[\d.]+:\/\S+$/);
    const outputs = await project.outputs();
    expect(outputs).toEqual({
      mountCommand: `mount -t nfs -o vers=3 ${outputs["preferredAccessPath"]} /mnt/development`,
      dataFrom: first,
      size: 5000,
      cloneId: clone?.id,
      preferredAccessPath: path,
    });

    // One more rule in front: the others keep their names.
    const two = `{ accessTo: "10.0.6.7/32", accessLevel: "ro" }, { accessTo: "10.0.5.0/24", accessLevel: "rw" }`;
    await project.program(environment(`size: 5000, refresh: "monday"`, two));
    expect(changes(await succeed(project.preview()))).toEqual(["create development-10.0.6.7"]);

    // Another token: nothing is newer, so nothing is touched. Then there is something, but no room for two.
    await project.program(environment(`size: 5000, refresh: "tuesday", replace: "deleteFirst"`));
    expect(await fail(project.up())).toContain("HeldSnapshot development-source: the newest point of share");
    expect(clones(simulator).map(({ id }) => id)).toEqual([clone?.id]);

    newData(simulator);
    await project.program(environment(`size: 5000, refresh: "tuesday"`));
    const created = await succeed(project.up());
    expect(order(created)).toEqual(CREATE_FIRST);
    expect(clones(simulator)).toHaveLength(1);

    await project.program(environment(`size: 6000, refresh: "wednesday"`));
    const third = newData(simulator);
    expect(await fail(project.up())).toMatch(
      /ShareClone development: it needs 6000 GiB, but service \S+ has 5140 GiB free of 10240 GiB: 860 GiB are missing\./,
    );
    await project.program(environment(`size: 6000, refresh: "wednesday", replace: "deleteFirst"`));
    const deleted = await succeed(project.up());
    // What the refusal left is used: the snapshot was held then.
    expect(order(deleted)).toEqual(DELETE_FIRST.slice(1));
    expect(clones(simulator).map((share) => share.size)).toEqual([6000]);
    expect(manual(simulator).map(({ createdAt }) => new Date(createdAt).toISOString())).toEqual([third]);

    newData(simulator);
    await project.program(environment(`size: 6000, refresh: "thursday"`));
    await succeed(project.up("--target", "**::development-source"));
    expect(await project.outputs()).toMatchObject({ dataFrom: third }); // as the clone's still are
    expect(simulator.unmatched).toEqual([]);
  });

  withOther(
    "from now, shared by its ID, with an account of its own: every part has the options of its component",
    async ({ project, simulator, other }) => {
      const program = (refresh: number) => `${SECOND}
      const { serviceName: service, shareId } = s;
      const provider = account();
      const admitted = (accessTo, name) => ({ accessTo, accessLevel: "ro", name });
      const common = { serviceName: service, shareId, size: 100, snapshotPolicyId: process.env.POLICY };
      const development = new EnvironmentClone("development", {
        ...common, from: "now", refresh: ${refresh}, replace: "deleteFirst", description: "for all",
        accessRules: [{ accessTo: "10.0.5.0/24", accessLevel: "rw" }],
      }, { provider });
      const snapshotId = development.source.id;
      const transforms = [({ type, props, opts }) =>
        type.endsWith(":ShareClone") ? { props: { ...props, size: 150 }, opts } : undefined];
      const qa = new EnvironmentClone("qa", {
        ...common, snapshotId, accessRules: [admitted(pulumi.output("10.0.7.0/24"), "testers")],
      }, { providers: [provider], transforms });
      const inner = new pulumi.ComponentResource("test:index:Team", "team", {}, { provider });
      const recovery = new RecoveryClone("recovery", {
        ...common, snapshotId, mountPointName: "recovery", accessRules: [{ accessTo: "10.0.5.7" }],
      }, { parent: inner, dependsOn: [qa], customTimeouts: { create: "50m" } });
      export const found = [development.dataFrom, qa.dataFrom, qa.size, recovery.dataFrom, recovery.mountCommand];
      export const same = [qa.source === undefined, EnvironmentClone.isInstance(qa), RecoveryClone.isInstance(qa)];
    `;
      const policy = other.model.policies.find(({ serviceId }) => serviceId === other.serviceName)?.id;
      Object.assign(project.env, { POLICY: policy });
      await project.program(program(1));
      other.model.writeFile(other.shareId, "orders", "1042");
      const made = await succeed(project.up());

      const state = await project.state();
      const [taken] = manual(other);
      const from = new Date(taken?.createdAt ?? 0).toISOString();
      const path = clones(other).find(({ mountPointName }) => mountPointName === "recovery");
      expect(await project.outputs()).toEqual({
        found: [
          from,
          from,
          150,
          from,
          expect.stringMatching(/^mount -t nfs -o vers=3,ro \S+:\/recovery \/mnt\/recovery$/),
        ],
        same: [true, true, false],
      });
      expect(clones(other).map(({ id, size }) => [other.model.readFiles(id)["orders"], size])).toEqual(
        expect.arrayContaining([
          ["1042", 100],
          ["1042", 150],
        ]),
      );
      expect(path?.policy.id).toBe(policy);
      expect(state.get("qa-testers")?.inputs).toMatchObject({ accessTo: "10.0.7.0/24" });
      expect(state.get("recovery-10.0.5.7")?.inputs).toMatchObject({ accessLevel: "ro", timeouts: { create: "50m" } });
      // What depends on a component waits for all of its parts.
      const done = order(made);
      expect(done.indexOf("create recovery")).toBeGreaterThan(done.indexOf("create qa-testers"));

      other.model.writeFile(other.shareId, "orders", "1057");
      await project.program(program(2));
      const renewed = await succeed(project.up());
      expect(order(renewed).filter((step) => step.includes("development"))).toEqual(DELETE_FIRST);
      expect(clones(other).map(({ id }) => other.model.readFiles(id)["orders"])).toEqual(["1057", "1057", "1057"]);
      await succeed(project.destroy());
      expect([clones(other), manual(other)]).toEqual([[], []]);
      expect([simulator.calls, simulator.unmatched, other.unmatched]).toEqual([[], [], []]);
    },
  );

  test("takes over the parts of a flat program by alias, and refreshes on a schedule", async ({
    project,
    simulator,
  }) => {
    newData(simulator);
    await project.program(`
      const held = new HeldSnapshot("production-data", { serviceName, shareId: process.env.SHARE, select: { newest: true }, trigger: "first" });
      const clone = new ShareClone("clone", { serviceName, snapshotId: held.id, size: 100 });
      new ShareAccessRule("developers", { serviceName, shareId: clone.id, accessTo: "10.0.5.0/24", accessLevel: "rw" });
    `);
    await succeed(project.up());
    const before = JSON.stringify([clones(simulator), manual(simulator)]);
    await project.program(`
      const flat = {
        "development-source": "production-data", "development": "clone", "development-10.0.5.0/24": "developers",
      };
      new EnvironmentClone("development", {
        serviceName, shareId: process.env.SHARE, size: 100, refresh: "first",
        accessRules: [{ accessTo: "10.0.5.0/24", accessLevel: "rw" }],
      }, {
        transforms: [({ custom, name, props, opts }) => custom
          ? { props, opts: { ...opts, aliases: [{ name: flat[name], parent: pulumi.rootStackResource }] } }
          : undefined],
      });
    `);

    expect(changes(await succeed(project.up()))).toEqual(["create development"]);
    expect(JSON.stringify([clones(simulator), manual(simulator)])).toBe(before);

    // Another name for the component is one for all of its parts.
    await project.program(`
      new EnvironmentClone("qa", {
        serviceName, shareId: process.env.SHARE, size: 100, refresh: { schedule: "monthly" },
        accessRules: [{ accessTo: "10.0.5.0/24", accessLevel: "rw" }],
      }, { aliases: [{ name: "development" }] });
    `);
    const preview = await succeed(project.preview("--diff"));
    expect(preview.text).toMatch(/~ trigger *: "first" => "20\d\d-(0[1-9]|1[0-2])"/);
    expect(changes(preview).filter((change) => /^(create|delete) /.test(change))).toEqual([]);
    expect(changes(preview).filter((change) => change.startsWith("replace"))).toHaveLength(3);
    expect(simulator.unmatched).toEqual([]);
  });
});

describe("RecoveryClone", () => {
  test("clones the newest point before a moment, or names the one to pass, in the preview", async ({
    project,
    simulator,
  }) => {
    const { model, shareId } = simulator;
    const program = (where: string, more = "") => `
      const recovery = new RecoveryClone("recovery", {
        serviceName, shareId: process.env.SHARE, size: 100, ${where}, accessRules: [{ accessTo: "10.0.5.7" }${more}],
      });
      export const found = [recovery.dataFrom, recovery.clone.id, recovery.mountCommand];
    `;
    const good = newData(simulator);
    model.advanceClock(MINUTE);
    const corruption = new Date(model.now).toISOString();
    newData(simulator);
    await project.program(program(`before: "${corruption}"`));
    await succeed(project.up());
    const [clone] = clones(simulator);
    expect(await project.outputs()).toEqual({
      found: [good, clone?.id, expect.stringMatching(/^mount -t nfs -o vers=3,ro \S+ \/mnt\/recovery$/)],
    });
    expect(clone?.rules).toMatchObject([{ accessTo: "10.0.5.7", accessLevel: "ro" }]);

    // Somebody took one by hand, nearer to a later moment.
    model.advanceClock(MINUTE);
    const mine = await byHand(simulator).share(shareId).createSnapshot({ name: "before the migration" });
    model.advanceClock(MINUTE);
    const later = new Date(model.now).toISOString();
    const posts = () => simulator.calls.filter(({ method }) => method !== "GET").length;
    const before = posts();
    await project.program(program(`before: "${later}"`));
    const told = await fail(project.preview());
    expect(told).toContain(`is manual already, and can't be held again: snapshot ${mine.id} ("before the migration", `);
    expect(told).toContain(`a RecoveryClone takes snapshotId: "${mine.id}" in place of before`);
    expect(posts()).toBe(before);

    const repair = `, { accessTo: "10.0.5.8", accessLevel: "rw" }`;
    await project.program(program(`snapshotId: "${mine.id}"`, repair));
    await succeed(project.up());
    expect(await project.outputs()).toEqual({
      found: [
        new Date(mine.createdAt ?? "").toISOString(),
        clones(simulator)[0]?.id,
        expect.stringMatching(/^mount -t nfs -o vers=3 \S+ \/mnt\/recovery$/), // somebody may write
      ],
    });
    expect(manual(simulator).map(({ id }) => id)).toEqual([mine.id]);
    expect(clones(simulator)).toHaveLength(1);
    expect(simulator.unmatched).toEqual([]);
  });
});
