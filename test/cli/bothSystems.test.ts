import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { simulateOvh } from "../../provider/simulators";
import { byHand } from "../ovh/support/byHand";
import { test as base } from "./support/cluster";
import { lineOf } from "./support/commands";

/** An account at OVHcloud beside the cluster, and the credentials of both in the environment. */
const test = base.extend<{ ovh: { share: string; calls: () => number } }>({
  ovh: async ({ site }, use) => {
    const simulator = await simulateOvh({ schedule: false });
    Object.assign(site.environment, simulator.environment);
    const { id } = await byHand(simulator).createShare({ protocol: "NFS", size: 100, name: "data-abcdefghij234-0" });
    await use({ share: id, calls: () => simulator.calls.filter(({ path }) => path.includes("/storage/")).length });
    await simulator.close();
  },
});

describe("orphans of two systems", () => {
  test("are listed together where the credentials of both are there", async ({ site, ovh }) => {
    const clone = await site.made("element:VolumeClone", "staging", { volumeID: site.volumeID });
    site.state("dev.json");
    const { code, out, err } = await site.orphans("--stack-file", "dev.json");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("2 objects carry a mark of Holdfast and are not in dev.json.");
    expect(out).toContain(`ovh:Share ${ovh.share} `);
    expect(out).toContain(`element:VolumeClone ${clone.id} `);
    for (const line of out.split("\n").filter((one) => one.includes("delete: "))) {
      expect(await site.runLine(line.trim().slice("delete: ".length))).toMatchObject({ code: 0 });
    }
    expect((await site.orphans()).out).toBe("Nothing carries a mark of Holdfast.\n");
  });

  test("are looked for in one of them with --system, and where an id is named in its own", async ({ site, ovh }) => {
    const clone = await site.made("element:VolumeClone", "staging", { volumeID: site.volumeID });
    site.state("dev.json");
    const files = ["--stack-file", "dev.json"];
    const cluster = await site.orphans("--system", "element", ...files);
    expect(cluster.out).toContain(`element:VolumeClone ${clone.id} `);
    expect((await site.orphans("--delete", clone.id, ...files)).code).toBe(0);
    expect(ovh.calls()).toBe(1);

    const before = site.simulator.calls.length;
    const account = await site.orphans("--system", "ovh", ...files);
    expect(lineOf(account.out, `ovh:Share ${ovh.share} `)).toContain("100 GiB");
    expect((await site.orphans("--delete", ovh.share, ...files)).code).toBe(0);
    expect(site.simulator.calls).toHaveLength(before);
  });
});

describe("orphans of one system", () => {
  base("are found although the other has no credentials, unless it is asked for", async ({ site }) => {
    const clone = await site.made("element:VolumeClone", "staging", { volumeID: site.volumeID });
    expect((await site.orphans()).out).toContain(`element:VolumeClone ${clone.id} `);
    await expect(site.orphans("--system", "ovh")).rejects.toThrow("No OVHcloud credentials found");
    await expect(site.orphans("--system", "ovh", "--system", "element")).rejects.toThrow("No OVHcloud credentials");
    const uuid = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
    site.state("dev.json");
    await expect(site.orphans("--delete", uuid, "--stack-file", "dev.json")).rejects.toThrow("No OVHcloud credentials");
  });

  base("are not listed where the other's credentials are there by half", async ({ site }) => {
    site.environment["OVH_APPLICATION_KEY"] = "half";
    const run = site.orphans();
    await expect(run).rejects.toThrow("OVH_APPLICATION_SECRET");
    expect((await site.orphans("--system", "element")).code).toBe(0);
  });

  base("need the credentials of one: without any, what each takes is told", async ({ site }) => {
    for (const name of Object.keys(site.environment)) if (name.startsWith("ELEMENT_")) delete site.environment[name];
    const run = site.orphans();
    await expect(run).rejects.toThrow("No OVHcloud credentials found");
    await expect(run).rejects.toThrow("No NetApp Element account found");
  });

  base("are found with the account of the selected stack's configuration", async ({ site, machine }) => {
    const { username, password } = site.simulator.credentials;
    const clone = await site.made("element:VolumeClone", "staging", { volumeID: site.volumeID });
    for (const name of Object.keys(site.environment)) if (name.startsWith("ELEMENT_")) delete site.environment[name];
    const settings = {
      "element:endpoint": { value: site.simulator.url },
      "element:username": { value: username },
      "element:password": { value: password, secret: true },
    };
    writeFileSync(join(site.folder, "config.json"), JSON.stringify(settings));
    machine.script(
      "tools/bin/pulumi",
      'if [ "$1" = version ]; then echo v3.259.0; exit; fi',
      `IFS= read -r line <'${join(site.folder, "config.json")}'; printf '%s\\n' "$line"`,
    );
    site.state("dev.json");
    const { code, out, err } = await site.orphans("--stack", "dev", "--stack-file", "dev.json");
    expect([code, err]).toEqual([0, ""]);
    expect(lineOf(out, "delete: ")).toBe(
      `npx pulumi-holdfast orphans --stack-file dev.json --stack dev --delete ${clone.id}`,
    );
    expect(out).not.toContain(password);
  });
});
