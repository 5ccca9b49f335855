import { report } from "../../../provider/cli/report";
import { type Event, stream, summary } from "./events";

export interface Run {
  code: number;
  out: string;
  err: string;
}

/** What the command makes of an input, in chunks of any size. */
export async function run(input: string | Iterable<string | Uint8Array>, args: string[] = [], more = {}): Promise<Run> {
  const written: Record<"out" | "err", string[]> = { out: [], err: [] };
  async function* chunks() {
    yield* typeof input === "string" ? [input] : input;
  }
  const code = await report(args, {
    out: (text) => void written.out.push(text),
    err: (text) => void written.err.push(text),
    input: chunks,
    interactive: false,
    environment: {},
    ...more,
  });
  return { code, out: written.out.join(""), err: written.err.join("") };
}

export const reported = (...events: (Event | Event[])[]): Promise<Run> => run(stream(...events, summary()));

/** The cells of a clone's row. */
export const rowOf = ({ out }: Run, name: string): string[] =>
  out
    .split("\n")
    .find((line) => line.startsWith(`| \`${name}\` |`))
    ?.split(" | ")
    .map((cell) => cell.replaceAll(/^\| | \|$/g, "")) ?? [];
