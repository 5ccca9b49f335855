import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test as base, describe, expect } from "vitest";

const script = resolve(__dirname, "../../scripts/docs/links.mjs");

const test = base.extend<{
  check: (pages: Record<string, string>) => Promise<{ code: number | null; faults: string }>;
}>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixture's dependencies from this pattern
  check: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), "holdfast-links-"));
    await use(async (pages) => {
      for (const [name, text] of Object.entries(pages)) await writeFile(join(folder, name), text);
      const { status, stderr } = spawnSync(process.execPath, [script, folder], { encoding: "utf8" });
      return { code: status, faults: stderr };
    });
    await rm(folder, { recursive: true });
  },
});

describe("the check of links", () => {
  test("accepts files, headings, anchors of a page's own, addresses, and links shown as code", async ({ check }) => {
    const result = await check({
      "one.md": [
        "# One",
        '[two](two.md) [`code` text](two.md#a-heading-with-code) [itself](#one) [web](https://example.com/#x "title")',
        "[own](two.md#place) [again](two.md#twice-1) [named]",
        "`[shown](nowhere.md)`",
        "```md",
        "[shown](nowhere.md)",
        "```",
        "[named]: two.md",
      ].join("\n"),
      "two.md": '## A heading, with `code`\n\n<a id="place"></a>\n\n## Twice\n\n## Twice\n',
    });

    expect(result).toEqual({ code: 0, faults: "" });
  });

  test("names page, line and target of every broken one", async ({ check }) => {
    const { code, faults } = await check({
      "one.md": "# One\n\n[a](gone.md) [b](two.md#gone)\n\n[c](#gone) [`d`](../up.md)\n\n[e]: gone.txt\n",
      "two.md": "# Two\n\n```sh\n# gone\n```\n",
    });

    expect(code).toBe(1);
    expect(faults.trim().split("\n")).toEqual([
      "one.md:3: (gone.md) leads to a file that does not exist",
      "one.md:3: (two.md#gone) leads to a heading that does not exist",
      "one.md:5: (#gone) leads to a heading that does not exist",
      "one.md:5: (../up.md) leads out of the repository",
      "one.md:7: (gone.txt) leads to a file that does not exist",
    ]);
  });

  test("fails where there is no page at all", async ({ check }) => {
    expect((await check({})).code).toBe(1);
  });
});
