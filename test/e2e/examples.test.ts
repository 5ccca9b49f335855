import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect } from "vitest";
import { simulateOvh } from "../../provider/simulators";
import { packageRoot } from "./support/project";
import { test } from "./support/test";

const run = promisify(execFile);

/** Files of resources, of the explicit provider, and of functions. */
const DOCUMENTED = [
  "share",
  "snapshot",
  "heldSnapshot",
  "shareClone",
  "shareAccessRule",
  "snapshotPolicy",
  "shareRevert",
  "provider",
  "lookups",
];

/** The code of every `@example` of a class or function, in one program: each may use what an earlier one made. */
async function documented(): Promise<{ examples: string[]; names: string[] }> {
  const sources = await Promise.all(
    DOCUMENTED.map((name) => readFile(join(packageRoot, `provider/ovh/${name}.ts`), "utf8")),
  );
  const examples = sources.flatMap((source) =>
    [...source.matchAll(/@example\n \* ```ts\n([\s\S]*?) \* ```/g)].map(([, code = ""]) =>
      code.replaceAll(/^ \* /gm, ""),
    ),
  );
  const names = sources.flatMap((source) =>
    [...source.matchAll(/^export (?:class|function) (\w+)/gm)].map(([, name = ""]) => name),
  );
  return { examples, names };
}

describe("the documentation's examples", () => {
  test("in the README make a first stack that runs as it stands", async ({ project, simulator }) => {
    const readme = await readFile(join(packageRoot, "README.md"), "utf8");
    const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
    await writeFile(join(project.folder, "index.mjs"), code);

    const up = await project.up();

    expect(up.code, up.text).toBe(0);
    expect(await project.outputs()).toEqual({ mount: expect.stringMatching(/^[\d.]+:\/\S+$/) });
    expect((await project.destroy()).code).toBe(0);
    expect(simulator.model.shares).toHaveLength(1);
  });

  test("are there for every class and function, and run as they stand", async ({ project, simulator }) => {
    const { examples, names } = await documented();
    expect(names).toEqual(expect.arrayContaining(["Share", "Provider", "getService", "getSnapshotsOutput"]));
    expect(examples).toHaveLength(names.length);
    await project.pulumi("config", "set", "second:endpoint", simulator.url);
    await project.pulumi("config", "set", "--secret", "second:accessToken", simulator.credentials.accessToken);
    const imported = names.filter((name) => name === "Provider" || name.startsWith("get")).join(", ");
    await project.program(
      `import { ${imported} } from "pulumi-holdfast/ovh";\nconst shareId = process.env.SHARE;\n${examples.join("")}`,
    );

    const up = await project.up();

    expect(up.code, up.text).toBe(0);
    // One resource of each class's own example; the provider is none of these, but its example makes a share.
    expect((await project.state()).size).toBe(names.filter((name) => /^[A-Z]/.test(name)).length);
    expect(await project.outputs()).toMatchObject({
      region: "eu-west-rbx",
      productionPath: expect.stringMatching(/^[\d.]+:/),
      protocol: "NFS",
      newestPath: expect.stringContaining("hourly"),
      snapshotCount: expect.any(Number),
    });
    const destroyed = await project.destroy();
    expect(destroyed.code, destroyed.text).toBe(0);
    expect(simulator.unmatched).toEqual([]);
  });

  test("in the guide to accounts run as they stand, commands and programs", async ({ project, simulator }) => {
    const guide = await readFile(join(packageRoot, "docs/accounts.md"), "utf8");
    const blocks = (language: string) =>
      [...guide.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(([, code = ""]) => code);
    const [commands = "", ...moreCommands] = blocks("sh");
    const [provider = "", lookups = "", ...more] = blocks("ts");
    expect([...moreCommands, ...more]).toEqual([]);
    const other = await simulateOvh({ schedule: false });
    try {
      // The commands set the stack's own account, so the environment must not.
      for (const name of Object.keys(project.env)) if (name.startsWith("OVH_")) delete project.env[name];
      const { clientId, clientSecret } = simulator.credentials;
      const variables = { ENDPOINT: simulator.url, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret };
      await run("bash", ["-ec", commands], { cwd: project.folder, env: { ...project.env, ...variables } });
      await project.pulumi("config", "set", "second:endpoint", other.url);
      await project.pulumi("config", "set", "second:clientId", other.credentials.clientId);
      await project.pulumi("config", "set", "--secret", "second:clientSecret", other.credentials.clientSecret);
      await project.pulumi("config", "set", "second:serviceName", other.serviceName);

      await writeFile(join(project.folder, "index.mjs"), provider);
      const up = await project.up();
      expect(up.code, up.text).toBe(0);
      expect(other.model.shares).toHaveLength(2);
      expect(await project.outputs()).toEqual({ freeGiB: expect.any(Number) });
      await writeFile(join(project.folder, "index.mjs"), lookups);
      const second = await project.up();
      expect(second.code, second.text).toBe(0);
      expect(await project.outputs()).toEqual({ region: "eu-west-rbx", newest: expect.stringMatching(/^\d{4}-/) });
      expect(other.model.shares).toHaveLength(1);
    } finally {
      await other.close();
    }
  });
});
