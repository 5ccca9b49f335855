// Checks the links of all Markdown pages: a relative link must lead to a file, and its anchor to a heading there. Pages in
// version control may not lead into the reference, which is built. Addresses on the web are not visited.
//
//   node scripts/docs/links.mjs [root]
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), "..", ".."));
const reference = join(root, "docs", "reference") + sep;

const pages = pagesIn(root);
const faults = pages.flatMap(faultsOf);
for (const fault of faults) console.error(fault);
console.log(`${pages.length} pages, ${faults.length} broken links`);
process.exitCode = faults.length > 0 || pages.length === 0 ? 1 : 0;

function pagesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isFile()) return entry.name.endsWith(".md") ? [join(folder, entry.name)] : [];
    const others = entry.name.startsWith(".") || entry.name === "node_modules" || entry.name === "dist";
    return entry.isDirectory() && !others ? pagesIn(join(folder, entry.name)) : [];
  });
}

function faultsOf(page) {
  const lines = withoutCode(readFileSync(page, "utf8")).split("\n");
  return lines.flatMap((line, index) =>
    targetsIn(line).flatMap((target) => {
      const fault = faultOf(page, target);
      return fault === undefined ? [] : [`${relative(root, page)}:${index + 1}: (${target}) ${fault}`];
    }),
  );
}

/** Fenced blocks and code spans are no links; their lines stay, so that the numbers are right. */
function withoutCode(text) {
  const blank = (code) => code.replaceAll(/[^\n]/g, "");
  return text
    .replaceAll(/^ *(```+)[\s\S]*?^ *\1 *$/gm, blank)
    .replaceAll(/(`+)(?!`)[^\n]*?[^`]\1(?!`)/g, (code, _, at, all) =>
      // the text of a link may be code
      all[at + code.length] === "]" ? code : blank(code),
    );
}

function targetsIn(line) {
  const inline = [...line.matchAll(/\]\(\s*<?([^\s)>]*)>?(?:\s+"[^"]*")?\s*\)/g)];
  const definitions = [...line.matchAll(/^\s*\[[^\]]+\]:\s*<?(\S+?)>?\s*$/g)];
  return [...inline, ...definitions].map(([, target]) => target);
}

function faultOf(page, target) {
  if (target === "") return "is empty";
  if (/^[a-z][a-z+.-]*:/i.test(target)) return URL.canParse(target) ? undefined : "is no address";
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : resolve(dirname(page), decodeURIComponent(path));
  if (!file.startsWith(root + sep)) return "leads out of the repository";
  if (!existsSync(file)) return "leads to a file that does not exist";
  if (file.startsWith(reference) && !page.startsWith(reference)) return "leads into the reference, which is not kept";
  if (anchor === undefined) return undefined;
  if (!file.endsWith(".md")) return "has an anchor in what is no page";
  return anchorsOf(file).has(anchor) ? undefined : "leads to a heading that does not exist";
}

/** Anchors as GitHub makes them from headings, and those that a page sets itself. */
function anchorsOf(file) {
  const text = readFileSync(file, "utf8");
  const anchors = new Set([...text.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id));
  const prose = text.replaceAll(/^ *(```+)[\s\S]*?^ *\1 *$/gm, "");
  for (const [, heading] of prose.matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replaceAll(/<[^>]+>/g, "")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}\s_-]/gu, "")
      .replaceAll(/\s/g, "-");
    let unique = slug;
    for (let count = 1; anchors.has(unique); count += 1) unique = `${slug}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}
