import type { Call } from "./method";
import { DEFAULT_QOS, renderQoS } from "./qos";
import { iso } from "./render";
import { supportedVersions } from "./versions";

/** GetAPI: versions, and the methods under the name of the current one (spec 2.4). */
export const getAPI =
  (methods: () => string[]) =>
  ({ world }: Call): object => {
    const { apiVersion } = world.settings;
    return { [apiVersion]: methods(), currentVersion: apiVersion, supportedVersions: supportedVersions(apiVersion) };
  };

/** GetLimits (spec 11). */
export function getLimits({ world }: Call): object {
  return { ...world.settings.limits };
}

/** GetClusterInfo (spec 9). Addresses are of the range for documentation (RFC 5737). */
export function getClusterInfo({ world }: Call): object {
  const { clusterUniqueID: uniqueID, clusterUUID: uuid } = world.state;
  return {
    clusterInfo: {
      name: "simulated-element",
      uniqueID,
      uuid,
      mvip: "192.0.2.10",
      mvipInterface: "Bond1G",
      mvipNodeID: 1,
      mvipVlanTag: "0",
      svip: "192.0.2.20",
      svipInterface: "Bond10G",
      svipNodeID: 1,
      svipVlanTag: "0",
      ensemble: ["192.0.2.1"],
      repCount: 2,
      encryptionAtRestState: "disabled",
      softwareEncryptionAtRestState: "disabled",
      supportedProtectionSchemes: ["doubleHelix"],
      enabledProtectionSchemes: ["doubleHelix"],
      defaultProtectionScheme: "doubleHelix",
      attributes: {},
    },
  };
}

/** GetClusterVersionInfo (spec 2.4). The build number is made up. */
export function getClusterVersionInfo({ world }: Call): object {
  const { apiVersion } = world.settings;
  const version = `${apiVersion}.0.1`;
  return {
    clusterAPIVersion: apiVersion,
    clusterVersion: version,
    clusterVersionInfo: [1, 2, 3, 4].map((nodeID) => ({ nodeID, nodeVersion: version, nodeInternalRevision: "0" })),
    softwareVersionInfo: {
      currentVersion: version,
      nodeID: 0,
      packageName: "",
      pendingVersion: version,
      startTime: "",
    },
  };
}

/** GetDefaultQoS (spec 10.1). */
export function getDefaultQoS(_: Call): object {
  return renderQoS(DEFAULT_QOS);
}

/** ListEvents (spec 3.2), newest first. */
export function listEvents({ world, params }: Call): object {
  const most = params.optionalInteger("maxEvents");
  const first = params.optionalInteger("startEventID") ?? 0;
  const last = params.optionalInteger("endEventID") ?? Infinity;
  const type = params.optionalText("eventType");
  const found = world.state.events.filter(
    (event) => event.eventID >= first && event.eventID <= last && (type === undefined || event.eventInfoType === type),
  );
  return {
    eventQueueType: "timeOfReport",
    events: found
      .reverse()
      .slice(0, most)
      .map(({ eventID, eventInfoType, message, details, at }) => ({
        eventID,
        eventInfoType,
        message,
        details,
        severity: 0,
        serviceID: 0,
        nodeID: 0,
        driveID: 0,
        timeOfReport: iso(at),
        timeOfPublish: iso(at),
      })),
  };
}
