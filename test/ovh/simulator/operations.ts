import { items, object, type Reply, start, text } from "./fixtures";

/** Prefix of the calls about one service. */
export const P = "/storage/netapp/{serviceName}";
const UNKNOWN = "00000000-0000-4000-8000-000000000000";

/** Method, path, IAM action: the published operations that are simulated. */
export const SIMULATED: readonly [method: string, path: string, action: string, body?: object][] = [
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

/** A simulator with one object of each kind, and how to put their ids into a path or body. */
export const prepare = async () => {
  const world = await start();
  const { client, simulator, model } = world;
  const id = (reply: Reply, index = 0): string => text(items(reply)[index] ?? {}, "id");
  const shareId = await client.newShare({ size: 200 });
  await client.service("POST", `/share/${shareId}/acl`, { accessLevel: "ro", accessTo: "10.8.0.1" });
  const automaticId = model.takeAutomaticSnapshot(shareId).id;
  const snapshotId = await client.newSnapshot(shareId);
  model.setUsedGiB(shareId, 10); // what a revert takes back
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
    shareReplicationId: UNKNOWN,
    token: model.services[0]?.administration.termination?.token ?? "",
  };
  const filled = (template: string): string => template.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? "");
  return { ...world, filled };
};
