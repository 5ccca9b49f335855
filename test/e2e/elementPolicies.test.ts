import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test as base, describe, expect } from "vitest";
import { type ElementSimulator, simulateElement } from "../../provider/simulators";
import { changes, createProject, type Project, packageRoot } from "./support/project";
import { named, programOf, ruleExamples, runnable, verdicts, violations } from "./support/rules";

const pack = ["--policy-pack", join(packageRoot, "policies")];

/** A simulated cluster with two volumes of production, and a project whose programs use it. */
const test = base.extend<{ simulator: ElementSimulator; project: Project }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixture's dependencies from this pattern
  simulator: async ({}, use) => {
    const simulator = await simulateElement({ cloneMs: 0 });
    await use(simulator);
    await simulator.close();
  },
  project: async ({ simulator }, use) => {
    const other = simulator.model.addVolume("other");
    const project = await createProject({
      env: { ...simulator.environment, OTHER_VOLUME: String(other.volumeID), PRODUCTION: String(other.accountID) },
    });
    await use(project);
    await project.remove();
  },
});

const write = (project: Project, examples: readonly string[]) =>
  writeFile(join(project.folder, "index.mjs"), runnable(programOf("element", examples, "")));

async function configured(project: Project, config: object): Promise<string[]> {
  const file = join(project.folder, "policies.json");
  await writeFile(file, JSON.stringify(config));
  return [...pack, "--policy-pack-config", file];
}

describe("the policy pack, on clones of volumes", () => {
  test("says the same of a program, of the state alone, and of a change in place, which seems to replace nothing", async ({
    project,
    simulator,
  }) => {
    const program = (access: string, label: string) =>
      write(project, [
        `
        const production = Number(process.env["PRODUCTION"]);
        const { snapshotID } = new Snapshot("point", { volumeID, snapMirrorLabel: "${label}" });
        const args = { volumeID, snapshotID, access: "${access}" };
        new VolumeClone("fine", { ...args, newAccountID, newSize: 100 * 2 ** 30 });
        const small = new VolumeClone("small", { ...args, newAccountID: production, newSize: 1_000_000_000 });
        const of = { volumeID: small.cloneVolumeID, access: "readWrite", newAccountID: production };
        new VolumeClone("smaller", { ...of, qos: { minIOPS: 100, maxIOPS: 1000, burstIOPS: 2000 } });
        `,
      ]);
    const config = await configured(project, { "element-check-qos": { maxIOPS: { max: 999 } } });
    const wrong = [
      "advisory element-require-snapshot-of-volume smaller",
      "advisory element-require-snapshot-retention point",
      "mandatory element-check-qos smaller",
      "mandatory element-require-clone-not-smaller small",
      "mandatory element-separate-clone-account small",
      "mandatory element-separate-clone-account smaller",
    ];

    await program("readWrite", "daily");
    const before = await project.preview(...config);
    expect(verdicts(before), before.text).toEqual(wrong);
    const made = await project.up();
    expect(made.code, made.text).toBe(0);
    const analyzed = await project.pulumi("policy", "analyze", ...config);
    expect(verdicts(analyzed), analyzed.text).toEqual(wrong);

    // The fine one is smaller than the volume is by now, but not than the snapshot, whose size the preview hides.
    simulator.model.setVolume(Number(project.env["HOLDFAST_ELEMENT_VOLUME"]), { totalSize: 200 * 2 ** 30 });
    await program("readOnly", "weekly");
    const changing = await project.preview(...config);
    const others = wrong.filter((one) => !one.includes("not-smaller"));
    const open = ["fine", "small"].map((name) => `note element-require-clone-not-smaller ${name}`);
    expect(verdicts(changing), changing.text).toEqual([...others, ...open]);
    expect(changes(changing).toSorted(), changing.text).toEqual(["update fine", "update point", "update small"]);
    expect([before, analyzed, changing].map(({ code }) => code === 0)).toEqual([false, false, false]);
    expect(simulator.unmatched).toEqual([]);
  });
});

describe("the documented examples of the rules for Element", () => {
  const examples = ruleExamples("element");
  const failing = (rule: string) => examples.find((one) => one.rule === rule)?.fails ?? "";
  /** Those that need a run of their own: check refuses the first, and the second counts what others have. */
  const ALONE = ["element-check-qos", "element-limit-parallel-clones"];
  const together = examples.filter(({ rule }) => !ALONE.includes(rule));

  test("pass, and fail by their own rule and no other", async ({ project }) => {
    const many = await configured(project, { "element-limit-parallel-clones": { maxPerSource: 99, maxPerUpdate: 99 } });

    await write(
      project,
      examples.map(({ passes }) => passes),
    );
    const passing = await project.preview(...many);
    expect(passing.code, passing.text).toBe(0);
    expect(violations(passing), passing.text).toEqual([]);

    await write(
      project,
      together.map(({ fails }) => fails),
    );
    const wrong = await project.preview(...many);
    expect(wrong.code, wrong.text).not.toBe(0);
    const found = violations(wrong).map((line) => line.split(" "));
    for (const { rule, fails } of together) {
      const rules = found.filter(([, , name = ""]) => named(fails).includes(name)).map(([, which]) => which);
      expect(rules, wrong.text).toEqual([rule]);
    }
    expect(found).toHaveLength(together.length);

    await write(project, [failing("element-limit-parallel-clones")]);
    const one = await configured(project, { "element-limit-parallel-clones": { maxPerSource: 1 } });
    const counted = await project.preview(...one);
    expect(violations(counted), counted.text).toEqual(["advisory element-limit-parallel-clones parallel-first"]);

    await write(project, [failing("element-check-qos")]);
    expect((await project.preview(...pack)).text).toContain("its minIOPS must not be above its maxIOPS");
  });
});
