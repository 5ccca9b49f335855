// Comments and wide indentation are for whoever reads the sources, and a mark of CommonJS made from an ES module for whoever
// imports the package. Compiled files go without what they don't need; the typings keep their comments for the editor.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const MARK = 'Object.defineProperty(exports, "__esModule", { value: true });\n';

/**
 * Takes the comments out of all JavaScript below a folder, and indents it by one blank.
 * @param {string} folder where the compiler has put everything
 * @param {typeof import("typescript")} ts
 * @param {readonly string[]} entries the files that others import, below the folder
 */
export function removeComments(folder, ts, entries) {
  // As it is: CommonJS already, and an import() of an ES module must stay one.
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, removeComments: true };
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!name.endsWith(".js")) continue;
    const file = join(folder, name);
    const code = narrow(ts.transpileModule(readFileSync(file, "utf8"), { compilerOptions }).outputText, ts);
    writeFileSync(file, entries.includes(name) ? code : code.replace(MARK, ""));
  }
}

/** The compiler indents by four blanks. Those in a text of several lines are the program's. */
function narrow(code, ts) {
  const texts = [];
  const visit = (node) => {
    if (
      ts.isNoSubstitutionTemplateLiteral(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddleOrTemplateTail(node)
    ) {
      texts.push({ from: node.getStart(source), to: node.end });
    }
    ts.forEachChild(node, visit);
  };
  const source = ts.createSourceFile("code.js", code, ts.ScriptTarget.ES2023, false, ts.ScriptKind.JS);
  visit(source);
  return code.replace(/^ +/gm, (blanks, at) =>
    texts.some(({ from, to }) => from < at && at < to) ? blanks : " ".repeat(Math.ceil(blanks.length / 4)),
  );
}
