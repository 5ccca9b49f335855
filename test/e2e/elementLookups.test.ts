import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test as base, describe, expect } from "vitest";
import { type ElementSimulator, simulateElement } from "../../provider/simulators";
import { asyncProgram } from "./support/accounts";
import { changes, createProject, type Project } from "./support/project";

/** `cluster` is what the configuration names, `other` the one that programs get as `SECOND`: only its certificate is its own. */
const test = base.extend<{ cluster: ElementSimulator; other: ElementSimulator; project: Project }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixture's dependencies from this pattern
  cluster: async ({}, use) => {
    const cluster = await simulateElement();
    await use(cluster);
    await cluster.close();
    expect(cluster.unmatched).toEqual([]);
  },
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixture's dependencies from this pattern
  other: async ({}, use) => {
    const other = await simulateElement({ tls: true, clusterUniqueID: "hf02" });
    await use(other);
    await other.close();
    expect(other.unmatched).toEqual([]);
  },
  project: async ({ other }, use) => {
    const { url: endpoint, caCert, credentials, environment } = other;
    const second = { endpoint, caCert, ...credentials, volumeID: Number(environment["HOLDFAST_ELEMENT_VOLUME"]) };
    const project = await createProject({ env: { SECOND: JSON.stringify(second) } });
    await use(project);
    await project.remove();
  },
});

/** The state as it lies in its file. */
const stateText = (project: Project) => readFile(join(project.folder, "state/.pulumi/stacks/e2e/test.json"), "utf8");

const SECOND = `
import * as element from "pulumi-holdfast/element";
const s = JSON.parse(process.env.SECOND);
const account = { endpoint: s.endpoint, username: s.username, password: s.password };
`;

describe("look-ups of a cluster in a program", () => {
  test("ask the stack's account, a given provider's and an inherited one's, and wait for what is made", async ({
    project,
    cluster,
    other,
  }) => {
    const { credentials, model } = cluster;
    const [database] = model.volumes;
    const plain = [
      "--plaintext",
      `element:endpoint=${cluster.url}`,
      "--plaintext",
      `element:username=${credentials.username}`,
    ];
    await project.pulumi("config", "set-all", ...plain, "--secret", `element:password=${credentials.password}`);
    await asyncProgram(
      project,
      `${SECOND}
      const second = new element.Provider("second", { ...account, caCert: s.caCert, adoptWithinMinutes: 5 });
      export const here = (await element.getVolume({ name: "database" })).iqn;
      export const there = (await element.getClusterLimits({}, { provider: second })).clusterUniqueID;
      const clone = new element.VolumeClone("copy", { volumeID: s.volumeID, name: "copy" }, { provider: second });
      export const cloned = element.getVolumeOutput({ volumeID: clone.cloneVolumeID }, { provider: second }).name;
      class Inheriting extends pulumi.ComponentResource {
        constructor(name, opts) {
          super("test:index:Inheriting", name, {}, opts);
          this.names = element.getVolumesOutput({ namePrefix: "co" }, { parent: this, dependsOn: clone }).volumes.apply(
            (all) => all.map(({ name }) => name));
        }
      }
      export const names = new Inheriting("component", { providers: [second] }).names;
      export const hidden = element.getVolumeOutput({ volumeID: pulumi.secret(s.volumeID) }, { provider: second }).name;
      const ovh = await import("pulumi-holdfast/ovh");
      const foreign = new ovh.Provider("foreign", { accessToken: "x" });
      export const wrong = await element.getVolumes({}, { provider: foreign }).catch(({ message }) => message);
    `,
    );

    const preview = await project.preview();
    expect(preview.code, preview.text).toBe(0);
    expect(preview.text).toMatch(/cloned *: \[unknown\]/);
    expect(preview.text).toMatch(/names *: \[unknown\]/);
    expect(preview.text).toContain(`database.${database?.volumeID}`);
    const up = await project.up();
    expect(up.code, up.text).toBe(0);
    expect(up.text).not.toMatch(/warning/i);
    expect(await project.outputs()).toEqual({
      here: `iqn.2010-01.com.solidfire:hf01.database.${database?.volumeID}`,
      there: "hf02",
      cloned: "copy",
      names: ["copy"],
      hidden: "[secret]",
      wrong:
        'getVolumes: its provider is ovh.Provider "foreign", which is no account of NetApp Element. Pass an element.Provider.',
    });
    const shown = preview.text + up.text + (await stateText(project));
    for (const { password } of [credentials, other.credentials]) expect(shown).not.toContain(password);

    // What follows knows the second account from the state alone.
    delete project.env["SECOND"];
    const destroyed = await project.destroy();
    expect(destroyed.code, destroyed.text).toBe(0);
    expect(changes(destroyed)).toContain("delete copy");
    expect(model.volumes).toHaveLength(1);
  });

  test("are unknown in a preview without an account, and errors in up; a certificate of its own has to be named", async ({
    project,
    other,
  }) => {
    await asyncProgram(
      project,
      `${SECOND}
      export const size = element.getVolumeOutput({ name: "database" }).totalSize;
      export const limit = element.getClusterLimitsOutput().volumeSizeMax;
      const strict = new element.Provider("strict", account);
      export const refused = await element.getVolumes({}, { provider: strict }).catch(({ message }) => message);
      const lax = new element.Provider("lax", { ...account, verifyCertificate: false });
      export const taken = (await element.getVolumes({}, { provider: lax })).volumes.length;`,
    );
    const told = "Look-ups of NetApp Element are unknown in this preview. No NetApp Element account was found.";

    const preview = await project.preview();
    expect(preview.code, preview.text).toBe(0);
    expect(preview.text).toMatch(/size *: \[unknown\]/);
    expect(preview.diagnostics.filter(({ message }) => message.includes(told))).toHaveLength(1);
    expect(preview.text).toMatch(
      /refused *: "getVolumes: .*certificate was refused \(\w+\), nothing was sent\. Clusters sign their own/,
    );
    expect(preview.text).toMatch(/taken *: 1/);
    expect(preview.text).toContain('verifyCertificate in element.Provider "lax" is false');
    const up = await project.up();
    expect(up.code).not.toBe(0);
    expect(up.text).toMatch(/error: get(Volume|ClusterLimits): No NetApp Element account found\. Set one of these/);
    expect(up.text).not.toMatch(/unhandled|^\s+at /m);
    expect(up.text + preview.text).not.toContain(other.credentials.password);
  });
});
