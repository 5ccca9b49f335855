import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { promisify } from "node:util";
import { describe, expect } from "vitest";
import * as element from "../../provider/element";
import * as ovh from "../../provider/ovh";
import * as simulators from "../../provider/simulators";
import { blocks, compile, documented, joined, modulesOf, pages, transpiled } from "./support/examples";
import { packageRoot } from "./support/project";
import { test } from "./support/test";

const run = promisify(execFile);

const inComments = documented().flatMap(({ examples }) => examples);
const ofSimulator = (system: string) => inComments.filter(({ at }) => at.startsWith(`provider/${system}/simulator/`));
const ofSystem = (system: string) =>
  inComments.filter(({ at }) => at.startsWith(`provider/${system}/`) && !at.includes("/simulator/"));
const modules = { ovh, element, simulators };

/** Classes and functions; the Output form of a look-up is described with the plain one. */
const callable = (module: object) =>
  Object.entries(module).flatMap(([name, value]) =>
    typeof value === "function" && !name.endsWith("Output") ? [name] : [],
  );

const programOf = (examples: typeof inComments, entry: keyof typeof modules) =>
  joined(
    examples.filter(({ whole }) => !whole),
    `pulumi-holdfast/${entry}`,
    Object.keys(modules[entry]),
  );

describe("the documentation's examples", () => {
  test.for([
    ...callable(ovh).map((name) => ["ovh", name] as const),
    ...callable(element).map((name) => ["element", name] as const),
    ...callable(simulators).map((name) => ["", name] as const),
  ])("are there for %s %s", ([system, name]) => {
    const there = documented().filter(({ examples }) => examples.some(({ at }) => at.startsWith(`provider/${system}`)));
    expect(there.map((entry) => entry.name)).toContain(name);
  });

  test("are each in a program of these tests", () => {
    const tried = ["ovh", "element"].flatMap((system) => [...ofSystem(system), ...ofSimulator(system)]);
    expect(inComments.filter((example) => !tried.includes(example))).toEqual([]);
  });

  test("compile as strict TypeScript against the built package", ({ project }) => {
    const ofPages = pages().flatMap((page) => {
      const { programs, fragments } = modulesOf(page);
      return [...programs, ...fragments];
    });
    const alone = inComments.filter(({ whole }) => whole);
    const ofComments = [
      programOf(ofSystem("ovh"), "ovh"),
      programOf(ofSystem("element"), "element"),
      programOf(ofSimulator("ovh"), "simulators"),
      programOf(ofSimulator("element"), "simulators"),
    ];

    expect(ofPages.length).toBeGreaterThan(0);
    expect(compile([...ofPages, ...alone, ...ofComments], project.folder)).toEqual([]);
  });

  test("in the comments of resources and look-ups run as one program", async ({ project, simulator }) => {
    const runnable = ofSystem("ovh").filter(({ compileOnly }) => !compileOnly);
    const { code } = programOf(runnable, "ovh");
    await project.pulumi("config", "set", "second:endpoint", simulator.url);
    await project.pulumi("config", "set", "--secret", "second:accessToken", simulator.credentials.accessToken);
    await writeFile(join(project.folder, "index.mjs"), transpiled(code));

    const up = await project.up();

    expect(up.code, up.text).toBe(0);
    const made = [...(await project.state()).values()].filter(({ external }) => external !== true);
    const classes = Object.entries(ovh).map(([name, value]) => ({
      name,
      type: String(Reflect.get(value, "__pulumiType")),
    }));
    const wanted = (names: string[]) => code.match(new RegExp(`\\bnew (${names.join("|")})\\(`, "g"))?.length ?? 0;
    const resources = classes.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/")).map(({ name }) => name);
    expect(made.filter(({ urn }) => !urn.includes("$"))).toHaveLength(wanted(resources));
    // Each component makes one clone, and parts that the examples don't name.
    for (const { name, type } of classes.filter((one) => one.type.startsWith("holdfast:"))) {
      const itsClones = made.filter(({ urn }) => urn.includes(`::${type}$pulumi-nodejs:dynamic/ovh:ShareClone::`));
      expect([name, itsClones.length]).toEqual([name, wanted([name])]);
    }
    expect(await project.outputs()).toMatchObject({
      region: "eu-west-rbx",
      productionPath: expect.stringMatching(/^[\d.]+:/),
      protocol: "NFS",
      newestPath: expect.stringContaining("hourly"),
      mountDevelopment: expect.stringMatching(/^mount -t nfs -o vers=3 \S+:\S+ \/mnt\/development$/),
      dataBeside: expect.stringMatching(/^\d{4}-/),
      snapshotCount: expect.any(Number),
    });
    const destroyed = await project.destroy();
    expect(destroyed.code, destroyed.text).toBe(0);
    expect(simulator.unmatched).toEqual([]);
  });

  test("in the comments of a cluster's resources and look-ups run as one program", async ({ project }) => {
    const cluster = await simulators.simulateElement();
    try {
      Object.assign(project.env, cluster.environment);
      const { username, password } = cluster.credentials;
      const plain = ["--plaintext", `recovery:endpoint=${cluster.url}`, "--plaintext", `recovery:username=${username}`];
      await project.pulumi("config", "set-all", ...plain, "--secret", `recovery:password=${password}`);
      const runnable = ofSystem("element").filter(({ compileOnly }) => !compileOnly);
      const { code } = programOf(runnable, "element");
      await writeFile(join(project.folder, "index.mjs"), transpiled(code));

      const up = await project.up();

      expect(up.code, up.text).toBe(0);
      const made = [...(await project.state()).values()].filter(({ external }) => external !== true);
      expect(made).toHaveLength(code.match(/\bnew (Snapshot|VolumeClone)\(/g)?.length ?? 0);
      expect(await project.outputs()).toMatchObject({
        databaseIqn: expect.stringMatching(/^iqn\./),
        databaseBytes: 100 * 2 ** 30,
        largestVolume: 17_592_186_044_416,
        mostClonesAtOnce: 2,
        snapshotsLeft: expect.any(Number),
      });
      const destroyed = await project.destroy();
      expect(destroyed.code, destroyed.text).toBe(0);
      expect(cluster.unmatched).toEqual([]);
    } finally {
      await cluster.close();
    }
  });

  test.for(["ovh", "element"])(
    "in the comments of the simulator of %s run as they stand",
    async (system, { project }) => {
      const file = join(project.folder, "index.mjs");
      await writeFile(file, transpiled(programOf(ofSimulator(system), "simulators").code));

      const { status, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8", env: project.env });

      expect(status, stderr).toBe(0);
    },
  );

  const patience = 60_000 * (2 + pages().flatMap((page) => modulesOf(page).runnable).length);
  test("in README.md and the guides run as they stand, one after the other", { timeout: patience }, async ({
    project,
    simulator,
    onTestFinished,
  }) => {
    const cluster = await simulators.simulateElement();
    onTestFinished(() => cluster.close());
    Object.assign(project.env, cluster.environment);
    for (const page of pages()) {
      for (const { at, code } of modulesOf(page).runnable) {
        await writeFile(join(project.folder, "index.mjs"), transpiled(code));
        // Each program takes the place of the one before: what is newest is held already.
        simulator.model.takeAutomaticSnapshot(simulator.shareId);
        // The configuration that a program asks for; a page's own commands set the time of its day.
        if (code.includes('require("before")')) {
          await project.pulumi("config", "set", "before", new Date(simulator.model.now + 1000).toISOString());
        }

        const up = await project.up();

        expect(up.code, `${at}\n${up.text}`).toBe(0);
        expect((await project.state()).size, at).toBeGreaterThan(0);
      }
      if (basename(page) === "README.md") {
        expect(await project.outputs()).toEqual({ mount: expect.stringMatching(/^[\d.]+:\/\S+$/) });
      }
    }
    const destroyed = await project.destroy();
    expect(destroyed.code, destroyed.text).toBe(0);
    expect(simulator.model.shares).toHaveLength(1);
    expect(cluster.model.volumes.filter(({ status }) => status === "active")).toHaveLength(1);
    expect([...simulator.unmatched, ...cluster.unmatched]).toEqual([]);
  });

  test("in the guide to accounts run as they stand, commands and programs", async ({ project, simulator }) => {
    const guide = join(packageRoot, "docs/accounts.md");
    const [commands, rate, ...moreCommands] = blocks(guide, "sh");
    const [provider, lookups, ...more] = blocks(guide, "ts");
    expect([...moreCommands, ...more]).toEqual([]);
    const other = await simulators.simulateOvh({ schedule: false });
    try {
      // The commands set the stack's own account, so the environment must not.
      for (const name of Object.keys(project.env)) if (name.startsWith("OVH_")) delete project.env[name];
      const { clientId, clientSecret } = simulator.credentials;
      const variables = { ENDPOINT: simulator.url, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret };
      const settings = `${commands?.code}${rate?.code}`;
      await run("bash", ["-ec", settings], { cwd: project.folder, env: { ...project.env, ...variables } });
      await project.pulumi("config", "set", "second:endpoint", other.url);
      await project.pulumi("config", "set", "second:clientId", other.credentials.clientId);
      await project.pulumi("config", "set", "--secret", "second:clientSecret", other.credentials.clientSecret);
      await project.pulumi("config", "set", "second:serviceName", other.serviceName);

      await writeFile(join(project.folder, "index.mjs"), transpiled(provider?.code ?? ""));
      const up = await project.up();
      expect(up.code, up.text).toBe(0);
      expect(other.model.shares).toHaveLength(2);
      expect(await project.outputs()).toEqual({ freeGiB: expect.any(Number) });
      await writeFile(join(project.folder, "index.mjs"), transpiled(lookups?.code ?? ""));
      const second = await project.up();
      expect(second.code, second.text).toBe(0);
      expect(await project.outputs()).toEqual({ region: "eu-west-rbx", newest: expect.stringMatching(/^\d{4}-/) });
      expect(other.model.shares).toHaveLength(1);
    } finally {
      await other.close();
    }
  });

  test.for(pages().map((page) => relative(packageRoot, page)))("in %s name only what the command line has", (name) => {
    const page = join(packageRoot, name);
    const text = readFileSync(page, "utf8");
    const shown = [
      ...blocks(page, "sh").flatMap(({ code }) => code.replaceAll("\\\n", " ").split("\n")),
      ...[...text.matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span),
    ];
    const ours = shown.flatMap((line) => /(?:npx |^\s*)(?:pulumi-holdfast|holdfast) (.+)/.exec(line)?.[1] ?? []);
    for (const order of ours) {
      const [command = "", ...options] = (order.split(/ -- | --$| #/)[0] ?? "").split(/[\s[\]]+/);
      if (command.startsWith("<")) continue;
      expect(help(), order).toMatch(new RegExp(`^  ${command} |\\s${command}\\b`, "m"));
      if (command.startsWith("-")) continue;
      for (const option of options.filter((one) => /^--?\w/.test(one))) {
        expect(help(command), order).toContain(`${option.split("=")[0]}`);
      }
    }
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(
      readFileSync(join(packageRoot, "package.json"), "utf8"),
    );
    const wanted = shown.flatMap((line) => /^\s*npm (?:run )?(start|test|(?<=run )[\w:]+)/.exec(line)?.[1] ?? []);
    for (const script of wanted) expect(Object.keys(scripts)).toContain(script);
  });
});

const helps = new Map<string, string>();

/** What the command line tells of itself, or of one of its commands. */
function help(command = ""): string {
  const known = helps.get(command);
  if (known !== undefined) return known;
  const main = join(packageRoot, "dist/provider/cli/main.js");
  const args = [main, command, "--help"].filter((arg) => arg !== "");
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect(status, `holdfast ${command} --help`).toBe(0);
  helps.set(command, stdout);
  return stdout;
}
