import { existsSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { HoldfastError } from "../../core/errors";
import type { Engine } from "../engine";

/** What one Pulumi command did. */
export interface Outcome {
  /** What it did to each resource, by name; resources that it left as they are or only read are not in it. */
  changes: ReadonlyMap<string, Change>;
  /** The stack's outputs; empty after a preview. */
  outputs: Readonly<Record<string, unknown>>;
}
export interface Change {
  effect: "create" | "update" | "replace" | "delete";
  /** Class of the resource, `ShareClone` for example. */
  kind: string;
}

/** The example as a Pulumi project in a temporary folder, with a home, a state and a passphrase of its own. */
export interface DemoProject {
  /** Runs `pulumi preview`, `up` or `destroy`. */
  run(command: Command): Promise<Outcome>;
  /** `pulumi config set`. */
  configure(values: Record<string, string>): Promise<void>;
  /** URNs of the resources in the state. */
  resources(): Promise<string[]>;
}
export type Command = "preview" | "up" | "destroy";

/** Protects nothing: the state holds no secret, and is removed. */
const PASSPHRASE = "demo";

/** Told while a command runs. */
export interface Watcher {
  /** A piece of what Pulumi prints. */
  onOutput(text: string): void;
  /** A resource's row changed, as in `development: creating (2s)`. */
  onProgress(row: string): void;
  signal: AbortSignal;
  /** Let Pulumi print each change of a row, too. */
  verbose: boolean;
}

/** Folder of this package: the checkout, or where it is installed. */
export const packageRoot = (): string => ownPackage().folder;

/** As in this package's package.json. */
export const packageVersion = (): string => ownPackage().version;

function ownPackage(): { folder: string; version: string } {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (!existsSync(file)) continue;
    const { name, version } = JSON.parse(readFileSync(file, "utf8"));
    if (name === "pulumi-holdfast") return { folder, version: String(version) };
  }
  throw new HoldfastError(`There is no package.json of pulumi-holdfast above ${__dirname}: install it again.`);
}

/** Loads the SDK only here: the other commands work without. */
async function automation(root: string) {
  try {
    const file = createRequire(join(root, "package.json")).resolve("@pulumi/pulumi/automation");
    // a path has no types; it is the module of the type
    const module = (await import(pathToFileURL(file).href)) as typeof import("@pulumi/pulumi/automation");
    return { module, scope: dirname(dirname(dirname(file))) };
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND")) throw error;
    throw new HoldfastError("The demo needs the Pulumi SDK, which is not installed. Run: npm install @pulumi/pulumi");
  }
}

/** A temporary folder; its real path, as Node and Pulumi compare paths as text. */
export const temporaryFolder = async () => realpath(await mkdtemp(join(tmpdir(), "holdfast-demo-")));

export const removeFolder = (folder: string) =>
  rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }); // a process that ends may still write

/** How to look into a folder that is kept. */
export const kept = (folder: string) =>
  [
    `The project is kept in ${join(folder, "project")}. Pulumi finds its state with`,
    `  PULUMI_BACKEND_URL=${pathToFileURL(join(folder, "state")).href} PULUMI_CONFIG_PASSPHRASE=${PASSPHRASE}`,
  ].join("\n");

/**
 * Copied instead of run in place: Node strips no types below node_modules, where an installed package lies, and Pulumi
 * writes a stack file beside Pulumi.yaml.
 */
export async function createProject(
  folder: string,
  engine: Engine,
  environment: Record<string, string>,
  watcher: Watcher,
): Promise<DemoProject> {
  const root = packageRoot();
  const { module: pulumi, scope } = await automation(root);
  const project = join(folder, "project");
  const modules = join(project, "node_modules");
  const [home, state, pulumiHome] = ["home", "state", "pulumi-home"].map((name) => join(folder, name));
  for (const path of [modules, home, state, pulumiHome]) await mkdir(path ?? folder, { recursive: true });
  const example = join("examples", "refresh-environment");
  await cp(join(root, "Pulumi.yaml"), join(project, "Pulumi.yaml"));
  await cp(join(root, example), join(project, example), { recursive: true });
  await writeFile(join(project, "package.json"), `${JSON.stringify({ name: "refresh-environment", private: true })}\n`);
  await symlink(scope, join(modules, "@pulumi"), "junction"); // a plain link anywhere but on Windows
  await symlink(root, join(modules, "pulumi-holdfast"), "junction");

  const workspace = await pulumi.LocalWorkspace.create({
    workDir: project,
    pulumiHome: pulumiHome ?? folder,
    pulumiCommand: await inHome(pulumiHome ?? folder, async () =>
      pulumi.PulumiCommand.get({ root: await withOwnNode(engine, folder) }),
    ),
    envVars: {
      ...environment,
      PATH: [dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter),
      HOME: home ?? folder,
      USERPROFILE: home ?? folder,
      PULUMI_BACKEND_URL: pathToFileURL(state ?? folder).href,
      PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
      PULUMI_SKIP_UPDATE_CHECK: "true",
    },
  });
  return driver(await pulumi.Stack.createOrSelect("demo", workspace), watcher);
}

/** Automation asks the CLI for its version in the environment of this process, and even that writes a log into its home. */
async function inHome<T>(pulumiHome: string, work: () => Promise<T>): Promise<T> {
  const before = process.env["PULUMI_HOME"];
  process.env["PULUMI_HOME"] = pulumiHome;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env["PULUMI_HOME"];
    else process.env["PULUMI_HOME"] = before;
  }
}

/**
 * Automation puts the engine's folder first on PATH. Where that holds another Node as well, as Homebrew's does, a folder
 * with links to the engine and to this Node takes its place: an older Node can't run the program.
 */
async function withOwnNode(engine: Engine, folder: string): Promise<string> {
  const node = join(engine.bin, "node");
  if (!existsSync(node) || (await realpath(node)) === (await realpath(process.execPath))) return engine.root;
  const bin = join(folder, "engine", "bin");
  await mkdir(bin, { recursive: true });
  for (const name of ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]) {
    if (existsSync(join(engine.bin, name))) await symlink(join(engine.bin, name), join(bin, name));
  }
  await symlink(process.execPath, join(bin, "node"));
  return dirname(bin);
}

function driver(stack: Stack, watcher: Watcher): DemoProject {
  return {
    async run(command) {
      const changes = new Map<string, Change>();
      const options = {
        color: "never" as const,
        suppressProgress: !watcher.verbose,
        signal: watcher.signal,
        onOutput: watcher.onOutput,
        onError: watcher.onOutput,
        onEvent: (event: EngineEvent) => {
          note(changes, event);
          const row = progressRow(event);
          if (row !== undefined) watcher.onProgress(row);
        },
      };
      if (command !== "up") {
        await stack[command](options);
        return { changes, outputs: {} };
      }
      const { outputs } = await stack.up(options);
      return {
        changes,
        outputs: Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value])),
      };
    },
    configure: (values) =>
      stack.setAllConfig(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]))),
    async resources() {
      // the type says `any`: a version 3 deployment, as `pulumi stack export` writes it
      const deployment: { resources?: { urn: string }[] } = (await stack.exportStack()).deployment;
      return (deployment.resources ?? []).map(({ urn }) => urn);
    },
  };
}

/** The engine's operations that change something. A replacement shows three of them. */
const EFFECTS: Readonly<Record<string, Change["effect"]>> = {
  create: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
};

function note(changes: Map<string, Change>, { resourcePreEvent }: EngineEvent): void {
  if (resourcePreEvent === undefined) return;
  const { op, type, urn } = resourcePreEvent.metadata;
  const effect = EFFECTS[op];
  // the stack itself and the providers are the engine's bookkeeping
  if (effect === undefined || type.startsWith("pulumi:")) return;
  changes.set(nameOf(urn), { effect, kind: type.split(":").at(-1) ?? type });
}

function progressRow({ diagnosticEvent: shown }: EngineEvent): string | undefined {
  if (shown?.ephemeral !== true || !shown.urn) return undefined;
  return `${nameOf(shown.urn)}: ${shown.message.replace(/<\{.*?\}>/g, "").trim()}`;
}

const nameOf = (urn: string) => urn.split("::").at(-1) ?? urn;
