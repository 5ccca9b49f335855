import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { packageRoot } from "./support/project";
import { test } from "./support/test";

const CLASSES = ["share", "snapshot", "heldSnapshot", "shareClone", "shareAccessRule", "snapshotPolicy"];

/** The code of every `@example` above a class, in one program: each uses what an earlier one made. */
async function documented(): Promise<string[]> {
  const sources = await Promise.all(
    CLASSES.map((name) => readFile(join(packageRoot, `provider/ovh/${name}.ts`), "utf8")),
  );
  return sources.flatMap((source) =>
    [...source.matchAll(/@example\n \* ```ts\n([\s\S]*?) \* ```/g)].map(([, code = ""]) =>
      code.replaceAll(/^ \* /gm, ""),
    ),
  );
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

  test("are there for every class, and run as they stand", async ({ project, simulator }) => {
    const examples = await documented();
    expect(examples).toHaveLength(CLASSES.length);
    await project.program(`const shareId = process.env.SHARE;\n${examples.join("")}`);

    const up = await project.up();

    expect(up.code, up.text).toBe(0);
    expect((await project.state()).size).toBe(CLASSES.length);
    const destroyed = await project.destroy();
    expect(destroyed.code, destroyed.text).toBe(0);
    expect(simulator.unmatched).toEqual([]);
  });
});
