import { fail, noAccessGroup, outOfRange } from "./errors";
import type { Call } from "./method";
import type { AccessGroupRecord } from "./records";
import { liveVolume, readAttributes, requireReady } from "./volumeRules";
import type { World } from "./world";

const findGroup = ({ world, params }: Call): AccessGroupRecord => {
  const id = params.integer("volumeAccessGroupID");
  const group = world.state.accessGroups.get(id);
  if (!group) throw noAccessGroup(id);
  return group;
};

/** A group as the API writes it: deleted volumes are members apart (spec 7, 9). */
const render = ({ state }: World, group: AccessGroupRecord) => {
  const isDeleted = (id: number): boolean => state.volumes.get(id)?.status === "deleted";
  return {
    volumeAccessGroupID: group.volumeAccessGroupID,
    name: group.name,
    volumes: group.volumes.filter((id) => !isDeleted(id)),
    deletedVolumes: group.volumes.filter(isDeleted),
    initiatorIDs: group.initiators.map((_, index) => index + 1),
    initiators: group.initiators,
    attributes: group.attributes,
  };
};

const shown = (call: Call, group: AccessGroupRecord) => ({ volumeAccessGroup: render(call.world, group) });

/** A new group. */
export function addAccessGroup(world: World, given: Partial<AccessGroupRecord> & { name: string }): AccessGroupRecord {
  const group = {
    volumes: [],
    initiators: [],
    attributes: {},
    ...given,
    volumeAccessGroupID: world.nextID("accessGroup"),
  };
  world.state.accessGroups.set(group.volumeAccessGroupID, group);
  return group;
}

/** Volumes that may become members: existing ones, ready, in not too many groups. */
const newMembers = (world: World, ids: readonly number[]): number[] => {
  const groups = [...world.state.accessGroups.values()];
  const most = world.settings.limits.volumeAccessGroupsPerVolumeCountMax;
  for (const id of ids) {
    requireReady(world, liveVolume(world, id));
    if (groups.filter((group) => group.volumes.includes(id)).length >= most) {
      throw fail("xExceededLimit", `Volume ${id} is in ${most} volume access groups`);
    }
  }
  return [...new Set(ids)];
};

const readName = ({ world, params }: Call): string => {
  const name = params.text("name");
  const { volumeAccessGroupNameLengthMin: least, volumeAccessGroupNameLengthMax: most } = world.settings.limits;
  if (name.length < least || name.length > most)
    throw outOfRange(world.settings, `name must have ${least} to ${most} characters`);
  return name;
};

/** CreateVolumeAccessGroup. */
export function createVolumeAccessGroup(call: Call): object {
  const { world, params } = call;
  const group = addAccessGroup(world, {
    name: readName(call),
    attributes: readAttributes(world, params) ?? {},
    initiators: params.texts("initiators") ?? [],
    volumes: newMembers(world, params.integers("volumes") ?? []),
  });
  return { volumeAccessGroupID: group.volumeAccessGroupID, ...shown(call, group) };
}

/** ListVolumeAccessGroups. */
export function listVolumeAccessGroups({ world, params }: Call): object {
  const ids = params.integers("volumeAccessGroups");
  const start = params.optionalInteger("startVolumeAccessGroupID") ?? 0;
  const limit = params.optionalInteger("limit") ?? 0;
  const groups = [...world.state.accessGroups.values()].filter(
    ({ volumeAccessGroupID: id }) => id >= start && (ids === undefined || ids.includes(id)),
  );
  return {
    volumeAccessGroups: groups.slice(0, limit === 0 ? undefined : limit).map((group) => render(world, group)),
    volumeAccessGroupsNotFound: ids?.filter((id) => !world.state.accessGroups.has(id)) ?? [],
  };
}

/** ModifyVolumeAccessGroup (spec 9): `volumes` replaces the list. */
export function modifyVolumeAccessGroup(call: Call): object {
  const { world, params } = call;
  const group = findGroup(call);
  const volumes = params.integers("volumes");
  const added =
    volumes &&
    newMembers(
      world,
      volumes.filter((id) => !group.volumes.includes(id)),
    );
  const attributes = readAttributes(world, params);
  const initiators = params.texts("initiators");
  if (params.has("name")) group.name = readName(call);
  if (attributes) group.attributes = attributes;
  if (initiators) group.initiators = initiators;
  if (volumes && added) group.volumes = [...group.volumes.filter((id) => volumes.includes(id)), ...added];
  return shown(call, group);
}

/** AddVolumesToVolumeAccessGroup (spec 9). That one member refuses the whole call is our assumption. */
export function addVolumesToVolumeAccessGroup(call: Call): object {
  const { world, params } = call;
  params.require("volumeAccessGroupID", "volumes");
  const group = findGroup(call);
  const ids = params.integers("volumes") ?? [];
  const member = ids.find((id) => group.volumes.includes(id));
  if (member !== undefined) {
    throw fail(
      "xAlreadyInVolumeAccessGroup",
      `Volume ${member} is in volume access group ${group.volumeAccessGroupID}`,
    );
  }
  const added = newMembers(world, ids);
  const most = world.settings.limits.volumesPerVolumeAccessGroupCountMax;
  if (group.volumes.length + added.length > most) throw fail("xExceededLimit", `A group has at most ${most} volumes`);
  group.volumes = [...group.volumes, ...added];
  return shown(call, group);
}

/** RemoveVolumesFromVolumeAccessGroup (spec 9). */
export function removeVolumesFromVolumeAccessGroup(call: Call): object {
  const { world, params } = call;
  params.require("volumeAccessGroupID", "volumes");
  const group = findGroup(call);
  const ids = params.integers("volumes") ?? [];
  const stranger = ids.find((id) => !group.volumes.includes(id));
  if (stranger !== undefined) {
    if (!world.state.volumes.has(stranger)) liveVolume(world, stranger);
    throw fail(
      "xNotInVolumeAccessGroup",
      `Volume ${stranger} is not in volume access group ${group.volumeAccessGroupID}`,
    );
  }
  group.volumes = group.volumes.filter((id) => !ids.includes(id));
  return shown(call, group);
}
