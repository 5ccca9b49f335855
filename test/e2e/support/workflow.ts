import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { parse } from "yaml";
import { type Project, packageRoot } from "./project";

export const examples = join(packageRoot, "examples/pull-request");

/** What a script has shown, and its exit code. */
export interface Ran {
  code: number;
  text: string;
}

/** Runs a script as the services' runners do. */
export async function bash(script: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Ran> {
  const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (chunk) => (text += chunk));
  const [code]: (number | null)[] = await once(child, "close");
  return { code: code ?? 255, text };
}

/**
 * What the jobs install with npm ci and the vendor's script stands in the project already: the packages, the engine on PATH, and
 * here the command that npx finds.
 */
export async function installed(project: Project): Promise<void> {
  const bin = join(project.folder, "node_modules/.bin");
  await mkdir(bin, { recursive: true });
  const command = join(bin, "pulumi-holdfast");
  await writeFile(command, `#!/bin/sh\nexec node "${packageRoot}/dist/provider/cli/main.js" "$@"\n`);
  await chmod(command, 0o755);
  await writeFile(join(project.folder, "policy-config.json"), await readFile(join(examples, "policy-config.json")));
}

/** A repository's settings, and where the pull request comes from. */
export interface Repository {
  fork: boolean;
  vars: Record<string, string>;
  secrets: Record<string, string>;
}

interface Workflow {
  jobs: Record<string, { steps: { name?: string; run?: string; env?: Record<string, string> }[] }>;
}

/** A step of the workflow: its script, and its environment with the expressions resolved. */
export async function githubStep(job: string, name: string, repository: Repository) {
  const workflow: Workflow = parse(await readFile(join(examples, "github.yml"), "utf8"));
  const step = workflow.jobs[job]?.steps.find((one) => one.name === name);
  if (step?.run === undefined) throw new Error(`there is no step ${name} in ${job}`);
  const form =
    /^\$\{\{ github\.event\.pull_request\.head\.repo\.full_name == github\.repository && (vars|secrets)\.(\w+) \|\| '' \}\}$/;
  const env = Object.entries(step.env ?? {}).flatMap(([variable, expression]) => {
    const [, context, key = ""] = form.exec(expression) ?? [];
    if (context !== "vars" && context !== "secrets") return [];
    return [[variable, repository.fork ? "" : (repository[context][key] ?? "")]];
  });
  return { script: step.run, env: Object.fromEntries(env) };
}

/** The script of a job of the pipeline. */
export async function gitlabScript(job: string): Promise<string> {
  const jobs: Record<string, { script: string[] }> = parse(await readFile(join(examples, "gitlab-ci.yml"), "utf8"));
  return (jobs[job]?.script ?? []).join("\n");
}

export interface Call {
  method: string;
  path: string;
  token: string;
  body?: { body: string };
}

/** Keeps comments as both services do: listed, added and changed. Refuses other tokens. */
export async function commentService(options: { token: string; list: string; change: string; self: object }) {
  const calls: Call[] = [];
  const comments: Record<string, unknown>[] = [];
  const server = createServer(async (request, response) => {
    const { method = "", url = "", headers } = request;
    const token = String(headers.authorization ?? headers["private-token"] ?? "").replace("Bearer ", "");
    let text = "";
    for await (const chunk of request) text += chunk;
    const call: Call = { method, path: url, token, ...(text === "" ? {} : { body: JSON.parse(text) }) };
    calls.push(call);
    const answer = (status: number, content: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(content));
    const { pathname, searchParams } = new URL(url, "http://service");
    if (token !== options.token) return answer(401, {});
    if (method === "GET" && pathname === "/user") return answer(200, { id: 7 });
    if (method === "GET" && pathname === options.list) {
      const from = (Number(searchParams.get("page")) - 1) * 100;
      return answer(200, comments.slice(from, from + 100));
    }
    if (method === "POST" && pathname === options.list) {
      comments.push({ id: comments.length + 1, ...options.self, ...call.body });
      return answer(201, {});
    }
    const changed = comments.find(({ id }) => pathname === `${options.change}/${id}`);
    if (changed === undefined || !["PATCH", "PUT"].includes(method)) return answer(404, {});
    return answer(200, Object.assign(changed, call.body));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo; // a server on a port has no other form
  return { url: `http://127.0.0.1:${port}`, calls, comments, close: () => server.close() };
}
