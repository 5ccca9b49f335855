import { expect } from "vitest";
import { test } from "./support/test";

test("versions of the API that a cluster tells as numbers are used as it has them", async ({ start }) => {
  const world = await start({ apiVersion: "12.0" });
  const change = [
    { path: "/currentVersion", value: 12.0 },
    { path: "/supportedVersions", value: [9.0, 11.3, 12.0] },
  ];
  world.simulator.faults.add({ method: "GetAPI", fault: { kind: "mutate", change } });
  const { element } = world.nextProcess({ account: { apiVersion: "12.0" } });
  expect(await element.volumes.recent(0)).toHaveLength(1);
  expect(await element.currentVersion()).toBe("12.0");
});
