import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { checkout } from "../cli/machine";

test("compiled files lose their comments and wide indentation, and nothing else; typings keep them", () => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-comments-"));
  try {
    const code = `#!/usr/bin/env node\n"use strict";\n/** Says where. */\nexports.where = "http://x/*y*/"; // here\nexports.slashes = /\\/\\*/;\nexports.later = () => import("./later.js"); // not require\nexports.run = (name) => {\n    if (name)\n        return \`a\n    b\${name}\n    c\`;\n};\n`;
    mkdirSync(join(folder, "nested"));
    writeFileSync(join(folder, "nested", "a.js"), code);
    writeFileSync(join(folder, "a.d.ts"), code);
    const mark = `Object.defineProperty(exports, "__esModule", { value: true });\n`;
    for (const name of ["b.js", "nested/c.js"])
      writeFileSync(join(folder, name), `"use strict";\n${mark}exports.b = 1;\n`);

    // a script has no typings of its own, so it runs as set-up runs it
    const script = pathToFileURL(join(checkout, "scripts/comments.mjs")).href;
    const program = `import ts from "typescript"; import { removeComments } from "${script}"; removeComments(${JSON.stringify(folder)}, ts, ["b.js"]);`;
    execFileSync(process.execPath, ["--input-type=module", "-e", program], { cwd: checkout });

    expect(readFileSync(join(folder, "nested", "a.js"), "utf8")).toBe(
      `#!/usr/bin/env node\n"use strict";\nexports.where = "http://x/*y*/";\nexports.slashes = /\\/\\*/;\nexports.later = () => import("./later.js");\nexports.run = (name) => {\n if (name)\n  return \`a\n    b\${name}\n    c\`;\n};\n`,
    );
    expect(readFileSync(join(folder, "a.d.ts"), "utf8")).toBe(code);
    // Who imports the package sees that it was made from ES modules; its own files don't ask.
    expect(readFileSync(join(folder, "b.js"), "utf8")).toBe(`"use strict";\n${mark}exports.b = 1;\n`);
    expect(readFileSync(join(folder, "nested", "c.js"), "utf8")).toBe(`"use strict";\nexports.b = 1;\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
