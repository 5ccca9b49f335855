import { expect } from "vitest";
import { changes, createProject } from "./support/project";
import { test } from "./support/test";

const urn = (kind: string, name: string) => `urn:pulumi:test::e2e::pulumi-nodejs:dynamic/ovh:${kind}::${name}`;

test("what is in no state carries the mark and is taken over; what is being replaced is not", async ({
  project,
  simulator,
}) => {
  const ids = async () => new Map([...(await project.state())].map(([name, { id }]) => [name, id]));
  const atService = () => simulator.model.shares.map(({ id }) => id).filter((id) => id !== simulator.shareId);
  const twins = `
    const first = new Share("first", { serviceName, size: 100 });
    new Share("second", { serviceName, size: 100 });
    new Share("named", { serviceName, size: 100, name: "Named", description: "By hand" });
    new Snapshot("taken", { serviceName, shareId: first.id });
    new ShareAccessRule("rule", { serviceName, shareId: first.id, accessTo: "10.0.5.0/24", accessLevel: "ro" });
  `;
  await project.program(twins);
  expect((await project.up()).code).toBe(0);
  const made = await ids();

  // As a killed run leaves it: everything is there, and the state knows nothing of it.
  for (const [kind, name] of [
    ["ShareAccessRule", "rule"],
    ["Snapshot", "taken"],
    ["Share", "first"],
    ["Share", "named"],
  ] as const) {
    const removed = await project.pulumi("state", "delete", urn(kind, name), "--yes");
    expect(removed.code, removed.text).toBe(0);
  }
  const resumed = await project.up();
  expect(resumed.code, resumed.text).toBe(0);
  expect(await ids()).toEqual(made);
  const told = resumed.diagnostics.filter(({ message }) =>
    message.includes("which an interrupted run made or somebody kept"),
  );
  expect(told.map((line) => line.urn.split("::").at(-1)).toSorted()).toEqual(["first", "named", "rule", "taken"]);
  expect(atService()).toHaveLength(3);

  // Made a moment ago, with the same mark as its successor: only the state tells that it is managed.
  const replaced = await project.up("--replace", urn("Share", "second"));
  expect(replaced.code, replaced.text).toBe(0);
  expect(changes(replaced)).toEqual(["create-replacement second", "replace second", "delete-replaced second"]);
  const targeted = await project.up("--target-replace", urn("Share", "named"));
  expect(targeted.code, targeted.text).toBe(0);
  await project.program(
    twins
      .replace('size: 100, name: "Named"', 'size: 110, name: "Named"')
      .replace('By hand" }', 'By hand" }, { replaceOnChanges: ["size"] }'),
  );
  const onChange = await project.up();
  expect(changes(onChange), onChange.text).toContain("create-replacement named");
  const after = await ids();
  expect(new Set([made.get("second"), made.get("named"), after.get("second"), after.get("named")]).size).toBe(4);
  expect(atService().toSorted()).toEqual([after.get("first"), after.get("second"), after.get("named")].toSorted());
});

test("a resource renamed by alias keeps its object, and the new one of the old name gets its own, also with --target", async ({
  project,
  simulator,
}) => {
  await project.program('new Share("data", { serviceName, size: 100 });');
  await project.up();
  const id = (await project.state()).get("data")?.id;
  const moved = 'new Share("moved", { serviceName, size: 100 }, { aliases: [{ name: "data" }] });';
  await project.program(moved);
  await project.up();
  await project.program(`${moved} new Share("data", { serviceName, size: 100 });`);

  const targeted = await project.up("--target", urn("Share", "data"));
  expect(changes(targeted), targeted.text).toEqual(["create data"]);

  const state = await project.state();
  expect(state.get("moved")?.id).toBe(id);
  expect(state.get("data")?.id).not.toBe(id);
  expect(simulator.model.shares.map((share) => share.id).toSorted()).toEqual(
    [simulator.shareId, id, state.get("data")?.id].toSorted(),
  );

  // Another developer with a state of their own, and equal names: nothing of it is theirs.
  expect((await project.pulumi("state", "delete", urn("Share", "data"), "--yes")).code).toBe(0);
  const other = await createProject({ env: simulator.environment });
  await other.program('new Share("data", { serviceName, size: 100 });');
  expect(changes(await other.up())).toEqual(["create data"]);
  expect(simulator.model.shares).toHaveLength(4);
  expect((await other.state()).get("data")?.id).not.toBe(state.get("data")?.id);
  await other.remove();
});
