import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { packageRoot } from "./project";

/** A block of TypeScript in the documentation. */
export interface Example {
  /** File and line, for messages. */
  at: string;
  code: string;
  /** Whether it imports what it uses, and so stands alone. */
  whole: boolean;
  /** Compiled only. */
  compileOnly: boolean;
}

/** A module made of one or more examples. */
export interface Module {
  at: string;
  code: string;
}

const example = (file: string, text: string, offset: number, info: string, code: string): Example => ({
  at: `${relative(packageRoot, file)}:${text.slice(0, offset).split("\n").length + 1}`,
  code,
  whole: /^import /m.test(code),
  compileOnly: info.split(" ").includes("no-run"),
});

/** README.md and what is written in docs/; the reference there repeats the typings. */
export function pages(): string[] {
  const guides = readdirSync(join(packageRoot, "docs")).filter((name) => name.endsWith(".md"));
  return [join(packageRoot, "README.md"), ...guides.map((name) => join(packageRoot, "docs", name))];
}

/** The fenced blocks of a page in a language. */
export function blocks(page: string, language: string): Example[] {
  const text = readFileSync(page, "utf8");
  const fences = text.matchAll(/^( *)```(\w+)((?: [\w-]+)*)\n([\s\S]*?)^ *```$/gm);
  return [...fences]
    .filter(([, , found]) => found === language)
    .map(({ index, 1: indent = "", 3: info = "", 4: code = "" }) =>
      example(page, text, index, info, code.replaceAll(new RegExp(`^${indent}`, "gm"), "")),
    );
}

/** The modules of a page: each whole program, and each fragment in the scope of the program before it. */
export function modulesOf(page: string): { programs: Module[]; runnable: Module[]; fragments: Module[] } {
  const found = blocks(page, "ts");
  const programs = found.filter(({ whole }) => whole);
  const fragments = found.flatMap((fragment, index) => {
    if (fragment.whole) return [];
    const program = found.slice(0, index).findLast(({ whole }) => whole);
    if (program === undefined) throw new Error(`${fragment.at}: a fragment needs a whole program before it`);
    return [{ at: fragment.at, code: `${program.code}\nexport const fragment = async () => {\n${fragment.code}};\n` }];
  });
  return { programs, runnable: programs.filter(({ compileOnly }) => !compileOnly), fragments };
}

/** Every comment of the sources that has examples, with the name that it documents. */
export function documented(): { name: string; examples: Example[] }[] {
  const files = readdirSync(join(packageRoot, "provider"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(packageRoot, "provider", name));
  return files.flatMap((file) => {
    const text = readFileSync(file, "utf8");
    return [...text.matchAll(/\/\*\*(?:(?!\*\/)[\s\S])*@example(?:(?!\*\/)[\s\S])*\*\/\s*([^\n]*)/g)].map((match) => {
      const [comment, declaration = ""] = match;
      const fences = [...comment.matchAll(/@example\s*\n\s*\* ```ts([^\n]*)\n([\s\S]*?)\n\s*\* ```/g)];
      const name = /(?:class|function|const|interface) (\w+)/.exec(declaration)?.[1] ?? declaration;
      if (fences.length !== comment.split("@example").length - 1) {
        throw new Error(`${relative(packageRoot, file)}: an @example of ${name} is not a block of \`\`\`ts`);
      }
      return {
        name,
        examples: fences.map(({ index, 1: info = "", 2: code = "" }) =>
          example(file, text, match.index + index, info, `${code.replaceAll(/^\s*\* ?/gm, "")}\n`),
        ),
      };
    });
  });
}

/** What examples take for granted: ids of the environment. */
const GRANTED: Readonly<Record<string, string>> = {
  serviceName: `process.env["HOLDFAST_OVH_SERVICE"] ?? ""`,
  shareId: `process.env["HOLDFAST_OVH_SHARE"] ?? ""`,
  databaseID: `Number(process.env["HOLDFAST_ELEMENT_VOLUME"])`,
  testAccountID: `Number(process.env["HOLDFAST_ELEMENT_ACCOUNT"])`,
  testHostsID: `Number(process.env["HOLDFAST_ELEMENT_ACCESS_GROUP"])`,
};

/**
 * Fragments as one program, in which each may use what another one declares: that one comes first. The ids that they take
 * for granted are those of the environment, and the names of the package are imported.
 */
export function joined(examples: readonly Example[], entry: string, names: readonly string[]): Module {
  const identifiers = (code: string) => new Set(code.match(/[A-Za-z_]\w*/g));
  const declares = (code: string) =>
    [...code.matchAll(/^(?:export )?(?:const|let|function) (?:(\w+)|\{([^}]*)\})/gm)].flatMap(([, one, several]) =>
      one !== undefined ? [one] : (several ?? "").split(",").map((name) => name.trim()),
    );
  const ordered: Example[] = [];
  const add = (next: Example, above: readonly Example[]) => {
    if (ordered.includes(next) || above.includes(next)) return;
    const used = identifiers(next.code);
    const needed = examples.filter((other) => other !== next && declares(other.code).some((name) => used.has(name)));
    for (const other of needed) add(other, [...above, next]);
    ordered.push(next);
  };
  for (const next of examples) add(next, []);

  const code = ordered.map(({ at, code }) => `// ${at}\n${code}`).join("\n");
  const used = identifiers(code);
  const imported = names.filter((name) => used.has(name));
  const header = [
    `import * as pulumi from "@pulumi/pulumi";`,
    `import { ${imported.join(", ")} } from "${entry}";`,
    ...Object.entries(GRANTED).flatMap(([name, value]) => (used.has(name) ? [`const ${name} = ${value};`] : [])),
    "void pulumi;",
  ];
  return { at: `the examples for ${entry}`, code: `${header.join("\n")}\n${code}` };
}

/** Type-checks modules as a new TypeScript project has it, against the built package; answers what the compiler says. */
export function compile(modules: readonly Module[], folder: string): string[] {
  const files = new Map(modules.map(({ code }, index) => [join(folder, `example${index}.mts`), code]));
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    types: ["node"],
    typeRoots: [join(packageRoot, "node_modules", "@types")],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, target, ...rest) => {
    const code = files.get(name);
    return code === undefined ? getSourceFile(name, target, ...rest) : ts.createSourceFile(name, code, target);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const module = modules[file === undefined ? -1 : [...files.keys()].indexOf(file.fileName)];
    const line = file === undefined || start === undefined ? -1 : file.getLineAndCharacterOfPosition(start).line;
    const source = module?.code.split("\n")[line]?.trim();
    return `${module?.at}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}\n  ${source}`;
  });
}

/** Without its types, as Node runs it. */
export const transpiled = (code: string): string =>
  ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } })
    .outputText;
