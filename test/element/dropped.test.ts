import { expect, test } from "./support/test";

test.for([
  ["name", "orders-copy"],
  ["enable512e", false],
] as const)("a clone whose %s the program takes out stays, and keeps it", async ([key, value], { world }) => {
  const clone = world.resource("element:VolumeClone");
  const args = { volumeID: world.database };
  await clone.up({ ...args, [key]: value });
  const { id } = clone;
  expect(await clone.up(args)).toEqual(["update"]);
  expect(clone.id).toBe(id);
  expect(clone.outputs[key]).toBe(value);
  expect(await clone.up(args)).toEqual(["same"]);
  expect(world.calls(/^CloneVolume$/)).toHaveLength(1);
});

test("a snapshot whose name the program takes out stays, and keeps it, also where none can be changed", async ({
  start,
}) => {
  const world = await start({ apiVersion: "11.8" });
  const point = world.resource("element:Snapshot", "point");
  const args = { volumeID: world.database };
  await point.up({ ...args, name: "before the migration" });
  const { id } = point;
  expect(await point.up(args)).toEqual(["update"]);
  expect(point.id).toBe(id);
  expect(point.outputs["name"]).toBe("before the migration");
  expect(world.calls(/^(CreateSnapshot|DeleteSnapshot)$/)).toEqual(["CreateSnapshot"]);
});
