import { optionalText } from "../../simulator/fields";
import { policyRules } from "./body";
import { findPolicy, findService, findSnapshot } from "./lookup";
import { createPolicy, deletePolicy, updatePolicy } from "./policies";
import { type Call, id, input, list, ok, type Route, shareIds, shown } from "./route";
import { createSnapshot, deleteSnapshot, holdSnapshot, listSnapshots, updateSnapshot } from "./snapshots";

const SERVICE = "/storage/netapp/{serviceName}";
const SNAPSHOTS = `${SERVICE}/share/{shareId}/snapshot`;
const SNAPSHOT = `${SNAPSHOTS}/{snapshotId}`;
const POLICIES = `${SERVICE}/snapshotPolicy`;
const POLICY = `${POLICIES}/{snapshotPolicyId}`;

const snapshotIds = (call: Call): [string, string, string] => [...shareIds(call), id(call, "snapshotId")];
const policyIds = (call: Call): [string, string] => [id(call, "serviceName"), id(call, "snapshotPolicyId")];

const snapshotFields = ["id", "type", "status", "createdAt", "path"];
const policyFields = ["id", "createdAt", "isDefault", "status"];

const snapshotRoutes: Route[] = [
  {
    method: "GET",
    path: SNAPSHOTS,
    action: "share/snapshot/get",
    run: (call) => list(call, listSnapshots(call.world, ...shareIds(call)), call.render.snapshot),
  },
  {
    method: "POST",
    path: SNAPSHOTS,
    action: "share/snapshot/create",
    run(call) {
      const fields = input(call, snapshotFields);
      const snapshot = createSnapshot(call.world, ...shareIds(call), {
        name: optionalText(fields, "name") ?? null,
        description: optionalText(fields, "description") ?? null,
      });
      return { status: 201, body: call.render.snapshot(snapshot) };
    },
  },
  {
    method: "GET",
    path: SNAPSHOT,
    action: "share/snapshot/get",
    run: (call) => ok(shown(findSnapshot(call.world, ...snapshotIds(call)), call.render.snapshot)),
  },
  {
    method: "PUT",
    path: SNAPSHOT,
    action: "share/snapshot/edit",
    run(call) {
      const snapshot = findSnapshot(call.world, ...snapshotIds(call));
      const fields = input(call, snapshotFields);
      const description = optionalText(fields, "description");
      updateSnapshot(call.world, snapshot, { name: optionalText(fields, "name"), description });
      return ok(call.render.snapshot(snapshot));
    },
  },
  {
    method: "DELETE",
    path: SNAPSHOT,
    action: "share/snapshot/delete",
    run(call) {
      deleteSnapshot(call.world, ...snapshotIds(call));
      return { status: 202, empty: true };
    },
  },
  {
    method: "POST",
    path: `${SNAPSHOT}/hold`,
    action: "share/snapshot/hold",
    run(call) {
      const held = holdSnapshot(call.world, ...snapshotIds(call));
      return { status: call.world.settings.holdStatus, body: call.render.snapshot(held) };
    },
  },
];

const policyRoutes: Route[] = [
  {
    method: "GET",
    path: POLICIES,
    action: "snapshotPolicy/get",
    run(call) {
      const service = findService(call.world, id(call, "serviceName"));
      const policies = [...call.world.state.policies.values()].filter((policy) => policy.serviceId === service.id);
      return ok(policies.map((policy) => shown(policy, call.render.policy)));
    },
  },
  {
    method: "POST",
    path: POLICIES,
    action: "snapshotPolicy/create",
    run(call) {
      const fields = input(call, policyFields);
      const policy = createPolicy(call.world, id(call, "serviceName"), {
        name: optionalText(fields, "name") ?? null,
        description: optionalText(fields, "description") ?? null,
        rules: policyRules(fields),
      });
      return { status: 201, body: call.render.policy(policy) };
    },
  },
  {
    method: "GET",
    path: POLICY,
    action: "snapshotPolicy/get",
    run: (call) => ok(shown(findPolicy(call.world, ...policyIds(call)), call.render.policy)),
  },
  {
    method: "PUT",
    path: POLICY,
    action: "snapshotPolicy/edit",
    run(call) {
      const policy = findPolicy(call.world, ...policyIds(call));
      const fields = input(call, [...policyFields, "rules"]);
      const description = optionalText(fields, "description");
      updatePolicy(call.world, policy, { name: optionalText(fields, "name"), description });
      return { status: 200, empty: true };
    },
  },
  {
    method: "DELETE",
    path: POLICY,
    action: "snapshotPolicy/delete",
    run(call) {
      deletePolicy(call.world, ...policyIds(call));
      return { status: 202, empty: true };
    },
  },
];

/** Snapshots of a share and snapshot policies of a service. */
export const SNAPSHOT_ROUTES: readonly Route[] = [...snapshotRoutes, ...policyRoutes];
