import { expect, test } from "vitest";
import { items, start } from "./fixtures";

const group = (volumes: number[], volumeAccessGroupID = 22) => ({ volumeAccessGroupID, volumes });

test("adds volumes to a group and takes them out, and says so when nothing is to be done", async () => {
  const { client, model } = await start();
  const { volumeID } = model.addVolume("other");
  expect(await client.call("AddVolumesToVolumeAccessGroup", group([1, volumeID]))).toMatchObject({
    volumeAccessGroup: { volumeAccessGroupID: 22, name: "test-hosts", volumes: [1, 2], deletedVolumes: [] },
  });
  expect(await client.volume(1)).toMatchObject({ volumeAccessGroups: [21, 22] });
  expect(await client.error("AddVolumesToVolumeAccessGroup", group([1]))).toMatch(/^xAlreadyInVolumeAccessGroup/);
  expect(await client.call("RemoveVolumesFromVolumeAccessGroup", group([1]))).toMatchObject({
    volumeAccessGroup: { volumes: [2] },
  });
  expect(await client.error("RemoveVolumesFromVolumeAccessGroup", group([1]))).toMatch(/^xNotInVolumeAccessGroup/);
});

test.each(["AddVolumesToVolumeAccessGroup", "RemoveVolumesFromVolumeAccessGroup"])(
  "%s knows its groups and volumes",
  async (method) => {
    const { client } = await start();
    expect(await client.error(method, group([1], 99))).toMatch(/^xVolumeAccessGroupIDDoesNotExist/);
    expect(await client.error(method, group([99]))).toMatch(/^xVolumeIDDoesNotExist/);
    expect(await client.error(method, { volumeAccessGroupID: 22 })).toBe("xMissingParameter: Missing member=[volumes]");
  },
);

test("a group can be made, and its list of volumes replaced", async () => {
  const { client, model } = await start();
  const { volumeID } = model.addVolume("other");
  const made = await client.call("CreateVolumeAccessGroup", { name: "new", volumes: [1], initiators: ["iqn.x"] });
  expect(made).toMatchObject({
    volumeAccessGroupID: 23,
    volumeAccessGroup: { name: "new", volumes: [1], initiators: ["iqn.x"], initiatorIDs: [1] },
  });
  expect(await client.call("ModifyVolumeAccessGroup", { ...group([volumeID], 23), name: "named" })).toMatchObject({
    volumeAccessGroup: { name: "named", volumes: [2], initiators: ["iqn.x"] },
  });
  const found = await client.call("ListVolumeAccessGroups", { volumeAccessGroups: [23, 99] });
  expect(found).toMatchObject({ volumeAccessGroups: [{ name: "named" }], volumeAccessGroupsNotFound: [99] });
  const paged = await client.call("ListVolumeAccessGroups", { startVolumeAccessGroupID: 22, limit: 1 });
  expect(items(paged, "volumeAccessGroups")).toMatchObject([{ name: "test-hosts" }]);
});

test("there is a limit of groups for a volume, and of volumes for a group", async () => {
  const limits = { volumeAccessGroupsPerVolumeCountMax: 1, volumesPerVolumeAccessGroupCountMax: 1 };
  const { client, model } = await start({ limits });
  expect(await client.error("AddVolumesToVolumeAccessGroup", group([1]))).toMatch(/^xExceededLimit/);
  const { volumeID } = model.addVolume("other");
  expect(await client.error("AddVolumesToVolumeAccessGroup", group([volumeID], 21))).toMatch(/^xExceededLimit/);
});

test("quality of service: numbers or a policy, bounds and order, computed members", async () => {
  const { client, model } = await start();
  expect(await client.call("GetDefaultQoS")).toMatchObject({ minIOPS: 50, burstTime: 60, curve: { 8192: 160 } });
  const modify = (params: Record<string, unknown>) => client.call("ModifyVolume", { volumeID: 1, ...params });
  const refused = (params: Record<string, unknown>) => client.error("ModifyVolume", { volumeID: 1, ...params });
  const made = await client.call("CreateQoSPolicy", { name: "gold", qos: { minIOPS: 200, maxIOPS: "300" } });
  expect(made).toMatchObject({
    qosPolicy: { qosPolicyID: 32, qos: { minIOPS: 200, maxIOPS: 300, burstIOPS: 15_000 } },
  });
  expect(await modify({ qosPolicyID: 32 })).toMatchObject({ volume: { qosPolicyID: 32, qos: { maxIOPS: 300 } } });
  expect(await client.call("GetQoSPolicy", { qosPolicyID: 32 })).toMatchObject({ qosPolicy: { volumeIDs: [1] } });
  // the numbers stay
  expect(await modify({ associateWithQoSPolicy: false })).toMatchObject({
    volume: { qosPolicyID: null, qos: { minIOPS: 200 } },
  });
  await modify({ qosPolicyID: 32 });
  expect(await modify({ qos: { minIOPS: 100 } })).toMatchObject({
    volume: { qosPolicyID: null, qos: { minIOPS: 100, maxIOPS: 300 } },
  });
  expect(await refused({ qosPolicyID: 99 })).toMatch(/^xQoSPolicyDoesNotExist/);
  expect(await refused({ qosPolicyID: 31, qos: {} })).toMatch(/^xInvalidParameter: .*exclude/);
  expect(await refused({ qos: { minIOPS: 49 } })).toMatch(/^xExceededLimit: minIOPS/);
  expect(await refused({ qos: { burstIOPS: 200_001 } })).toMatch(/^xExceededLimit: burstIOPS/);
  expect(await refused({ qos: { maxIOPS: "many" } })).toMatch(/^xInvalidParameterType: maxIOPS/);
  expect(await refused({ qos: { minIOPS: 400 } })).toMatch(/^xInvalidParameter: minIOPS/);
  model.addQoSPolicy("third");
  const all = items(await client.call("ListQoSPolicies"), "qosPolicies");
  expect(all.map((policy) => policy["name"])).toEqual(["test", "gold", "third"]);
});

test("accounts by id and by name, with their volumes", async () => {
  const { client } = await start();
  const accounts = items(await client.call("ListAccounts"), "accounts");
  expect(accounts).toMatchObject([
    { accountID: 11, username: "production", volumes: [1], status: "active" },
    { accountID: 12, username: "test", volumes: [] },
  ]);
  expect(items(await client.call("ListAccounts", { startAccountID: 12 }), "accounts").length).toBe(1);
  expect(await client.call("GetAccountByName", { username: "test" })).toMatchObject({ account: { accountID: 12 } });
  expect(await client.call("GetAccountByID", { accountID: 11 })).toMatchObject({ account: { username: "production" } });
  expect(await client.error("GetAccountByName", { username: "nobody" })).toBe("xUnknownAccount: xUnknownAccount");
  expect(await client.error("GetAccountByID", { accountID: 99 })).toBe("xAccountIDDoesNotExist: Illegal AccountID 99");
  const secrets = { initiatorSecret: "initiator123", targetSecret: "target123456" };
  expect(await client.call("AddAccount", { username: "new", ...secrets })).toMatchObject({
    accountID: 13,
    account: secrets,
  });
  expect(await client.error("AddAccount", { username: "new" })).toMatch(/^xDuplicateUsername/);
});

test("tells about the cluster", async () => {
  const { client } = await start({ apiVersion: "12.3", clusterUniqueID: "abcd" });
  client.version = "12.3";
  const api = await client.call("GetAPI");
  expect(api).toMatchObject({ currentVersion: "12.3", "12.3": expect.arrayContaining(["CloneVolume", "GetAPI"]) });
  expect(api["supportedVersions"]).toEqual(expect.arrayContaining(["1.0", "7.4", "9.6", "12.3"]));
  expect(api["supportedVersions"]).not.toContain("12.4");
  expect(await client.call("GetClusterInfo")).toMatchObject({
    clusterInfo: { uniqueID: "abcd", uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  });
  expect(await client.call("GetClusterVersionInfo")).toMatchObject({ clusterAPIVersion: "12.3" });
  expect(await client.call("GetLimits")).toMatchObject({ volumeSizeMin: 1e9, snapshotsPerVolumeMax: 32 });
});
