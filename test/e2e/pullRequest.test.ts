import { cp, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { OvhSimulator } from "../../provider/simulators";
import { byHand } from "../ovh/support/byHand";
import { type Project, packageRoot } from "./support/project";
import { test } from "./support/test";
import { bash, commentService, githubStep, gitlabScript, installed, type Repository } from "./support/workflow";

const PROGRAM = `
const config = new pulumi.Config();
const password = config.requireSecret("password");
const code = pulumi.secret("codesecret-1,2");
class Environment extends pulumi.ComponentResource {
  constructor(name) {
    super("my:Environment", name, { password });
    const opts = { parent: this };
    const shareId = process.env.SHARE;
    const held = new HeldSnapshot("data", { serviceName, shareId, select: { newest: true }, trigger: "1" }, opts);
    const clone = new ShareClone(name, { serviceName, shareId, snapshotId: held.id, size: 100, description: code }, opts);
    new ShareAccessRule("team", { serviceName, shareId: clone.id, accessTo: "10.0.5.0/24", accessLevel: "rw" }, opts);
  }
}
new Environment("training");
new ShareClone("large", { serviceName, snapshotId: process.env.SNAPSHOT, size: 600, description: pulumi.interpolate\`of \${password}\` });
code.apply((text) => pulumi.log.warn("@all <b>" + text + "</b>"));
export const shown = password;
`;

const RULE = `new ShareAccessRule("everybody", { serviceName, shareId: process.env.SHARE, accessTo: "0.0.0.0/0", accessLevel: "ro" });`;

/** A manual snapshot that somebody has taken, which the program names by its id. */
async function takenByHand(project: Project, simulator: OvhSimulator): Promise<void> {
  const { id } = await byHand(simulator).share(simulator.shareId).createSnapshot({ name: "before the migration" });
  project.env["SNAPSHOT"] = id;
}

/** A config secret, in a stack's file that the branch brings along. */
async function withSecret(project: Project): Promise<void> {
  const set = await project.pulumi("config", "set", "--secret", "password", "configsecret-1");
  expect(set.code, set.text).toBe(0);
}

/** Files below a folder with the times of their last change. */
async function times(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return Promise.all(names.map(async (name) => `${name} ${(await stat(join(folder, name))).mtimeMs}`));
}

describe("holdfast report", () => {
  test("reads what the engine streams, and shows no secret that the stream holds in clear", async ({
    project,
    simulator,
  }) => {
    await withSecret(project);
    await takenByHand(project, simulator);
    await project.program(PROGRAM);
    const preview = `pulumi preview --json --non-interactive --policy-pack ${packageRoot}/policies | tee raw.json`;
    const env = { ...project.env, PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "1" };

    const { code, text } = await bash(
      `${preview} | env -u PULUMI_CONFIG_PASSPHRASE node ${packageRoot}/dist/provider/cli/main.js report`,
      project.folder,
      env,
    );

    expect(code, text).toBe(0);
    const raw = await readFile(join(project.folder, "raw.json"), "utf8");
    expect(raw).toContain("codesecret-1,2");
    expect(raw).toContain('"ciphertext":"[secret]"');
    expect(text).not.toMatch(/codesecret|configsecret|__provider|__urn/);
    expect(text).toContain("- `@all <b>[secret]</b>`");
    expect(text).toMatch(/^<!-- holdfast-report:preview -->\n## Storage preview: can go ahead/);
    expect(text).toContain("Stack `test` of `e2e`: 5 to create.");
    expect(text).toContain(
      "| `training` | created | probably HeldSnapshot `data`, the only new one that fits | the newest automatic snapshot at the time of up | 100 GiB | `10.0.5.0/24` `rw` |",
    );
    const large = text.split("\n").find((line) => line.startsWith("| `large` |"));
    expect(large).toContain(`\`${project.env["SNAPSHOT"]}\``);
    expect(large).toContain("| 600 GiB | nobody yet: no rule in this program |");
    expect(text).toMatch(/: \+700 GiB\n/);
    expect(text).toContain("- ShareAccessRule `team` in `training` is created: `10.0.5.0/24` `rw` on `training`");
    expect(text).toContain("- 1 to create: `my:Environment`, `training`");
    expect(text).toContain("- `team`: `shareId`\n- `training`: `snapshotId`\n");
    expect(text).toMatch(/`holdfast` `0\.1\.0`: \d+ rules ran/);
  });

  test("tells a failure from the stream, and the source of a clone from the plain form", async ({ project }) => {
    await project.program(`
      const taken = new Snapshot("taken", { serviceName, shareId: process.env.SHARE });
      new Snapshot("other", { serviceName, shareId: process.env.SHARE });
      const description = process.env.SIZE === "5" ? pulumi.secret("codesecret-".repeat(30)) : undefined;
      new ShareClone("bad", { serviceName, snapshotId: taken.id, size: Number(process.env.SIZE), description });
    `);
    // Without pipefail, as in a plain shell: the report has to notice by itself.
    const report = `set +o pipefail; pulumi preview --json --non-interactive | node ${packageRoot}/dist/provider/cli/main.js report`;
    const [stream, plain] = [{ PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "1", SIZE: "5" }, { SIZE: "100" }];

    const failed = await bash(report, project.folder, { ...project.env, ...stream });
    expect(failed.code).toBe(1);
    expect(failed.text).toContain("## Storage preview: failed");
    // The engine prints what its check refuses, in clear.
    expect(failed.text).toContain("property description value [secret] has a problem");
    expect(failed.text).not.toContain("codesecret");
    expect(failed.text).toContain(
      "- `bad`: `pulumi-nodejs:dynamic/ovh:ShareClone resource 'bad': property size value {5}",
    );

    const { code, text } = await bash(report, project.folder, { ...project.env, ...plain });
    expect(code, text).toBe(0);
    expect(text).toContain("Policies: not in this input.");
    expect(text).toContain("| `bad` | created | Snapshot `taken` | taken during up | 100 GiB |");
  });
});

const token = "token-of-the-job";

describe("the workflow for GitHub", () => {
  test("previews a fork without anything, fails for a violation, and posts one comment that it updates", async ({
    project,
    simulator,
  }) => {
    await installed(project);
    const github = await commentService({
      token,
      list: "/repos/acme/shop/issues/12/comments",
      change: "/repos/acme/shop/issues/comments",
      self: { user: { login: "github-actions[bot]" } },
    });
    // A page of others' comments, of which one pretends to be the report.
    for (let id = 1; id <= 100; id += 1) {
      github.comments.push({ id, user: { login: "someone" }, body: "<!-- holdfast-report:preview -->" });
    }
    const temp = join(project.folder, "runner");
    const runner = {
      RUNNER_TEMP: temp,
      GITHUB_STEP_SUMMARY: join(temp, "summary"),
      GITHUB_OUTPUT: join(temp, "output"),
    };
    const step = async (repository: Repository) => {
      await mkdir(temp, { recursive: true });
      const { script, env } = await githubStep("preview", "Preview", repository);
      const ran = await bash(script, project.folder, { ...project.env, ...runner, ...env });
      const report = await readFile(join(temp, "report.md"), "utf8");
      expect(await readFile(runner.GITHUB_OUTPUT, "utf8")).toContain("report=yes\n");
      expect(await readFile(runner.GITHUB_STEP_SUMMARY, "utf8")).toContain(report);
      return { ...ran, report };
    };
    const comment = async () => {
      const away = join(project.folder, "comment-job");
      await mkdir(join(away, "report"), { recursive: true });
      await cp(join(temp, "report.md"), join(away, "report/report.md"));
      const { script } = await githubStep("comment", "Comment", { fork: false, vars: {}, secrets: {} });
      const given = { GITHUB_API_URL: github.url, GITHUB_REPOSITORY: "acme/shop", GITHUB_TOKEN: token, NUMBER: "12" };
      const ran = await bash(script, away, { PATH: project.env["PATH"], ...given });
      expect(ran.code, ran.text).toBe(0);
    };
    try {
      const { OVH_ENDPOINT = "", OVH_CLIENT_ID = "", OVH_CLIENT_SECRET = "" } = oauth(simulator);
      const backend = { PULUMI_BACKEND_URL: `file://${join(project.folder, "state")}`, PULUMI_STACK: "test" };
      const repository = {
        fork: true,
        vars: { ...backend, OVH_ENDPOINT, OVH_CLIENT_ID },
        secrets: { PULUMI_CONFIG_PASSPHRASE: "holdfast", OVH_CLIENT_SECRET },
      };
      for (const name of Object.keys(project.env)) if (name.startsWith("OVH_")) delete project.env[name];

      await project.program(RULE);
      const refused = await step(repository);
      expect(refused.code, refused.text).toBe(1);
      expect(refused.report).toMatch(/## Storage preview: refused by \d+ mandatory policy violation/);
      expect(refused.report).toContain("Stack `preview` of `e2e`: 1 to create.");
      expect(simulator.calls).toEqual([]);
      await comment();

      await withSecret(project);
      await takenByHand(project, simulator);
      await project.program(
        `${PROGRAM}export const free = getServiceOutput({ serviceName }).freeGiB;`.replace(
          /^/,
          'import { getServiceOutput } from "pulumi-holdfast/ovh";',
        ),
      );
      const before = await times(join(project.folder, "state"));
      const called = simulator.calls.length;
      const { code, report, text } = await step({ ...repository, fork: false });
      expect(code, text).toBe(0);
      expect(report).toContain("Stack `test` of `e2e`: 5 to create.");
      expect(report).toContain("**advisory** `ovh-limit-clone-size`");
      expect(report + text).not.toMatch(/codesecret|configsecret/);
      // Read-only is enough, for the state as for the service.
      expect(await times(join(project.folder, "state"))).toEqual(before);
      expect(simulator.calls.length).toBeGreaterThan(called);
      expect(
        simulator.calls.slice(called).filter(({ method, path }) => method !== "GET" && !path.includes("oauth2")),
      ).toEqual([]);
      await comment();

      const [first, second] = github.calls.filter(({ method }) => method !== "GET");
      expect(first).toEqual({
        method: "POST",
        path: "/repos/acme/shop/issues/12/comments",
        token,
        body: { body: refused.report },
      });
      expect(second).toEqual({
        method: "PATCH",
        path: "/repos/acme/shop/issues/comments/101",
        token,
        body: { body: report },
      });
      expect(github.comments.length).toBe(101);
    } finally {
      github.close();
    }
  });
});

describe("the jobs for GitLab", () => {
  test("preview without anything, fail for a violation, and keep one note, in which nothing is an order", async ({
    project,
    simulator,
  }) => {
    await installed(project);
    const notes = "/projects/3/merge_requests/12/notes";
    const gitlab = await commentService({ token, list: notes, change: notes, self: { author: { id: 7 } } });
    gitlab.comments.push({ id: 1, author: { id: 8 }, body: "<!-- holdfast-report:preview -->" });
    try {
      await project.program(RULE);
      // As in the pipeline of a fork's merge request in the project itself, with variables that nobody has scoped.
      const ids = { CI_PROJECT_ID: "3", CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "4", CI_MERGE_REQUEST_IID: "12" };
      const ran = await bash(await gitlabScript("preview"), project.folder, {
        ...project.env,
        ...oauth(simulator),
        ...ids,
      });
      expect(ran.code, ran.text).toBe(1);
      expect(ran.text).toContain("Stack `preview` of `e2e`: 1 to create.");
      expect(ran.text).toContain("**mandatory** `ovh-restrict-access-rules`");
      expect(simulator.calls).toEqual([]);

      const away = join(project.folder, "comment-job");
      await mkdir(away);
      await cp(join(project.folder, "report.md"), join(away, "report.md"));
      const env = { PATH: project.env["PATH"], CI_API_V4_URL: gitlab.url, REPORT_TOKEN: token, ...ids };
      const script = await gitlabScript("comment");
      const posted = await bash(script, away, env);
      expect(posted.code, posted.text).toBe(0);
      // A report that the branch's code has written itself.
      await writeFile(join(away, "report.md"), "/merge\n  /approve\nfine");
      const updated = await bash(script, away, env);
      expect(updated.code, updated.text).toBe(0);

      // A link that the archive brings leads to this job's environment.
      await rm(join(away, "report.md"));
      await symlink("/proc/self/environ", join(away, "report.md"));
      const linked = await bash(script, away, env);
      expect(linked.code).not.toBe(0);
      expect(linked.text).toContain("report.md is not a plain file.");

      const report = await readFile(join(project.folder, "report.md"), "utf8");
      const [first, second, ...others] = gitlab.calls.filter(({ method }) => method !== "GET");
      expect(first).toEqual({ method: "POST", path: notes, token, body: { body: report } });
      expect(second).toMatchObject({ method: "PUT", path: `${notes}/2`, token });
      expect(second?.body?.body).toBe("<!-- holdfast-report:preview -->\n\\/merge\n  \\/approve\nfine");
      expect(others).toEqual([]);
    } finally {
      gitlab.close();
    }
  });
});

/** A service account that the simulator knows. */
function oauth({ url, credentials }: { url: string; credentials: { clientId: string; clientSecret: string } }) {
  return { OVH_ENDPOINT: url, OVH_CLIENT_ID: credentials.clientId, OVH_CLIENT_SECRET: credentials.clientSecret };
}
