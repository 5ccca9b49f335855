import { readdir, readFile, readlink, realpath } from "node:fs/promises";
import { join } from "node:path";

/** The largest resident size of the provider processes of a program's folder, as Linux keeps it. */
export interface Memory {
  /** Ends the looking, and answers the peak in MiB. */
  stop(): Promise<number>;
}

const LOOK_EVERY_MS = 250;

export function watchProvider(folder: string): Memory {
  let peakKiB = 0;
  const look = async () => {
    const wanted = await realpath(folder);
    for (const pid of await readdir("/proc")) {
      if (/^\d+$/.test(pid)) peakKiB = Math.max(peakKiB, await peakOf(pid, wanted));
    }
  };
  let ended = false;
  const looking = (async () => {
    while (!ended) {
      await look();
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  })();
  return {
    stop: async () => {
      ended = true;
      await looking;
      return peakKiB / 1024;
    },
  };
}

/** KiB; 0 for any other process, and for one that has just ended. */
async function peakOf(pid: string, folder: string): Promise<number> {
  const at = (name: string) => join("/proc", pid, name);
  try {
    if ((await readlink(at("cwd"))) !== folder) return 0;
    if (!(await readFile(at("cmdline"), "utf8")).includes("dynamic-provider")) return 0;
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(await readFile(at("status"), "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
