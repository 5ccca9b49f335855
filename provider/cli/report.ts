import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { readPreview } from "./report/read";
import { render } from "./report/render";
import { secretsOf } from "./report/secrets";
import { verdictOf } from "./report/verdict";
import { explained, orderOf, UsageError } from "./usage";

const USAGE = `Usage: npx pulumi-holdfast report [file] [options]

Reads the events of a Pulumi preview from standard input, or from a file, and writes a report in Markdown to standard
output, for a comment on a pull request: what would be cloned from where, how old the data are, who gets access, what
it takes from the quota, and what the policies say. It leaves out secrets, and asks no service.

Options:
  --marker NAME         name in the comment that the report begins with, so that a job finds its own comment
                        again: letters, digits, dots, underscores and single dashes, at most 64 (default: preview)
  --max-characters N    cut the report at N characters, 1000 to 1000000 (default: 60000; GitHub takes 65536)
  -h, --help            show this text

Without PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1 the output of pulumi preview --json holds no policy results; the
report says so.

Exit codes: 0 the preview succeeded, advisory findings included; 1 a mandatory policy is violated, the preview
failed or did not come to its end, or the input is empty or no preview; 2 wrong usage.

Example:
  PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1 pulumi preview --json \\
    --policy-pack node_modules/pulumi-holdfast/policies | npx pulumi-holdfast report >report.md
`;

/** What the command reads and writes; a parameter so that tests can stand in for the terminal. */
export interface ReportHost {
  out(text: string): void;
  err(text: string): void;
  input(): AsyncIterable<string | Uint8Array>;
  /** Nobody pipes anything in. */
  interactive: boolean;
  environment: NodeJS.ProcessEnv;
}

const terminal = (): ReportHost => ({
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  input: () => process.stdin,
  interactive: process.stdin.isTTY === true,
  environment: process.env,
});

interface Order {
  help: boolean;
  marker: string;
  maxCharacters: number;
  file: string | undefined;
}

function parse(args: string[]): Order {
  const { values, positionals } = parseOptions(args);
  const { help, marker } = values;
  const [file, ...others] = positionals;
  // Two dashes end a comment in HTML.
  if (!/^[A-Za-z0-9._]+(-[A-Za-z0-9._]+)*$/.test(marker) || marker.length > 64) {
    throw new UsageError(
      `--marker takes letters, digits, dots, underscores and single dashes, at most 64, not "${marker}"`,
    );
  }
  const most = values["max-characters"];
  const maxCharacters = Number(most);
  if (!/^\d+$/.test(most) || maxCharacters < 1000 || maxCharacters > 1_000_000) {
    throw new UsageError(`--max-characters must be a whole number from 1000 to 1000000, not "${most}"`);
  }
  if (others.length > 0) throw new UsageError(`Unexpected argument "${others[0]}": there is one file`);
  return { help, marker, maxCharacters, file };
}

function parseOptions(args: string[]) {
  return explained(() =>
    parseArgs({
      args,
      allowPositionals: true,
      options: {
        marker: { type: "string", default: "preview" },
        "max-characters": { type: "string", default: "60000" },
        help: { type: "boolean", short: "h", default: false },
      },
    }),
  );
}

/**
 * The `holdfast report` subcommand.
 * @param args - What stands after `report`.
 * @returns The exit code: 0, 1 for a violation, a failed preview or unusable input, 2 for bad arguments.
 */
export async function report(args: string[], host: ReportHost = terminal()): Promise<number> {
  const order = orderOf("report", USAGE, host, () => {
    const parsed = parse(args);
    if (!parsed.help && parsed.file === undefined && host.interactive) {
      throw new UsageError("Pipe in the output of pulumi preview --json, or name a file");
    }
    return parsed;
  });
  if (typeof order === "number") return order;
  const { file, marker, maxCharacters } = order;
  try {
    const preview = await readPreview(file === undefined ? host.input() : createReadStream(resolve(file)));
    host.out(render(preview, { marker, maxCharacters, secrets: secretsOf(host.environment) }));
    const { passed, headline } = verdictOf(preview);
    if (!passed) host.err(`holdfast report: ${headline}\n`);
    return passed ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    host.err(`holdfast report: cannot read ${file ?? "standard input"}: ${error.message}\n`);
    return 1;
  }
}
