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

/** A system that has rules, with the names that their examples take for granted. */
export type System = keyof typeof SCOPES;

const SCOPES = {
  ovh: {
    classes: ["getSnapshotOutput", "HeldSnapshot", "Share", "ShareAccessRule", "ShareClone", "Snapshot"],
    constants: {
      serviceName: 'process.env["HOLDFAST_OVH_SERVICE"] ?? ""',
      shareId: 'process.env["HOLDFAST_OVH_SHARE"] ?? ""',
    },
  },
  element: {
    classes: ["Snapshot", "VolumeClone"],
    constants: {
      volumeID: 'Number(process.env["HOLDFAST_ELEMENT_VOLUME"])',
      otherVolumeID: 'Number(process.env["OTHER_VOLUME"])',
      newAccountID: 'Number(process.env["HOLDFAST_ELEMENT_ACCOUNT"])',
    },
  },
};

/** The documented examples of all rules for a system. */
export function ruleExamples(system: System): RuleExamples[] {
  const folder = join(packageRoot, "policies", system, "rules");
  return readdirSync(folder).map((file) => {
    const text = readFileSync(join(folder, file), "utf8");
    const example = (verdict: string) => {
      const [, code] =
        new RegExp(` \\* ${verdict}[^\\n]*:\\n \\* \`\`\`ts\\n([\\s\\S]*?)\\n \\* \`\`\``).exec(text) ?? [];
      if (code === undefined) throw new Error(`${join(folder, file)} has no example that "${verdict}"`);
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
export function programOf(system: System, examples: readonly string[], at: string): Module {
  const body = examples.map((code) => `{\n${code}\n}`).join("\n");
  const { classes, constants } = SCOPES[system];
  const header = [
    `import { ${classes.filter((name) => new RegExp(`\\b${name}\\b`).test(body)).join(", ")} } from "pulumi-holdfast/${system}";`,
    ...Object.entries(constants).map(([name, value]) => `const ${name} = ${value};`),
    `void [${Object.keys(constants).join(", ")}];`,
  ];
  return { at, code: `${header.join("\n")}\n${body}\nexport {};\n` };
}

/** The resources that an example names. */
export const named = (code: string): string[] =>
  [...code.matchAll(/new \w+\("([\w-]+)"/g)].map(([, name = ""]) => name);

export const runnable = ({ code }: Module): string => transpiled(code);

/** Every answer of a rule that a command has shown: `mandatory ovh-require-nfs data`, or `note ...` for what is not decided yet. */
export const verdicts = ({ text }: Pick<Run, "text">): string[] =>
  [...text.matchAll(/^ +- \[(\w+)\] (?:\[severity: \w+\])? +([\w-]+) +\(\S+: (\S+)\)\n(?: {10,}.*\n)*/gm)]
    .map(([whole, level, rule, name]) => `${whole.includes("not decided yet") ? "note" : level} ${rule} ${name}`)
    .toSorted();

/** Those that find something wrong. */
export const violations = (run: Pick<Run, "text">): string[] => verdicts(run).filter((one) => !one.startsWith("note "));
