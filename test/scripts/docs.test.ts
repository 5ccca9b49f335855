import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as ovh from "../../provider/ovh";

const root = resolve(__dirname, "../..");
const run = (script: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, script), ...args], {
    cwd: root,
    encoding: "utf8",
  });
  return { code: status, text: stdout + stderr };
};

test("no page of the repository has a broken link", () => {
  const { code, text } = run("scripts/docs/links.mjs");
  expect(code, text).toBe(0);
});

describe("the reference", () => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-reference-"));
  let built: ReturnType<typeof run>;
  beforeAll(() => {
    built = run("node_modules/typedoc/bin/typedoc", "--out", folder, "--logLevel", "Warn");
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  const page = (name: string) => readFileSync(join(folder, "pulumi-holdfast", `${name}.md`), "utf8");
  const resources = Object.entries(ovh).flatMap(([name, value]) =>
    typeof value === "function" && String(Reflect.get(value, "__pulumiType")).startsWith("pulumi-nodejs:dynamic/")
      ? [name]
      : [],
  );

  test("has no public name without a comment, none that is not exported, and no broken link", () => {
    expect(built.text).toBe("");
    expect(built.code).toBe(0);
    const links = run("scripts/docs/links.mjs", folder);
    expect(links.code, links.text).toBe(0);
  });

  test.for(resources)("has a page for %s: what it is, an example, arguments, outputs, look-up", (name) => {
    const text = page(`ovh/${name}`);
    const headings = [...text.matchAll(/^#+ .*$/gm)].map(([heading]) => heading);
    const found = "get" in (Reflect.get(ovh, name) as object) ? ["## Look-up"] : []; // a class, as chosen above
    expect(headings).toEqual([`# Class: ${name}`, "## Example", "## Arguments", "## Outputs", ...found]);
    expect(text).toMatch(/\*\*Source:\*\* OVHcloud/);
    expect(text).toMatch(/^\| `serviceName` \| `string` \| ID of /m);
    expect(text).toMatch(/^\| `timeouts` \| \[`Timeouts`\]\(Timeouts\.md\), optional \| .*Default: \d+ minutes/m);
    expect(text).not.toMatch(/urn:|isInstance|getProvider|__pulumiType|ManagedResource|\bInput\b/);
  });

  test.for(["EnvironmentClone", "RecoveryClone"])("tells of %s that it is made of parts", (name) => {
    const text = page(`ovh/${name}`);
    expect(text).toContain("takes a plain value or an output of another resource, unless it has to be plain.");
    expect(text).toContain("The parts are resources of their own; all others are of the type `pulumi.Output`");
    expect(text).toMatch(/^\| <a id="clone"><\/a> `clone` \| \[`ShareClone`\]\(ShareClone\.md\) \|/m);
    expect(text).not.toMatch(/isInstance|__pulumiType|CloneComponent\b|\bInput\b/);
  });

  test("shows defaults as values, and words as words", () => {
    expect(page("ovh/ShareClone")).toContain('Default: `"NFS"`.');
    expect(page("ovh/ShareClone")).toContain("Default: a path made by the service.");
  });

  test("covers the simulators and the errors", () => {
    expect(readdirSync(join(folder, "pulumi-holdfast", "simulators"))).toContain("simulateOvh.md");
    expect(page("ApiError")).toContain("`retryAfterSeconds`");
  });
});
