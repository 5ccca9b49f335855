/** A small program of one kind: what a user who knows that kind would write. */
export interface Program {
  /** Name of the main file. */
  main: string;
  text: string;
  /** Extra keys of package.json. */
  manifest?: Record<string, unknown>;
  /** Extra packages, by name. */
  packages?: Record<string, string>;
  tsconfig?: Record<string, unknown>;
  /** Whether Pulumi compiles it while loading, through ts-node. */
  tsNode: boolean;
}

const RESOURCES = `
const serviceName = process.env["HOLDFAST_OVH_SERVICE"] ?? "";
const shareId = process.env["HOLDFAST_OVH_SHARE"] ?? "";
const held = new HeldSnapshot("data", { serviceName, shareId, select: { newest: true }, trigger: "week 47" });
const clone = new ShareClone("development", { serviceName, shareId, snapshotId: held.id, size: 100 });
new ShareAccessRule("developers", { serviceName, shareId: clone.id, accessTo: "10.0.5.0/24", accessLevel: "rw" });
`;
const IMPORTS = `import * as pulumi from "@pulumi/pulumi";
import { HeldSnapshot, ShareAccessRule, ShareClone } from "pulumi-holdfast/ovh";`;
/** What runs the program, and whether our package found the SDK that the program has. */
const FACTS = ["process.versions.node", "clone instanceof pulumi.CustomResource"] as const;
const JAVASCRIPT = `${IMPORTS}
${RESOURCES}
export const mount = clone.preferredAccessPath;
export const node = ${FACTS[0]};
export const sameSdk = ${FACTS[1]};
`;

/** The last line fails to compile when the typings are missing, as everything is allowed then. */
const TYPESCRIPT = `${IMPORTS}
${RESOURCES}
export const mount: pulumi.Output<string> = clone.preferredAccessPath;
export const node: string = ${FACTS[0]};
export const sameSdk: boolean = ${FACTS[1]};
// @ts-expect-error: a size is a number
void (() => new ShareClone("never", { serviceName, snapshotId: held.id, size: "100" }));
`;

/** Without \`skipLibCheck\`: our typings, and those that they need, are checked as well. */
const STRICT = { target: "es2022", strict: true, types: ["node"], outDir: "bin" };
const CLASSIC = { ...STRICT, module: "commonjs", moduleResolution: "node" };
const NODENEXT = { ...STRICT, module: "nodenext", moduleResolution: "nodenext" };

const TS5 = { typescript: "5.9.3", "@types/node": "22.20.5" };
const TS6 = { typescript: "6.0.3", "@types/node": "22.20.5" };
const MODULE = { type: "module" };

export const PROGRAMS = {
  "TypeScript 5, CommonJS": { main: "index.ts", text: TYPESCRIPT, packages: TS5, tsconfig: CLASSIC, tsNode: true },
  "TypeScript 6, CommonJS": { main: "index.ts", text: TYPESCRIPT, packages: TS6, tsconfig: NODENEXT, tsNode: true },
  "TypeScript 5, ESM": {
    main: "index.ts",
    text: TYPESCRIPT,
    manifest: MODULE,
    packages: { ...TS5, "ts-node": "10.9.2" }, // the SDK's own is too old for ES modules
    tsconfig: NODENEXT,
    tsNode: true,
  },
  "TypeScript 6, ESM, types stripped": {
    main: "index.mts",
    text: TYPESCRIPT,
    packages: TS6,
    tsconfig: NODENEXT,
    tsNode: false,
  },
  "JavaScript, ESM": { main: "index.js", text: JAVASCRIPT, manifest: MODULE, tsNode: false },
  "JavaScript, CommonJS": {
    main: "index.js",
    text: `const pulumi = require("@pulumi/pulumi");
const { HeldSnapshot, ShareAccessRule, ShareClone } = require("pulumi-holdfast/ovh");
${RESOURCES}
exports.mount = clone.preferredAccessPath;
exports.node = ${FACTS[0]};
exports.sameSdk = ${FACTS[1]};
`,
    tsNode: false,
  },
} as const satisfies Record<string, Program>;
export type ProgramName = keyof typeof PROGRAMS;
