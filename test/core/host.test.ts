import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe } from "vitest";
import { providerText, typeOf } from "../../provider/core/resource";
import { test as base, expect, messageOf } from "../ovh/support/test";

const run = promisify(execFile);

const test = base.extend<{ folder: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixture's dependencies from this pattern
  folder: async ({}, use) => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "holdfast-text-")));
    await use(folder);
    await rm(folder, { recursive: true });
  },
});

describe("the text that the state carries instead of code", () => {
  const KINDS = [
    "ovh:Share",
    "ovh:Snapshot",
    "ovh:HeldSnapshot",
    "ovh:ShareClone",
    "ovh:ShareAccessRule",
    "ovh:SnapshotPolicy",
  ] as const;

  test.for(KINDS)("is the same for ever for %s, or an upgrade would rewrite every resource", (kind) => {
    expect(providerText(kind)).toBe(
      `exports.handler=()=>{try{return require("module").createRequire(process.cwd()+"/")("pulumi-holdfast/runtime").provider("${kind}")}catch(e){e.stack="";e.message+="\\nIn "+process.cwd()+" run: npm install pulumi-holdfast";throw e}}`,
    );
    expect(typeOf(kind)).toBe(`pulumi-nodejs:dynamic/${kind}`);
  });

  /** As the SDK's host: the text is a module, which lies elsewhere than the program. */
  const evaluate = async (folder: string) => {
    const script = `const m = { exports: {} }; new Function("exports", "require", process.argv[1])(m.exports, require);
      try { console.log(JSON.stringify(m.exports.handler())); }
      catch (error) { console.log(JSON.stringify({ message: error.message, stack: error.stack })); }`;
    const { stdout } = await run(process.execPath, ["-e", script, providerText("ovh:Share")], { cwd: folder });
    return JSON.parse(stdout);
  };

  test("loads the package that is installed for the program's folder", async ({ folder }) => {
    const installed = join(folder, "node_modules", "pulumi-holdfast");
    await mkdir(installed, { recursive: true });
    await mkdir(join(folder, "program"));
    await writeFile(join(installed, "package.json"), '{"name":"pulumi-holdfast","exports":{"./runtime":"./r.js"}}');
    await writeFile(join(installed, "r.js"), "exports.provider = (kind) => ({ provides: kind });");

    expect(await evaluate(join(folder, "program"))).toEqual({ provides: "ovh:Share" });
  });

  test("names the folder and the remedy, without a stack, where the package is not installed", async ({ folder }) => {
    const { message, stack } = await evaluate(folder);

    expect(message).toContain("Cannot find module 'pulumi-holdfast/runtime'");
    expect(message.split("\n").at(-1)).toBe(`In ${folder} run: npm install pulumi-holdfast`);
    expect(stack).toBe("");
  });
});

const share = { size: 100 };

describe("a resource is called by the name that it has in the program", () => {
  test("also when that name has colons", async ({ world }) => {
    world.simulator.model.deniedActions.add("share/create");
    const resource = world.resource("ovh:Share", "team::data");
    expect(await messageOf(resource.up({ ...share, serviceName: world.serviceName }))).toMatch(
      /^Share team::data: POST/,
    );
  });

  test("of today, and its progress shows on today's row, where the state has an older URN", async ({ world }) => {
    const resource = world.resource("ovh:Share", "data", "old");
    await resource.up({ ...share, serviceName: world.serviceName });
    const renamed = world.resource("ovh:Share", "renamed", "new");
    renamed.process = world.nextProcess();
    renamed.state = resource.state;

    expect(await renamed.up({ ...share, serviceName: world.serviceName })).toEqual(["same"]);
    expect(await renamed.up({ size: 200, serviceName: world.serviceName })).toEqual(["update"]);

    expect(new Set(renamed.process.logs.map(({ urn }) => urn))).toEqual(new Set([renamed.urn]));
    expect(renamed.outputs["__urn"]).toBe(renamed.urn);
  });

  test("also where another resource had that name before and was renamed by an alias", async ({ world }) => {
    const primary = world.resource("ovh:Share", "primary");
    await primary.up({ ...share, serviceName: world.serviceName });
    const legacy = world.resource("ovh:Share", "legacy");
    legacy.state = primary.state;
    expect(await legacy.up({ ...share, serviceName: world.serviceName })).toEqual(["same"]);

    const second = world.resource("ovh:Share", "primary");
    await second.up({ ...share, serviceName: world.serviceName });

    expect(second.outputs["name"]).toMatch(/^primary-[a-z2-7]{13}-1$/);
    expect(second.process.logs.map(({ urn }) => urn)).not.toContain(legacy.urn);
  });

  test("or by its id where the state has no URN", async ({ world }) => {
    const host = world.process.host("ovh:Share");
    expect(await messageOf(host.read("1", { serviceName: "x" }))).toMatch(/^Share 1: /);
  });
});

describe("a failure", () => {
  test("begins with the resource exactly once, also when several share one failed read", async ({ world }) => {
    const resources = await Promise.all(
      ["a", "ab", "b"].map(async (name) => {
        const resource = world.resource("ovh:Share", name);
        await resource.up({ ...share, serviceName: world.serviceName });
        return resource;
      }),
    );
    world.simulator.model.deniedActions.add("share/get");
    const process = world.nextProcess();

    const messages = await Promise.all(
      resources.map((resource) => {
        resource.process = process;
        return messageOf(resource.refresh());
      }),
    );

    expect(messages.map((message) => message.split(" /")[0])).toEqual([
      "Share a: GET",
      "Share ab: GET",
      "Share b: GET",
    ]);
  });

  test("has an empty stack and is its message, for that is what the host prints", async ({ world }) => {
    const host = world.process.host("ovh:Share");
    const error = await host.read("1", {}).catch((reason: unknown) => reason);
    expect([String(error), error instanceof Error && error.stack]).toEqual([
      "Share 1: the state has no serviceName, so the object can't be looked up. Import it again with its parents.",
      "",
    ]);
  });
});

test("an id in capital letters means the same object", async ({ world }) => {
  const rule = world.resource("ovh:Snapshot");
  const args = { serviceName: world.serviceName.toUpperCase(), shareId: world.production.toUpperCase() };
  expect(await rule.up(args)).toEqual(["create"]);
  expect(await rule.up({ serviceName: world.serviceName, shareId: world.production })).toEqual(["same"]);
});

test("what is imported without our hidden outputs is updated in place and never replaced", async ({ world }) => {
  const { id } = await world.process
    .storageOf(world.serviceName)
    .createShare({ protocol: "NFS", size: 100, name: "x" });
  world.clock.pass(20_000);
  const resource = world.resource("ovh:Share");
  const inputs = resource.sent({ serviceName: world.serviceName, size: 100 });
  resource.state = { id, inputs, outputs: inputs, initErrors: [] };

  expect(
    await resource.up({ serviceName: world.serviceName, size: 100, name: "data", mountPointName: undefined }),
  ).toEqual(["update"]);

  expect(resource.outputs).toMatchObject({
    name: "data",
    status: "available",
    preferredAccessPath: expect.any(String),
  });
});

describe("the network or the service is gone after an object was made", () => {
  for (const fault of [{ kind: "dropBefore" }, { kind: "status", status: 503 }] as const) {
    test(`${fault.kind}: the error says that the object is kept and what to do, and the next up goes on`, async ({
      world,
    }) => {
      const share = world.resource("ovh:Share");
      const args = { serviceName: world.serviceName, size: 100 };
      const takeBack = world.simulator.faults.add({
        method: "GET",
        path: "/storage/netapp/{serviceName}/share",
        skip: 2,
        times: Infinity,
        fault,
      });

      expect(await messageOf(share.up(args))).toMatch(
        /^Share data: GET .* \(after 5 attempts\)\. Run the same command again; .* The object stays in the state\.$/,
      );

      takeBack();
      expect(await share.up(args)).toEqual(["update"]);
      expect(world.simulator.model.shares).toHaveLength(2);
    });
  }

  test("before anything was made, it does not say so", async ({ world }) => {
    const share = world.resource("ovh:Share");
    world.simulator.faults.add({ method: "GET", times: Infinity, fault: { kind: "status", status: 503 } });

    expect(await messageOf(share.up({ serviceName: world.serviceName, size: 100 }))).not.toContain(
      "stays in the state",
    );
    expect(world.simulator.model.shares).toHaveLength(1);
  });
});
