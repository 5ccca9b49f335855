import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** One process of this machine. */
export interface Running {
  id: number;
  parent: number;
  command: string;
  /** With the id it names the process: ids are given again. */
  started: string;
}

/** Synchronous: a simulator's fault looks and kills before the call goes on. */
function all(): Running[] {
  return existsSync("/proc/self/stat") ? fromFiles() : fromPs();
}

function fromFiles(): Running[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "latin1");
        // The name stands in parentheses and may hold anything.
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        if (fields[0] === "Z") return [];
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").trim();
        return [{ id: Number(name), parent: Number(fields[1]), command, started: fields[19] ?? "" }];
      } catch {
        return []; // ended between the two looks
      }
    });
}

function fromPs(): Running[] {
  const listed = execFileSync("ps", ["-A", "-o", "pid=,ppid=,lstart=,command="], { encoding: "utf8" });
  return listed.split("\n").flatMap((line) => {
    const [, id, parent, started, command] =
      /^\s*(\d+)\s+(\d+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/.exec(line) ?? [];
    if (id === undefined || parent === undefined) return [];
    return [{ id: Number(id), parent: Number(parent), command: command ?? "", started: started ?? "" }];
  });
}

/** A process and everything that it started and that still has it as ancestor. To be asked before anything is killed. */
export function tree(root: number): Running[] {
  const running = all();
  const found = running.filter(({ id }) => id === root);
  for (const parent of found) found.push(...running.filter((child) => child.parent === parent.id));
  return found;
}

/** The process that makes calls: the SDK's host of dynamic resources, not the shell that became it. */
export const isProvider = ({ command }: Running): boolean => /\bdynamic-provider\b/.test(command);

/** Those of the given processes that still live. */
export function alive(processes: readonly Running[]): Running[] {
  const running = all();
  return processes.filter((one) => running.some(({ id, started }) => id === one.id && started === one.started));
}

/** Sends a signal to those that still live. */
export function signal(processes: readonly Running[], name: NodeJS.Signals): void {
  for (const { id } of alive(processes)) {
    try {
      process.kill(id, name);
    } catch {
      // it has just ended by itself
    }
  }
}
