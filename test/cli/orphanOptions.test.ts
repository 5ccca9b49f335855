import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { lineOf } from "./support/commands";
import { oneOfEach, type Site, test } from "./support/orphans";

describe("services", () => {
  const second = async (site: Site) => {
    const { id } = site.simulator.model.addService("second");
    const share = await site.made("ovh:Share", "elsewhere", { serviceName: id, size: 100 });
    return { id, share };
  };

  test("are all looked at, those that are named alone", async ({ site }) => {
    const here = await site.made("ovh:Share", "here", { size: 100 });
    const { id, share: there } = await second(site);
    site.state("dev.json");

    const all = await site.run("--stack-file", "dev.json");
    expect(all.out).toContain("2 objects");
    for (const share of [here, there]) expect(all.out).toContain(`ovh:Share ${share.id}`);
    expect(lineOf(all.out, `delete: npx pulumi-holdfast orphans --service ${id} `)).toContain(there.id);

    const one = await site.run("--stack-file", "dev.json", "--service", id);
    expect(one.out).toContain(there.id);
    expect(one.out).not.toContain(here.id);
    const both = await site.run("--stack-file", "dev.json", "--service", id, "--service", site.serviceName);
    expect(both.out).toContain("2 objects");
  });

  test("are asked for one list of each kind, and each share for its snapshots, whatever is listed", async ({
    site,
  }) => {
    const { share, clone } = await oneOfEach(site);
    site.state("dev.json");
    const before = site.calls().length;
    await site.run("--stack-file", "dev.json");
    const made = site
      .calls()
      .slice(before)
      .filter((call) => !call.includes("/auth/time"))
      .toSorted();
    const snapshots = [site.simulator.shareId, share.id, clone.id].map((id) => `GET /share/${id}/snapshot`);
    expect(made).toEqual(["GET /1.0/storage/netapp", "GET /share", "GET /snapshotPolicy", ...snapshots].toSorted());
  });

  test("that are not there are named", async ({ site }) => {
    const gone = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
    await expect(site.run("--service", gone)).rejects.toThrow(`Service ${gone} is not known there`);
  });
});

describe("a file that is no exported state", () => {
  test.for<[string, string | undefined, string]>([
    ["is missing", undefined, "state.json can't be read: ENOENT"],
    ["is no JSON", '{"version": 3, "deployment": {"secret": "s3cr3t"', "state.json is no exported state."],
    ["is a preview's", '{"steps": [], "secret": "s3cr3t"}', "state.json is no exported state."],
    [
      "is a list",
      "[]",
      "state.json is no exported state. Write it with: pulumi stack export --stack NAME --file FILE.json",
    ],
    ["has no deployment", '{"version": 3, "deployment": null}', "state.json is no exported state."],
  ])("%s", async ([, content, message], { site }) => {
    if (content !== undefined) site.write("state.json", content);
    const run = site.run("--stack-file", "state.json");
    await expect(run).rejects.toThrow(message);
    await expect(run).rejects.not.toThrow("s3cr3t");
    expect(site.calls()).toEqual([]);
  });

  test("an export of an empty stack is one", async ({ site }) => {
    site.write("empty.json", '{"version": 3, "deployment": {"manifest": {"time": "0001-01-01T00:00:00Z"}}}');
    expect(statSync(join(site.folder, "empty.json")).size).toBeGreaterThan(0);
    expect((await site.run("--stack-file", "empty.json")).code).toBe(0);
  });
});

describe("the credentials", () => {
  test("that are wrong are refused by the service, and appear nowhere", async ({ site }) => {
    const { applicationSecret } = site.simulator.credentials;
    site.environment["OVH_CONSUMER_KEY"] = "of-somebody-else";
    const run = site.run();
    await expect(run).rejects.toThrow("consumer key");
    for (const secret of ["of-somebody-else", applicationSecret]) await expect(run).rejects.not.toThrow(secret);
  });

  test("that are missing are listed", async ({ site }) => {
    for (const name of Object.keys(site.environment)) if (name.startsWith("OVH_")) delete site.environment[name];
    await expect(site.run()).rejects.toThrow("No OVHcloud credentials found");
  });

  test("come from the configuration of the named stack, which the shown commands name again, and appear nowhere", async ({
    site,
    machine,
  }) => {
    const { applicationKey, applicationSecret, consumerKey } = site.simulator.credentials;
    for (const name of Object.keys(site.environment)) if (name.startsWith("OVH_")) delete site.environment[name];
    const settings = {
      "ovh:endpoint": { value: site.simulator.url },
      "ovh:applicationKey": { value: applicationKey },
      "ovh:applicationSecret": { value: applicationSecret },
      "ovh:consumerKey": { value: consumerKey },
    };
    site.write("config.json", JSON.stringify(settings));
    machine.script(
      "tools/bin/pulumi",
      'if [ "$1" = version ]; then echo v3.259.0; exit; fi',
      'case "$*" in *"--stack dev"*) ;; *) exit 1;; esac',
      `IFS= read -r line <'${join(site.folder, "config.json")}'; printf '%s\\n' "$line"`,
    );
    site.state("dev.json");
    await site.made("ovh:Share", "data", { size: 100 });
    // A second later than the export, or it would be too new for it.
    site.state("dev.json");

    const { code, out, err } = await site.run("--stack", "dev", "--stack-file", "dev.json");

    expect([code, err]).toEqual([0, ""]);
    expect(lineOf(out, "import: ")).toMatch(/ --stack dev$/);
    expect(lineOf(out, "delete: ")).toContain(" --stack dev ");
    for (const secret of [applicationSecret, consumerKey]) expect(out + err).not.toContain(secret);
  });
});

describe("arguments that make no sense are explained with the usage", () => {
  const id = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
  test.for<[string[], string]>([
    [["--delete", id], "--delete needs --stack-file: without the states it can't be told what a stack manages"],
    [["--delete", "data", "--stack-file", "dev.json"], '--delete takes an id, a UUID or a number, and "data" is none'],
    [["--service", "production"], '--service takes an id, a UUID, and "production" is none'],
    [["--stack", "dev", "--no-stack"], "Give --stack or --no-stack, not both"],
    [["everything"], "Unexpected argument 'everything'"],
    [["--all"], "Unknown option '--all'"],
  ])("%s", async ([args, message], { site }) => {
    const { code, out, err } = await site.run(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(`holdfast orphans: ${message}`);
    expect(err).toContain("Usage: npx pulumi-holdfast orphans");
    expect(site.calls()).toEqual([]);
  });

  test("--help says what is listed, and what is not", async ({ site }) => {
    const { code, out } = await site.run("--help");
    expect(code).toBe(0);
    expect(out).toContain("Access rules\nand held snapshots carry no mark, and are not listed.");
  });
});
