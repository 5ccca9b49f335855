import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { homedir, hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, describe, expect } from "vitest";
import { backendAddress, type Identity, marker } from "../../provider/core/identity";

const test = base.extend<{ folder: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixture's dependencies from this pattern
  folder: async ({}, use) => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "holdfast-identity-")));
    await use(folder);
    await rm(folder, { recursive: true });
  },
});

const identity: Identity = {
  backend: "https://api.pulumi.com",
  organization: "acme",
  urn: "urn:pulumi:dev::project::pulumi-nodejs:dynamic/ovh:Share::data",
};
const inputs = { serviceName: "s", protocol: "NFS", list: [1, 2] };

describe("the mark of a resource", () => {
  test("is short, in lower case, and the same for ever", () => {
    expect(marker(identity, inputs)).toBe("bhl3rh74noiep");
    expect(marker(identity, inputs)).toMatch(/^[a-z2-7]{13}$/);
  });

  test("does not depend on the order of inputs, nor on ones without a value", () => {
    const other = { list: [1, 2], protocol: "NFS", mountPointName: undefined, serviceName: "s" };
    expect(marker(identity, other)).toBe(marker(identity, inputs));
  });

  test("differs by backend, organization, stack, name and inputs", () => {
    const marks = [
      marker(identity, inputs),
      marker({ ...identity, backend: "https://other" }, inputs),
      marker({ ...identity, backend: undefined }, inputs),
      marker({ ...identity, organization: "other" }, inputs),
      marker({ ...identity, urn: identity.urn.replace("dev", "qa") }, inputs),
      marker({ ...identity, urn: `${identity.urn}2` }, inputs),
      marker(identity, { ...inputs, list: [2, 1] }),
      marker(identity, { ...inputs, serviceName: "t" }),
      marker(identity, { ...inputs, mountPointName: "" }),
      marker(identity, {}),
    ];
    expect(new Set(marks).size).toBe(marks.length);
  });
});

describe("the backend's address", () => {
  const project = (folder: string, text: string) => writeFile(join(folder, "Pulumi.yaml"), text);
  const login = async (folder: string, content: string) => {
    await writeFile(join(folder, "credentials.json"), content);
    return { PULUMI_HOME: folder };
  };

  test("is that of the environment, then of the project, then the one that the CLI stored as current", async ({
    folder,
  }) => {
    const environment = await login(
      folder,
      JSON.stringify({ current: "https://stored", accessTokens: { x: "secret" } }),
    );
    expect(backendAddress(environment, folder)).toBe("https://stored");
    await project(folder, "name: p\nruntime: nodejs\nbackend:\n  url: https://project\n");
    expect(backendAddress(environment, folder)).toBe("https://project");
    expect(backendAddress({ ...environment, PULUMI_BACKEND_URL: "https://environment" }, folder)).toBe(
      "https://environment",
    );
  });

  test("is found in the project above the program's folder", async ({ folder }) => {
    await mkdir(join(folder, "infra", "src"), { recursive: true });
    await project(folder, 'name: p\nbackend: # ours\n  url: "s3://state"\n');
    expect(backendAddress({ PULUMI_HOME: folder }, join(folder, "infra", "src"))).toBe("s3://state");
  });

  test("is that of the nearest project only", async ({ folder }) => {
    await mkdir(join(folder, "inner"));
    await project(folder, "name: outer\nbackend:\n  url: s3://outer\n");
    await project(join(folder, "inner"), "name: inner\nconfig:\n  url: s3://no-backend\n");
    expect(backendAddress({ PULUMI_HOME: folder }, join(folder, "inner"))).toBeUndefined();
  });

  test.for(["", "{", "null", "[]", '{"current": 5}', '{"current": ""}'])(
    "is not known when the CLI's file holds %j",
    async (content, { folder }) => {
      expect(backendAddress(await login(folder, content), folder)).toBeUndefined();
    },
  );

  test("of a local backend is its real path on this host, however it is written", async ({ folder }) => {
    await mkdir(join(folder, "state"));
    await symlink(join(folder, "state"), join(folder, "link"));
    const expected = `${hostname()}:${join(folder, "state")}`;
    for (const address of [
      `file://${folder}/state`,
      `file://${folder}/state/`,
      `file://${folder}/link`,
      `file://${folder}/state/../state`,
      "file://./state",
      "file://state",
    ]) {
      expect([address, backendAddress({ PULUMI_BACKEND_URL: address }, folder)]).toEqual([address, expected]);
    }
  });

  test("of a local backend below the home folder is found there", async ({ folder }) => {
    const address = backendAddress({ PULUMI_BACKEND_URL: "file://~/no-such-folder-of-holdfast" }, folder);
    expect(address).toBe(`${hostname()}:${join(homedir(), "no-such-folder-of-holdfast")}`);
  });
});
