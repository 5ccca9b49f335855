import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { ConfigurationError, HoldfastError } from "../../core/errors";
import { defaultOvhFiles, type OvhAccount, readOvhAccount } from "../../ovh/account";
import { findEngine, pulumiOnPath } from "../engine";

/** Where the command runs. */
export interface Place {
  environment: NodeJS.ProcessEnv;
  folder: string;
}

const LIMIT_MS = 60_000;

/**
 * The account to read with. A stack that is named comes first, as in the provider process. Otherwise the stack's
 * configuration is read only where environment and files have nothing: that takes its passphrase and a second.
 */
export async function importAccount(stack: string | undefined, { environment, folder }: Place): Promise<OvhAccount> {
  const sources = { environment, files: defaultOvhFiles(environment, folder) };
  if (stack !== undefined) {
    return readOvhAccount({ ...sources, config: await stackConfig(stack, { environment, folder }) });
  }
  try {
    return readOvhAccount(sources);
  } catch (error) {
    if (!(error instanceof ConfigurationError) || !foundNothing(error) || !inProject(folder)) throw error;
    const config = await stackConfig(undefined, { environment, folder }).catch((reason: unknown) => {
      throw new ConfigurationError(
        `${error.message}\n${reason instanceof Error ? reason.message : reason}`,
        error.missing,
      );
    });
    return readOvhAccount({ ...sources, config });
  }
}

/** Then it names the settings of every source; a source that has only some names its own. */
const foundNothing = ({ missing }: ConfigurationError): boolean =>
  missing.length > 0 && missing.every((key) => key.startsWith("ovh:"));

function inProject(folder: string): boolean {
  if (["Pulumi.yaml", "Pulumi.yml"].some((file) => existsSync(join(folder, file)))) return true;
  return dirname(folder) !== folder && inProject(dirname(folder));
}

/** The one that the demo has fetched or built. */
async function ownPulumi(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const engine = await findEngine({ env });
  return engine && join(engine.bin, "pulumi");
}

/** The configuration of a stack, the selected one without a name. The values go nowhere but into the account. */
async function stackConfig(
  stack: string | undefined,
  { environment, folder }: Place,
): Promise<(key: string) => string | undefined> {
  const which = stack === undefined ? "the selected stack" : `stack "${stack}"`;
  const pulumi = (await pulumiOnPath(environment))?.file ?? (await ownPulumi(environment));
  if (pulumi === undefined) {
    throw new HoldfastError(`The configuration of ${which} can't be read: there is no pulumi on PATH.`);
  }
  const args = ["config", "--json", "--show-secrets", "--non-interactive", "--color", "never"];
  const answer = await promisify(execFile)(pulumi, [...args, ...(stack === undefined ? [] : ["--stack", stack])], {
    cwd: folder,
    env: { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeout: LIMIT_MS,
  }).catch((error: { stderr?: unknown }) => {
    // Not its standard output, nor the command's own message: values stand there.
    const said = typeof error.stderr === "string" ? error.stderr.trim().replace(/^error: /, "") : "";
    throw new HoldfastError(`The configuration of ${which} can't be read: ${said || "pulumi config failed"}.`);
  });
  const config: unknown = JSON.parse(answer.stdout);
  return (key) => {
    const setting: unknown = typeof config === "object" && config !== null ? Reflect.get(config, key) : undefined;
    const value: unknown = typeof setting === "object" && setting !== null ? Reflect.get(setting, "value") : undefined;
    return typeof value === "string" ? value : undefined;
  };
}
