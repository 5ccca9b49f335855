import { choice, integer, optionalText, requiredText } from "../../simulator/fields";
import { createRule, deleteRule, findAccessPath, findRule, listAccessPaths } from "./access";
import { uuid } from "./body";
import { findService, findShare } from "./lookup";
import { associatePolicy, setReserve } from "./policies";
import { id, input, list, ok, type Route, shareIds, shown } from "./route";
import { createShare, deleteShare, extendShare, shrinkShare, updateShare } from "./shares";
import { revertShare } from "./snapshots";

const SERVICE = "/storage/netapp/{serviceName}";
const SHARE = `${SERVICE}/share/{shareId}`;

const shareFields = ["id", "createdAt", "status", "accessMode"];

const shareRoutes: Route[] = [
  {
    method: "GET",
    path: `${SERVICE}/share`,
    action: "share/get",
    run(call) {
      const service = findService(call.world, id(call, "serviceName"));
      const mountPointName = call.query.get("mountPointName");
      // python-ovh writes a missing value as the text "null"
      const wanted = mountPointName === "null" || mountPointName === "" ? null : mountPointName;
      const shares = [...call.world.state.shares.values()].filter(
        (share) => share.serviceId === service.id && (wanted === null || share.mountPointName === wanted),
      );
      return list(call, shares, call.render.share);
    },
  },
  {
    method: "POST",
    path: `${SERVICE}/share`,
    action: "share/create",
    run(call) {
      const fields = input(call, shareFields);
      choice(fields, "protocol", ["NFS"]);
      const share = createShare(call.world, id(call, "serviceName"), {
        name: optionalText(fields, "name") ?? null,
        description: optionalText(fields, "description") ?? null,
        size: integer(fields, "size"),
        snapshotId: optionalText(fields, "snapshotID")?.toLowerCase() ?? "",
        mountPointName: optionalText(fields, "mountPointName") || null,
      });
      // 201 (OVHcloud guide: clone a volume)
      return { status: 201, body: call.render.share(share) };
    },
  },
  {
    method: "GET",
    path: SHARE,
    action: "share/get",
    run: (call) => ok(shown(findShare(call.world, ...shareIds(call)), call.render.share)),
  },
  {
    method: "PUT",
    path: SHARE,
    action: "share/edit",
    run(call) {
      const share = findShare(call.world, ...shareIds(call));
      const fields = input(call, [...shareFields, "size", "protocol", "snapshotID", "mountPointName"]);
      const description = optionalText(fields, "description");
      updateShare(call.world, share, { name: optionalText(fields, "name"), description });
      return ok(call.render.share(share));
    },
  },
  {
    method: "DELETE",
    path: SHARE,
    action: "share/delete",
    run(call) {
      deleteShare(call.world, ...shareIds(call));
      return { status: 202, empty: true };
    },
  },
  {
    method: "POST",
    path: `${SHARE}/extend`,
    action: "share/extend",
    run(call) {
      extendShare(call.world, ...shareIds(call), integer(input(call), "size"));
      return { status: 202, empty: true };
    },
  },
  {
    method: "POST",
    path: `${SHARE}/shrink`,
    action: "share/shrink",
    run(call) {
      shrinkShare(call.world, ...shareIds(call), integer(input(call), "size"));
      return { status: 202, empty: true };
    },
  },
  {
    method: "POST",
    path: `${SHARE}/revert`,
    // the action has another name than the path
    action: "share/revertToSnapshot",
    run(call) {
      revertShare(call.world, ...shareIds(call), uuid(input(call)["snapshotID"], "snapshotID"));
      // 202 (OVHcloud guide: revert)
      return { status: 202, empty: true };
    },
  },
];

const accessRoutes: Route[] = [
  {
    method: "GET",
    path: `${SHARE}/accessPath`,
    action: "share/accessPath/get",
    run: (call) => ok(listAccessPaths(call.world, ...shareIds(call)).map(call.render.accessPath)),
  },
  {
    method: "GET",
    path: `${SHARE}/accessPath/{accessPathId}`,
    action: "share/accessPath/get",
    run: (call) => ok(call.render.accessPath(findAccessPath(call.world, ...shareIds(call), id(call, "accessPathId")))),
  },
  {
    method: "GET",
    path: `${SHARE}/acl`,
    action: "share/acl/get",
    run: (call) => ok(findShare(call.world, ...shareIds(call)).rules.map((rule) => shown(rule, call.render.rule))),
  },
  {
    method: "POST",
    path: `${SHARE}/acl`,
    action: "share/acl/create",
    run(call) {
      const fields = input(call, ["id", "accessType", "status", "createdAt"]);
      const rule = createRule(call.world, ...shareIds(call), {
        accessLevel: choice(fields, "accessLevel", ["ro", "rw"]),
        accessTo: requiredText(fields, "accessTo"),
      });
      return { status: 201, body: call.render.rule(rule) };
    },
  },
  {
    method: "GET",
    path: `${SHARE}/acl/{aclRuleId}`,
    action: "share/acl/get",
    run: (call) => ok(shown(findRule(call.world, ...shareIds(call), id(call, "aclRuleId")), call.render.rule)),
  },
  {
    method: "DELETE",
    path: `${SHARE}/acl/{aclRuleId}`,
    action: "share/acl/delete",
    run(call) {
      deleteRule(call.world, ...shareIds(call), id(call, "aclRuleId"));
      return { status: 202, empty: true };
    },
  },
];

const settingRoutes: Route[] = [
  {
    method: "GET",
    path: `${SHARE}/snapshotPolicy`,
    action: "share/snapshotPolicy/get",
    run(call) {
      const share = findShare(call.world, ...shareIds(call));
      return ok(shown(share.policy, () => call.render.sharePolicy(share)));
    },
  },
  {
    method: "PUT",
    path: `${SHARE}/snapshotPolicy`,
    action: "share/snapshotPolicy/edit",
    run(call) {
      associatePolicy(call.world, ...shareIds(call), uuid(input(call)["snapshotPolicyID"], "snapshotPolicyID"));
      return { status: 202, empty: true };
    },
  },
  {
    method: "GET",
    path: `${SHARE}/snapshotReserve`,
    action: "share/snapshotReserve/get",
    run(call) {
      const share = findShare(call.world, ...shareIds(call));
      return ok(shown(share.reserve, () => call.render.shareReserve(share)));
    },
  },
  {
    method: "PUT",
    path: `${SHARE}/snapshotReserve`,
    action: "share/snapshotReserve/edit",
    run(call) {
      setReserve(call.world, ...shareIds(call), integer(input(call), "percent"));
      return { status: 202, empty: true };
    },
  },
];

/** Shares and what belongs to a share, except snapshots. */
export const SHARE_ROUTES: readonly Route[] = [...shareRoutes, ...accessRoutes, ...settingRoutes];
