import { expect, test } from "vitest";
import { ovhOperations } from "../../../provider/simulators";
import { items, object, type Reply, start, text } from "./fixtures";

const P = "/storage/netapp/{serviceName}";
const ID = "00000000-0000-4000-8000-000000000000";

/** Method, path, IAM action: the published operations that are simulated. */
const SIMULATED: readonly [method: string, path: string, action: string, body?: object][] = [
  ["GET", "/storage/netapp", "get"],
  ["GET", P, "get"],
  ["PUT", P, "edit", { name: "renamed" }],
  ["POST", `${P}/changeContact`, "changeContact", { contactTech: "tech-ovh" }],
  ["POST", `${P}/terminate`, "terminate"],
  ["POST", `${P}/confirmTermination`, "confirmTermination", { token: "{token}" }],
  ["GET", `${P}/serviceInfos`, "serviceInfos/get"],
  ["PUT", `${P}/serviceInfos`, "serviceInfos/edit", { renew: { automatic: false } }],
  ["GET", `${P}/network`, "network/get"],
  ["GET", `${P}/network/{networkId}`, "network/get"],
  ["GET", `${P}/share`, "share/get"],
  ["POST", `${P}/share`, "share/create", { protocol: "NFS", size: 100 }],
  ["GET", `${P}/share/{shareId}`, "share/get"],
  ["PUT", `${P}/share/{shareId}`, "share/edit", { name: "renamed" }],
  ["DELETE", `${P}/share/{emptyShareId}`, "share/delete"],
  ["POST", `${P}/share/{shareId}/extend`, "share/extend", { size: 250 }],
  ["POST", `${P}/share/{shareId}/shrink`, "share/shrink", { size: 150 }],
  ["POST", `${P}/share/{shareId}/revert`, "share/revertToSnapshot", { snapshotID: "{snapshotId}" }],
  ["GET", `${P}/share/{shareId}/accessPath`, "share/accessPath/get"],
  ["GET", `${P}/share/{shareId}/accessPath/{accessPathId}`, "share/accessPath/get"],
  ["GET", `${P}/share/{shareId}/acl`, "share/acl/get"],
  ["POST", `${P}/share/{shareId}/acl`, "share/acl/create", { accessLevel: "ro", accessTo: "10.9.0.1" }],
  ["GET", `${P}/share/{shareId}/acl/{aclRuleId}`, "share/acl/get"],
  ["DELETE", `${P}/share/{shareId}/acl/{aclRuleId}`, "share/acl/delete"],
  ["GET", `${P}/share/{shareId}/snapshot`, "share/snapshot/get"],
  ["POST", `${P}/share/{shareId}/snapshot`, "share/snapshot/create", {}],
  ["GET", `${P}/share/{shareId}/snapshot/{snapshotId}`, "share/snapshot/get"],
  ["PUT", `${P}/share/{shareId}/snapshot/{snapshotId}`, "share/snapshot/edit", { name: "renamed" }],
  ["DELETE", `${P}/share/{shareId}/snapshot/{snapshotId}`, "share/snapshot/delete"],
  ["POST", `${P}/share/{shareId}/snapshot/{automaticId}/hold`, "share/snapshot/hold"],
  ["GET", `${P}/share/{shareId}/snapshotPolicy`, "share/snapshotPolicy/get"],
  ["PUT", `${P}/share/{shareId}/snapshotPolicy`, "share/snapshotPolicy/edit", { snapshotPolicyID: "{policyId}" }],
  ["GET", `${P}/share/{shareId}/snapshotReserve`, "share/snapshotReserve/get"],
  ["PUT", `${P}/share/{shareId}/snapshotReserve`, "share/snapshotReserve/edit", { percent: 10 }],
  ["GET", `${P}/snapshotPolicy`, "snapshotPolicy/get"],
  ["POST", `${P}/snapshotPolicy`, "snapshotPolicy/create", { rules: [] }],
  ["GET", `${P}/snapshotPolicy/{policyId}`, "snapshotPolicy/get"],
  ["PUT", `${P}/snapshotPolicy/{policyId}`, "snapshotPolicy/edit", { name: "renamed" }],
  ["DELETE", `${P}/snapshotPolicy/{policyId}`, "snapshotPolicy/delete"],
];

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

/** A simulator with one object of each kind, and how to put their ids into a path or body. */
const prepare = async () => {
  const world = await start();
  const { client, simulator, model } = world;
  const id = (reply: Reply, index = 0): string => text(items(reply)[index] ?? {}, "id");
  const shareId = await client.newShare({ size: 200 });
  await client.service("POST", `/share/${shareId}/acl`, { accessLevel: "ro", accessTo: "10.8.0.1" });
  const automaticId = model.takeAutomaticSnapshot(shareId).id;
  const snapshotId = await client.newSnapshot(shareId);
  await client.service("POST", "/terminate");
  const ids: Record<string, string> = {
    serviceName: simulator.serviceName,
    networkId: id(await client.service("GET", "/network")),
    shareId,
    emptyShareId: await client.newShare(),
    accessPathId: id(await client.service("GET", `/share/${shareId}/accessPath`)),
    aclRuleId: id(await client.service("GET", `/share/${shareId}/acl`)),
    snapshotId,
    automaticId,
    policyId: text(object(await client.service("POST", "/snapshotPolicy", { rules: [] })), "id"),
    shareReplicationId: ID,
    token: model.services[0]?.administration.termination?.token ?? "",
  };
  const filled = (template: string): string => template.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? "");
  return { ...world, filled };
};

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
