import { describe, expect } from "vitest";
import type { OvhSimulator } from "../../provider/simulators";
import { byHand } from "../ovh/support/byHand";
import { expectNoSecrets, SECOND, test, withoutCredentials } from "./support/accounts";
import { changes, type Project, type Run } from "./support/project";

/** A program that adds `source` to what it sends, as its author may. */
const CLONES = `
  const forge = ({ props, opts }) => ({ props: { ...props, source: { type: "manual", name: "forged" } }, opts });
  for (const name of (process.env.CLONES ?? "clone").split(","))
    new ShareClone(name, { serviceName, snapshotId: process.env.SNAPSHOT, size: 100 }, { transforms: [forge] });
`;

/** Everything that is not a look. */
const changing = (simulator: OvhSimulator) => simulator.calls.filter(({ method }) => method !== "GET");

const notices = (run: Run) =>
  run.diagnostics.filter(({ message }) => message.includes("could not be looked up")).map(({ message }) => message);

/** What a preview shows of a new resource. */
async function plannedInputs(project: Project): Promise<Record<string, unknown>> {
  const { text, code } = await project.pulumi("preview", "--json");
  expect(code, text).toBe(0);
  const { steps }: { steps: { urn: string; newState?: { inputs: Record<string, unknown> } }[] } = JSON.parse(text);
  return steps.find(({ urn }) => urn.endsWith("::clone"))?.newState?.inputs ?? {};
}

async function manualSnapshot(simulator: OvhSimulator): Promise<string> {
  const contents = byHand(simulator).share(simulator.shareId);
  const { id } = await contents.createSnapshot({ name: "nightly" });
  await expect
    .poll(async () => (await contents.snapshots.recent(0)).find((one) => one.id === id)?.status)
    .toBe("available");
  return id;
}

describe("a snapshot that a program names by its id", () => {
  test("is judged in the preview, and what was true of it stays in the state whatever becomes of it", async ({
    project,
    simulator,
  }) => {
    const automatic = simulator.model.snapshots.find(({ type }) => type === "automatic");
    await project.program(CLONES);
    project.env["SNAPSHOT"] = automatic?.id;
    const refused = await project.preview();
    expect(refused.code).not.toBe(0);
    expect(refused.text).toContain(
      `is "automatic", and only manual snapshots can be cloned. Hold it first with HeldSnapshot.`,
    );
    expect(changing(simulator)).toEqual([]);

    const snapshotId = await manualSnapshot(simulator);
    const made = changing(simulator).length;
    project.env["SNAPSHOT"] = snapshotId;
    const facts = {
      snapshotId,
      name: "nightly",
      type: "manual",
      status: "available",
      createdAt: expect.any(String),
      shareId: simulator.shareId,
      presentShareSizeGiB: 100,
    };
    const up = await project.pulumi("up", "--yes", "--diff");
    expect(up.code, up.text).toBe(0);
    expect(up.text).toMatch(/presentShareSizeGiB *: 100/);
    expect(changing(simulator).length).toBe(made + 1);
    const kept = async () => {
      const entry = (await project.state()).get("clone");
      return [entry?.inputs?.["source"], entry?.outputs?.["source"]];
    };
    expect(await kept()).toEqual([facts, facts]);

    const storage = byHand(simulator);
    await storage.share(simulator.shareId).renameSnapshot(snapshotId, { name: "renamed" });
    await storage.extendShare(simulator.shareId, 300);
    await storage.share(simulator.shareId).deleteSnapshot(snapshotId);
    await expect.poll(() => simulator.model.snapshots.some(({ id }) => id === snapshotId)).toBe(false);
    expect(changes(await project.refresh())).toEqual([]);
    expect(await kept()).toEqual([facts, facts]);
    const again = await project.preview("--refresh");
    expect(again.code, again.text).toBe(0);
    expect(changes(again)).toEqual([]);

    // What is made anew is judged by what there is now.
    const anew = await project.preview("--replace", "**::clone");
    expect(anew.code).not.toBe(0);
    expect(anew.text).toContain(`has no snapshot ${snapshotId} on any of its shares`);
  });

  test("is left to create where nobody can be asked, and the notice comes once", async ({ project, simulator }) => {
    await project.program(CLONES);
    project.env["SNAPSHOT"] = simulator.model.snapshots.find(({ type }) => type === "automatic")?.id;
    project.env["CLONES"] = "clone,second,third";
    const right = { ...project.env };

    withoutCredentials(project);
    expect(await plannedInputs(project)).not.toHaveProperty("source");

    Object.assign(project.env, right, { OVH_CONSUMER_KEY: `wrong${simulator.credentials.consumerKey.slice(5)}` });
    const wrong = await project.preview();
    expect(wrong.code, wrong.text).toBe(0);
    expect(changes(wrong)).toHaveLength(3);
    expect(notices(wrong)).toEqual([expect.stringMatching(/answered 40[13] .* Nothing more is looked up in this run/)]);

    Object.assign(project.env, right, { OVH_ENDPOINT: "http://127.0.0.1:1/1.0" });
    const unreachable = await project.preview();
    expect(unreachable.code, unreachable.text).toBe(0);
    expect(notices(unreachable)).toEqual([expect.stringMatching(/looked up\. .*connection refused/)]);
    expect(unreachable.seconds).toBeLessThan(20); // 5 of them for the look-up, where three would take 15 and more
    expectNoSecrets(wrong.text + unreachable.text, simulator);
  });

  test("or made by the program, on another service, or larger than the clone, is refused by create alone", async ({
    project,
    simulator,
    other,
  }) => {
    await byHand(simulator).extendShare(simulator.shareId, 300);
    await expect.poll(() => simulator.model.shares[0]?.size).toBe(300);
    const snapshotId = await manualSnapshot(simulator);
    const before = changing(simulator).length;
    project.env["HOLDFAST_OFFLINE"] = "1";
    project.env["SNAPSHOT"] = simulator.model.snapshots.find(({ type }) => type === "automatic")?.id;
    await project.program(`${SECOND}${CLONES}
      const taken = new Snapshot("taken", { serviceName, shareId: process.env.SHARE });
      new ShareClone("small", { serviceName, snapshotId: taken.id, size: 299 });
      new ShareClone("elsewhere", { serviceName: s.serviceName, snapshotId: "${snapshotId}", size: 300 }, { provider: account() });
    `);

    const up = await project.pulumi("up", "--yes", "--continue-on-error");

    expect(up.code).not.toBe(0);
    expect(notices(up)).toEqual([]);
    expect(up.text).toContain(`ShareClone clone: snapshot ${project.env["SNAPSHOT"]}`);
    expect(up.text).toContain("Hold it first with HeldSnapshot.");
    expect(up.text).toContain("needs 300 GiB, the size of its share when it was made. Set size to at least 300.");
    expect(up.text).toContain(`service ${other.serviceName} has no snapshot ${snapshotId} on any of its shares`);
    expect(
      changing(simulator)
        .slice(before)
        .map(({ path }) => path.split("/").at(-1)),
    ).toEqual(["snapshot"]);
    expect(changing(other)).toEqual([]);
    expect([...(await project.state()).keys()]).toEqual(["taken"]);
  });
});
