import { expect, test } from "vitest";
import { ovhOperations } from "../../../provider/simulators";
import { P, prepare, SIMULATED } from "./operations";

/** The other published ones. */
const MISSING: readonly [method: string, path: string][] = [
  ["GET", `${P}/metricsToken`],
  ["GET", `${P}/shareReplication`],
  ["POST", `${P}/shareReplication`],
  ["GET", `${P}/shareReplication/{shareReplicationId}`],
  ["DELETE", `${P}/shareReplication/{shareReplicationId}`],
  ["POST", `${P}/shareReplication/{shareReplicationId}/accept`],
  ["POST", `${P}/shareReplication/{shareReplicationId}/cutover`],
  ["GET", `${P}/shareReplicationServicesCompatibility`],
];

test("covers all 47 published operations, simulated or not", () => {
  expect(SIMULATED.length + MISSING.length).toBe(47);
  const published = (path: string) =>
    path.replace("{emptyShareId}", "{shareId}").replace("{automaticId}", "{snapshotId}");
  const placeholder = (path: string) =>
    published(path).replace("/snapshotPolicy/{policyId}", "/snapshotPolicy/{snapshotPolicyId}");
  const expected = SIMULATED.map(([method, path, action]) => ({
    method,
    path: placeholder(path),
    action: `storageNetApp:apiovh:${action}`,
  }));
  const byName = (one: { method: string; path: string }, other: { method: string; path: string }) =>
    `${one.path} ${one.method}` < `${other.path} ${other.method}` ? -1 : 1;
  expect([...ovhOperations].sort(byName)).toEqual(expected.sort(byName));
});

test.each(SIMULATED)("%s %s works with the action %s and is refused without it", async (method, path, action, body) => {
  const { client, model, simulator, filled } = await prepare();
  const sent = body === undefined ? undefined : JSON.parse(filled(JSON.stringify(body)));
  const stateOf = () => JSON.stringify([model.services, model.shares, model.snapshots, model.policies]);
  const before = stateOf();
  model.deniedActions.add(action);
  const refused = await client.call(method, filled(path), sent);
  expect(refused.status).toBe(403);
  expect(refused.body).toMatchObject({
    class: "Client::Forbidden",
    details: { unauthorizedActionsByIAM: `storageNetApp:apiovh:${action}` },
  });
  expect(stateOf()).toBe(before);
  model.deniedActions.clear();
  const done = await client.call(method, filled(path), sent);
  expect([200, 201, 202]).toContain(done.status);
  expect(simulator.unmatched).toEqual([]);
});

test.each(MISSING)("%s %s answers 501 and is recorded", async (method, path) => {
  const { client, simulator, filled } = await prepare();
  expect((await client.call(method, filled(path), method === "GET" ? undefined : {})).status).toBe(501);
  expect(simulator.unmatched).toEqual([`${method} /1.0${filled(path)}`]);
});
