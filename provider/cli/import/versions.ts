import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { HoldfastError } from "../../core/errors";
import { pulumiOnPath } from "../engine";

/** The first whose import file takes `inputs` and `outputs` (pulumi pull request 23984). An older one ignores both. */
const OLDEST_CLI = "3.254.0";
/** The first SDK that the package supports: the lower end of `peerDependencies` in its package.json. */
const OLDEST_SDK = "3.249.0";

/**
 * Refuses a Pulumi that would make nothing of the file: the older CLI asks the provider to read an object without telling
 * it what runs the resource, and fails with an error that names neither.
 */
export async function checkVersions(environment: NodeJS.ProcessEnv, folder: string): Promise<void> {
  const cli = await pulumiOnPath(environment);
  if (cli?.version !== undefined && older(cli.version, OLDEST_CLI)) {
    throw new HoldfastError(
      `${cli.file} is ${cli.version}, and only the Pulumi CLI ${OLDEST_CLI} or later imports dynamic resources. Update it (https://www.pulumi.com/docs/install/) and try again.`,
    );
  }
  const sdk = sdkVersion(folder);
  if (sdk !== undefined && older(sdk, OLDEST_SDK)) {
    throw new HoldfastError(
      `@pulumi/pulumi is ${sdk} in ${folder}, and pulumi-holdfast needs ${OLDEST_SDK} or later. There run: npm install @pulumi/pulumi@latest`,
    );
  }
}

/** The SDK that a program in this folder loads. */
function sdkVersion(folder: string): string | undefined {
  try {
    const file = createRequire(join(folder, "/")).resolve("@pulumi/pulumi/package.json");
    const { version }: { version?: unknown } = JSON.parse(readFileSync(file, "utf8"));
    return typeof version === "string" ? version : undefined;
  } catch {
    return undefined; // not a program's folder: pulumi will say so
  }
}

function older(version: string, than: string): boolean {
  const [left, right] = [numbers(version), numbers(than)];
  const at = right.findIndex((number, index) => left[index] !== number);
  return at >= 0 && (left[at] ?? 0) < (right[at] ?? 0);
}

const numbers = (version: string): number[] => version.split(/[.+-]/, 3).map(Number);
