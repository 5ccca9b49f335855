#!/usr/bin/env node
import { HoldfastError } from "../core/errors";

const USAGE = `Usage: npx pulumi-holdfast <command> [options]

Commands:
  demo       refresh a development share from production data, on a simulator and a real Pulumi engine
  import     write the file for pulumi import --file: adopt shares, volumes, snapshots and more that exist
  orphans    list what interrupted runs have left behind, in no stack's state, and delete it by id
  report     write a report on a preview, in Markdown, for a comment on a pull request
  simulate   start a local simulator of a storage service

npx pulumi-holdfast <command> --help tells more, npx pulumi-holdfast --version the version.
`;

/** One file per command, loaded when it is used. */
const COMMANDS: Readonly<Record<string, () => Promise<(args: string[]) => Promise<number>>>> = {
  demo: async () => (await import("./demo.js")).demo,
  import: async () => (await import("./import.js")).importObjects,
  orphans: async () => (await import("./orphans.js")).orphans,
  report: async () => (await import("./report.js")).report,
  simulate: async () => (await import("./simulate.js")).simulate,
};

async function main([name = "--help", ...args]: string[]): Promise<number> {
  if (name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(USAGE);
    return 0;
  }
  if (name === "--version" || name === "-v") {
    const { packageVersion } = await import("./demo/project.js");
    process.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) {
    process.stderr.write(`holdfast: there is no command "${name}".\n\n${USAGE}`);
    return 2;
  }
  return (await load())(args);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const known = error instanceof HoldfastError || (error instanceof Error && error.name === "EngineError");
    process.stderr.write(`holdfast: ${known ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  },
);
