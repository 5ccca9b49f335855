import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { changes, createProject } from "./support/project";
import { test } from "./support/test";

describe("a preview", () => {
  test("of new resources needs no credentials, also where ids are still unknown", async ({ project, simulator }) => {
    for (const name of Object.keys(simulator.environment)) if (name.startsWith("OVH_")) delete project.env[name];
    await project.program(`
      const share = new Share("data", { serviceName, size: 100 });
      const held = new HeldSnapshot("held", { serviceName, shareId: share.id, select: { newest: true } });
      const clone = new ShareClone("clone", { serviceName, snapshotId: held.id, shareId: share.id, size: held.shareSize });
      new ShareAccessRule("rule", { serviceName, shareId: clone.id, accessTo: "10.0.5.0/24", accessLevel: "rw" });
    `);

    const preview = await project.preview();

    expect(preview.code, preview.text).toBe(0);
    expect(changes(preview)).toHaveLength(4);
    expect(simulator.calls).toEqual([]);
    const up = await project.up();
    expect(up.code).not.toBe(0);
    expect(up.text).toContain("OVH_APPLICATION_KEY + OVH_APPLICATION_SECRET + OVH_CONSUMER_KEY");
  });

  test("names each mistake with its property, its value and what to do, also beside unknown values", async ({
    project,
  }) => {
    await project.program(`
      const share = new Share("data", { serviceName, size: 100 });
      new ShareAccessRule("rule", { serviceName: "production", shareId: share.id, accessTo: "10.0.0.0/33", accessLevel: "all", acessTo: 1, timeouts: { create: Number("soon") } });
    `);

    const { code, text } = await project.preview();

    expect(code).not.toBe(0);
    for (const message of [
      "property serviceName value {production} has a problem: must be the ID of the Enterprise File Storage service, a UUID",
      'property accessTo value {10.0.0.0/33} has a problem: must be an IPv4 address such as "10.0.5.7"',
      'property accessLevel value {all} has a problem: must be "ro" (read only) or "rw" (read and write)',
      "property acessTo value {1} has a problem: is not known here",
      "property timeouts value {map[create:{NaN}]} has a problem: its create must be a Pulumi duration",
    ]) {
      expect(text).toContain(message);
    }
    expect(text).not.toMatch(/^\s+at .*\.js/m);
  });

  test("shows what a program's transforms make of an input", async ({ project }) => {
    await project.program(`
      pulumi.runtime.registerResourceTransform(({ props, opts }) => ({ props: "size" in props ? { ...props, size: 20 } : props, opts }));
      new Share("data", { serviceName, size: 100 });
    `);
    expect((await project.preview()).text).toContain(
      "property size value {20} has a problem: must be at least 100 GiB",
    );
  });
});

describe("a component", () => {
  for (const siblings of [2, 3]) {
    test(`with ${siblings} of our resources finishes, and gives each its own URN`, async ({ project, simulator }) => {
      await project.program(`
        class Environment extends pulumi.ComponentResource {
          constructor(name, opts) {
            super("test:index:Environment", name, {}, opts);
            for (let number = 1; number <= ${siblings}; number += 1) {
              new Share(name + number, { serviceName, size: 100 }, { parent: this });
            }
          }
        }
        new Environment("environment");
      `);

      const up = await project.up();

      expect(up.code, up.text).toBe(0);
      expect(simulator.model.shares).toHaveLength(1 + siblings);
      for (const [, { urn, inputs }] of await project.state()) expect(inputs?.["__urn"]).toBe(urn);
      expect(changes(await project.up())).toEqual([]);
    });
  }
});

describe("get", () => {
  test("finds each kind by composite id or by its parents, and changes nothing at the service", async ({
    project,
    simulator,
  }) => {
    const snapshot = simulator.model.snapshots[0]?.id;
    await project.program(`
      const one = Share.get("one", serviceName + "/" + process.env.SHARE);
      const two = Share.get("two", process.env.SHARE, { serviceName });
      const point = Snapshot.get("point", serviceName + "/" + process.env.SHARE + "/${snapshot}");
      export const found = [one.name, two.size, point.type, point.id];
    `);

    expect((await project.up()).code).toBe(0);
    expect(await project.outputs()).toEqual({ found: ["production", 100, "automatic", snapshot] });
    expect((await project.destroy()).code).toBe(0);
    expect(simulator.calls.every(({ method }) => method === "GET")).toBe(true);
  });

  test("fails clearly on what does not exist and on an id of the wrong form", async ({ project, simulator }) => {
    await project.program(`Share.get("gone", serviceName + "/" + serviceName);`);
    const gone = await project.preview();
    expect(gone.code).not.toBe(0);
    expect(gone.text).toContain(`Share gone: nothing with the id ${simulator.serviceName} exists there`);

    await project.program(`Snapshot.get("form", "a/b");`);
    const form = await project.preview();
    expect(form.code).not.toBe(0);
    expect(form.text).toContain('Snapshot.get("form"): the id "a/b" must be <serviceName>/<shareId>/<id>');
  });
});

describe("HeldSnapshot with select", () => {
  test("does not go back in time: of two in one up, one holds the newest and the other explains", async ({
    project,
    simulator,
  }) => {
    await project.program(`
      for (const name of ["qa", "training"]) {
        new HeldSnapshot(name, { serviceName, shareId: process.env.SHARE, select: { newest: true } });
      }
    `);

    const up = await project.up();

    expect(up.code).not.toBe(0);
    expect(up.text).toMatch(
      /the newest point of share \S+ is already held: snapshot \S+ \("hourly\.[^"]+", \S+, \d+ \S+ old\)\. Wait for the next automatic snapshot/,
    );
    expect(simulator.model.snapshots.filter(({ type }) => type === "manual")).toHaveLength(1);
    expect((await project.state()).size).toBe(1);
  });
});

describe("credentials", () => {
  test("that the service does not know give one message that names where they came from", async ({ project }) => {
    project.env["OVH_CONSUMER_KEY"] = "unknown";
    await project.program(`new Share("data", { serviceName, size: 100 });`);
    const { text } = await project.up();
    expect(text).toMatch(/Share data: .* answered 403 \S+.*environment/);
    expect(text).not.toMatch(/^\s+at .*\.js/m);
  });
});

test("an unreachable service is named with its address and what to check", async ({ project }) => {
  project.env["OVH_ENDPOINT"] = "http://127.0.0.1:9/1.0";
  await project.program(`new Share("data", { serviceName, size: 100 });`);
  const { code, text } = await project.up();
  expect(code).not.toBe(0);
  expect(text).toMatch(
    /Share data: .*127\.0\.0\.1:9: connection refused, nothing was sent\..* Check the network, and the endpoint in the environment\./,
  );
});

test("a state whose package is not installed tells what to install, and where", async ({ simulator }) => {
  const project = await createProject({ env: simulator.environment });
  try {
    await project.program(`new Share("data", { serviceName, size: 100 });`);
    await project.up();
    await rm(join(project.folder, "node_modules", "pulumi-holdfast"));

    const { code, text } = await project.destroy();

    expect(code).not.toBe(0);
    expect(text).toContain("Cannot find module 'pulumi-holdfast/runtime'");
    expect(text).toContain(`In ${project.folder} run: npm install pulumi-holdfast`);
    expect(text).not.toMatch(/^\s+at .*\.js/m);
  } finally {
    await project.remove();
  }
});
