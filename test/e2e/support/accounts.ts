import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { type OvhSimulator, simulateOvh } from "../../../provider/simulators";
import type { Project } from "./project";
import { test as base } from "./test";

/** What programs of these tests begin with: `second` is an account of its own, at another simulator. */
export const SECOND = `
import * as ovh from "pulumi-holdfast/ovh";
const s = JSON.parse(process.env.SECOND ?? "{}");
const account = () => new ovh.Provider("second", {
  endpoint: s.endpoint, applicationKey: s.applicationKey, applicationSecret: s.applicationSecret, consumerKey: s.consumerKey,
});
`;

/** Two simulated accounts: `simulator` is the stack's, `other` the one that programs get as `SECOND`. */
export const test = base.extend<{ other: OvhSimulator }>({
  other: async ({ project }, use) => {
    const other = await simulateOvh({ schedule: false });
    const { serviceName, shareId, credentials } = other;
    project.env["SECOND"] = JSON.stringify({ endpoint: other.url, serviceName, shareId, ...credentials });
    await use(other);
    await other.close();
  },
});

/** A program whose module kind lets it wait at its top level. */
export async function asyncProgram(project: Project, text: string): Promise<void> {
  await writeFile(join(project.folder, "package.json"), JSON.stringify({ name: "e2e", private: true, type: "module" }));
  await project.program(text);
}

/** Takes away what the environment tells of the stack's account. */
export function withoutCredentials(project: Project): void {
  for (const name of Object.keys(project.env)) if (name.startsWith("OVH_")) delete project.env[name];
}

/** The secrets of a simulator: none of them may show anywhere. */
export function expectNoSecrets(text: string, ...simulators: OvhSimulator[]): void {
  for (const { credentials } of simulators) {
    for (const secret of ["applicationSecret", "consumerKey", "clientSecret", "accessToken"] as const) {
      expect(text).not.toContain(credentials[secret]);
    }
  }
}
