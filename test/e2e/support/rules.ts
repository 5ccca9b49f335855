import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Module, transpiled } from "./examples";
import { packageRoot, type Run } from "./project";

/** What the comment of a rule shows. */
export interface RuleExamples {
  /** `ovh-limit-clone-size`. */
  rule: string;
  fails: string;
  passes: string;
}

/** The documented examples of all rules. */
export function ruleExamples(): RuleExamples[] {
  const folder = join(packageRoot, "policies", "ovh", "rules");
  return readdirSync(folder).map((file) => {
    const text = readFileSync(join(folder, file), "utf8");
    const example = (verdict: string) => {
      const [, code] =
        new RegExp(` \\* ${verdict}[^\\n]*:\\n \\* \`\`\`ts\\n([\\s\\S]*?)\\n \\* \`\`\``).exec(text) ?? [];
      if (code === undefined) throw new Error(`policies/ovh/rules/${file} has no example that "${verdict}"`);
      return code.replaceAll(/^ \* ?/gm, "");
    };
    return {
      rule: /name: "([\w-]+)"/.exec(text)?.[1] ?? "",
      fails: example("Fails"),
      passes: example("Passes"),
    };
  });
}

/** Examples as one program, each in a scope of its own. */
export function programOf(examples: readonly string[], at: string): Module {
  const body = examples.map((code) => `{\n${code}\n}`).join("\n");
  const names = ["getSnapshotOutput", "HeldSnapshot", "Share", "ShareAccessRule", "ShareClone", "Snapshot"];
  const header = [
    `import { ${names.filter((name) => new RegExp(`\\b${name}\\b`).test(body)).join(", ")} } from "pulumi-holdfast/ovh";`,
    `const serviceName = process.env["HOLDFAST_OVH_SERVICE"] ?? "";`,
    `const shareId = process.env["HOLDFAST_OVH_SHARE"] ?? "";`,
    "void [serviceName, shareId];",
  ];
  return { at, code: `${header.join("\n")}\n${body}\nexport {};\n` };
}

export const runnable = ({ code }: Module): string => transpiled(code);

/** Every answer of a rule that a command has shown: `mandatory ovh-require-nfs data`, or `note ...` for what is not decided yet. */
export const verdicts = ({ text }: Pick<Run, "text">): string[] =>
  [...text.matchAll(/^ +- \[(\w+)\] (?:\[severity: \w+\])? +([\w-]+) +\(\S+: (\S+)\)\n(?: {10,}.*\n)*/gm)]
    .map(([whole, level, rule, name]) => `${whole.includes("not decided yet") ? "note" : level} ${rule} ${name}`)
    .toSorted();

/** Those that find something wrong. */
export const violations = (run: Pick<Run, "text">): string[] => verdicts(run).filter((one) => !one.startsWith("note "));
