import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, onTestFinished, vi } from "vitest";
import { type EngineOptions, findEngine, installEngine } from "../../provider/cli/engine";
import { type Machine, test } from "./machine";

/** What findEngine answers, with the reasons for not taking an engine on PATH. */
async function find({ env, recipe }: Machine, HOLDFAST_ENGINE = "") {
  const skipped: string[] = [];
  const onSkip = (reason: string) => skipped.push(reason);
  const engine = await findEngine({ env: { ...env, HOLDFAST_ENGINE }, recipe, onSkip });
  return { engine, skipped };
}

const install = ({ env, recipe }: Machine, HOLDFAST_ENGINE = "build", options: EngineOptions = {}) =>
  installEngine({ env: { ...env, HOLDFAST_ENGINE }, recipe, ...options });

describe("finding an engine", () => {
  test("takes a recent pulumi on PATH before anything in the cache", async ({ machine }) => {
    const root = machine.engine("tools", "3.254.0");
    machine.engine("cache/pulumi-holdfast/pulumi-3.259.0", "3.259.0");
    const { engine } = await find(machine);
    expect(engine).toEqual({ root, bin: join(root, "bin"), version: "3.254.0", source: "path" });
  });

  test.for([
    ["3.253.9", "is 3.253.9, not 3.254.0 or a later 3.x"],
    ["4.0.0", "is 4.0.0, not 3.254.0 or a later 3.x"],
  ] as const)("skips pulumi %s on PATH and says why", async ([version, reason], { machine }) => {
    const root = machine.engine("tools", version);
    const { engine, skipped } = await find(machine);
    expect(engine).toBeUndefined();
    expect(skipped).toEqual([`${join(root, "bin/pulumi")} ${reason}`]);
  });

  test("looks further along PATH after a pulumi that is too old", async ({ machine }) => {
    machine.engine("tools", "3.100.0");
    const root = machine.engine("newer", "3.260.1");
    machine.env["PATH"] += `:${join(root, "bin")}`;
    expect((await find(machine)).engine?.root).toBe(root);
  });

  test("skips a pulumi without a language host for Node", async ({ machine }) => {
    const root = machine.engine("tools", "3.260.0");
    rmSync(join(root, "bin/pulumi-language-nodejs"));
    const { engine, skipped } = await find(machine);
    expect(engine).toBeUndefined();
    expect(skipped).toEqual([`${join(root, "bin/pulumi")} has no pulumi-language-nodejs beside it`]);
  });

  test("accepts a language host elsewhere on PATH", async ({ machine }) => {
    const root = machine.engine("tools", "3.260.0");
    rmSync(join(root, "bin/pulumi-language-nodejs"));
    machine.script("plugins/pulumi-language-nodejs");
    machine.env["PATH"] += `:${join(machine.folder, "plugins")}`;
    expect((await find(machine)).engine?.root).toBe(root);
  });

  test("asks a pulumi for its version in a home of its own, which is gone afterwards", async ({ machine }) => {
    machine.engine("tools", "3.260.0");
    machine.env["PULUMI_HOME"] = join(machine.folder, "home/.pulumi");
    machine.script("tools/bin/pulumi", `echo "$PULUMI_HOME" >'${join(machine.folder, "seen")}'`, "echo v3.260.0");

    expect((await find(machine)).engine?.version).toBe("3.260.0");

    const home = readFileSync(join(machine.folder, "seen"), "utf8").trim();
    expect(home).not.toContain(machine.folder);
    expect(existsSync(home)).toBe(false);
  });

  test("skips a pulumi that fails", async ({ machine }) => {
    machine.engine("tools", "3.260.0");
    const path = machine.script("tools/bin/pulumi", "echo v3.260.0", "exit 1");
    expect((await find(machine)).skipped).toEqual([`${path} does not tell its version`]);
  });

  test("takes the vendor's release in the cache before a build", async ({ machine }) => {
    machine.go();
    const built = await install(machine);
    expect((await find(machine)).engine).toEqual(built);
    const root = machine.engine("cache/pulumi-holdfast/pulumi-3.259.0", "3.259.0");
    expect((await find(machine)).engine).toMatchObject({ root, source: "download" });
  });

  test("takes only what HOLDFAST_ENGINE asks for", async ({ machine }) => {
    const onPath = machine.engine("tools", "3.260.0");
    expect((await find(machine, "build")).engine).toBeUndefined();
    expect((await find(machine, "download")).engine).toBeUndefined();
    machine.go();
    const built = await install(machine);
    const downloaded = machine.engine("cache/pulumi-holdfast/pulumi-3.259.0", "3.259.0");
    expect((await find(machine, "build")).engine).toEqual(built);
    expect((await find(machine, "download")).engine?.root).toBe(downloaded);
    expect((await find(machine, "path")).engine?.root).toBe(onPath);
  });

  test("takes the folder that HOLDFAST_ENGINE names", async ({ machine }) => {
    machine.engine("tools", "3.260.0");
    const root = machine.engine("own", "3.259.0");
    expect((await find(machine, root)).engine).toEqual({
      root,
      bin: join(root, "bin"),
      version: "3.259.0",
      source: "folder",
    });
  });

  test("refuses a folder whose pulumi won't do, and a choice it does not know", async ({ machine }) => {
    const root = machine.engine("own", "3.200.0");
    await expect(find(machine, root)).rejects.toThrow(`HOLDFAST_ENGINE=${root} can't be used`);
    await expect(find(machine, join(machine.folder, "none"))).rejects.toThrow("has no pulumi");
    await expect(find(machine, "newest")).rejects.toThrow("set it to path, download, build or an absolute folder");
  });
});

describe("building an engine", () => {
  test("puts all three programs side by side into the cache", async ({ machine }) => {
    machine.go();
    const engine = await install(machine);
    expect(basename(engine.root)).toMatch(/^engine-3\.259\.0-[0-9a-f]{12}$/);
    expect(readdirSync(engine.bin)).toEqual(["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]);
    expect(readdirSync(machine.cache)).toEqual([basename(engine.root)]);
    expect((await find(machine, "build")).engine).toEqual(engine);
  });

  test("ignores a build that was killed half-way, and completes a damaged one", async ({ machine }) => {
    machine.go();
    const { root, bin } = await install(machine);
    rmSync(join(bin, "pulumi"));
    mkdirSync(`${root}.tmp-0`);
    expect((await find(machine, "build")).engine).toBeUndefined();
    await install(machine);
    expect((await find(machine, "build")).engine?.root).toBe(root);
  });

  test("lets two builds at once end with one engine", async ({ machine }) => {
    machine.go();
    const [one, two] = await Promise.all([install(machine), install(machine)]);
    expect(one).toEqual(two);
    expect(readdirSync(machine.cache)).toEqual([basename(one.root)]);
  });

  test("builds again after the recipe has changed", async ({ machine }) => {
    machine.go();
    await install(machine);
    appendFileSync(join(machine.recipe, "main.go"), "// changed\n");
    expect((await find(machine, "build")).engine).toBeUndefined();
  });

  test("shows the end of the log when it fails, and leaves nothing that looks like an engine", async ({ machine }) => {
    machine.script(
      "tools/bin/go",
      'if [ "$1" = version ]; then echo go version go1.26.0 linux/amd64; exit; fi',
      "echo go: no such module; exit 1",
    );
    const failure = await install(machine).catch((error: Error) => error.message);
    expect(failure).toContain("Building pulumi-language-nodejs failed");
    expect(failure).toContain("go: no such module");
    const [log, ...others] = readdirSync(machine.cache);
    expect(others).toEqual([]);
    expect(failure).toContain(join(machine.cache, `${log}`));
    expect(readFileSync(join(machine.cache, `${log}`), "utf8")).toBe("go: no such module\n");
  });

  test("says what to install when there is no Go, or one that is too old", async ({ machine }) => {
    const remedy =
      "Install the Pulumi CLI 3.254.0 or later (https://www.pulumi.com/docs/install/), or Go 1.26 or later";
    await expect(install(machine)).rejects.toThrow(`There is no Go to build pulumi with. ${remedy}`);
    machine.go("1.20.14");
    await expect(install(machine)).rejects.toThrow(`Go 1.20.14 is too old to build pulumi. ${remedy}`);
    machine.go("1.21.0");
    await expect(install(machine)).resolves.toMatchObject({ source: "build" });
  });

  test("says that the recipe is missing, and that there is no build on Windows", async ({ machine }) => {
    machine.go();
    const recipe = join(machine.folder, "no-recipe");
    expect(await findEngine({ env: { ...machine.env, HOLDFAST_ENGINE: "build" }, recipe })).toBeUndefined();
    await expect(install(machine, "build", { recipe })).rejects.toThrow(
      `The recipe to build pulumi from Go modules is missing: ${recipe}. Install the Pulumi CLI`,
    );
    const platform = vi.spyOn(process, "platform", "get").mockReturnValue("win32");
    onTestFinished(() => platform.mockRestore());
    await expect(install(machine)).rejects.toThrow(
      "pulumi can't be built from Go modules on Windows. Install the Pulumi CLI",
    );
    expect(machine.runs("go")).toBe(0);
  });

  test.for(["build", "download"])(
    "names the cache folder that can't be made, the reason and the way out, with HOLDFAST_ENGINE=%s",
    async (choice, { machine }) => {
      machine.go();
      machine.env["XDG_CACHE_HOME"] = machine.script("a-file"); // as on a read-only disk, also for root
      const failure = await install(machine, choice).catch((error: Error) => error);
      expect(failure).toMatchObject({ name: "EngineError" });
      expect(String(failure)).toMatch(
        /The folder for the engine, .*a-file\/pulumi-holdfast, can't be written: ENOTDIR.* Set XDG_CACHE_HOME/,
      );
    },
  );

  test("needs no Go for HOLDFAST_ENGINE=path, only a better PATH", async ({ machine }) => {
    machine.go();
    await expect(install(machine, "path")).rejects.toThrow("PATH has no Pulumi CLI 3.254.0 or later");
    expect(machine.runs("go")).toBe(0);
  });
});

describe("downloading an engine", () => {
  /** Stands in for the Node process that runs the vendor's installer: `node -e <program> <root> <version>`. */
  const working = (machine: Machine) =>
    machine.script(
      "installer",
      '/bin/mkdir -p "$3/bin"',
      `for name in pulumi pulumi-language-nodejs pulumi-resource-pulumi-nodejs; do`,
      '  echo "#!/bin/sh" >"$3/bin/$name"; /bin/chmod +x "$3/bin/$name"',
      "done",
    );

  test("comes first, so nothing is built when it works", async ({ machine }) => {
    machine.go();
    const engine = await install(machine, "", { node: working(machine) });
    expect(engine).toMatchObject({ root: join(machine.cache, "pulumi-3.259.0"), source: "download" });
    expect(machine.runs("go")).toBe(0);
  });

  test("gives way to a build when it fails, and says why it failed", async ({ machine }) => {
    machine.go();
    const node = machine.script("installer", "echo no route; exit 1");
    const lines: string[] = [];
    const engine = await install(machine, "", { node, onProgress: (line) => lines.push(line) });
    expect(engine.source).toBe("build");
    expect(lines).toEqual([
      "downloading pulumi 3.259.0",
      "the download from get.pulumi.com failed (no route)",
      "building pulumi 3.259.0 from Go modules, about 4 minutes the first time",
    ]);
  });

  test("is the only way with HOLDFAST_ENGINE=download", async ({ machine }) => {
    machine.go();
    const node = machine.script("installer", "echo no route; exit 1");
    await expect(install(machine, "download", { node })).rejects.toThrow(
      "the download from get.pulumi.com failed (no route). Install the Pulumi CLI",
    );
    expect(machine.runs("go")).toBe(0);
  });
});
