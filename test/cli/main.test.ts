import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { checkout } from "./machine";

test.each(["--version", "-v"])("prints the package's version, and nothing else, on %s", async (option) => {
  const written: string[] = [];
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
  const { argv, exitCode } = process;
  onTestFinished(() => {
    write.mockRestore();
    Object.assign(process, { argv, exitCode });
  });
  vi.resetModules();
  process.argv = [process.execPath, "main.js", option];
  await import("../../provider/cli/main.js");
  await expect.poll(() => written.length).toBe(1);
  const { version } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8"));
  expect(written).toEqual([`${version}\n`]);
});
