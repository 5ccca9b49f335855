import { styleText } from "node:util";

/** Where the demo writes. */
export interface Screen {
  write(text: string): void;
  /** A terminal, on which a line can be written over. */
  live: boolean;
  /** Characters beyond ASCII arrive. */
  unicode: boolean;
  columns: number;
}

export const terminal = (): Screen => {
  const { stdout, env } = process;
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "";
  const live = stdout.isTTY === true;
  return {
    write: (text) => void stdout.write(text),
    live,
    unicode: live && (process.platform === "darwin" || "WT_SESSION" in env || /utf-?8/i.test(locale)),
    columns: stdout.columns || 80,
  };
};

/** Prints the story: paragraphs, and one entry per step with its time and the few lines that matter. */
export interface Report {
  paragraph(...lines: string[]): void;
  /** Shows that a step runs, then how it ended. `work` answers the lines that matter: the first stands beside the name. */
  step(name: string, work: () => Promise<string[]>): Promise<void>;
  /** What the running step is doing, for a terminal. */
  progress(text: string): void;
}

/** A step that fails after `stop` did not fail by itself, and is not shown as failed. */
export function createReport(screen: Screen, stop: AbortSignal): Report {
  const clear = () => {
    if (screen.live) screen.write("\r\x1b[2K");
  };
  const marks = screen.unicode
    ? { ok: "✔ ", failed: "✘ ", running: "  " }
    : { ok: "ok   ", failed: "FAIL ", running: "     " };
  const entry = (mark: keyof typeof marks, name: string, since: number) => {
    const colour = { ok: "green", failed: "red", running: "gray" } as const;
    const shown = screen.live ? styleText(colour[mark], marks[mark]) : marks[mark];
    return `${shown}${name.padEnd(13)}${`${((performance.now() - since) / 1000).toFixed(1)} s`.padStart(6)}   `;
  };
  const below = `\n${" ".repeat(marks.ok.length + 4)}`;

  let doing = "";
  return {
    paragraph: (...lines) => screen.write(`\n${lines.join("\n")}\n\n`),
    progress(text) {
      doing = text;
    },
    async step(name, work) {
      const started = performance.now();
      doing = "";
      const draw = () => {
        clear();
        screen.write(entry("running", name, started) + doing.slice(0, Math.max(0, screen.columns - 30)));
      };
      const ticking = screen.live ? setInterval(draw, 100) : undefined;
      try {
        const lines = await work();
        clear();
        screen.write(`${entry("ok", name, started)}${lines.join(below)}\n`);
      } catch (error) {
        clear();
        if (!stop.aborted) screen.write(`${entry("failed", name, started).trimEnd()}\n`);
        throw error;
      } finally {
        clearInterval(ticking);
      }
    },
  };
}
