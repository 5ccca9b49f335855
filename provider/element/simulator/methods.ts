import { addAccount, getAccountByID, getAccountByName, listAccounts } from "./accounts";
import { cancelClone, cloneVolume, copyVolume, getAsyncResult, listAsyncResults, listSyncJobs } from "./cloning";
import { getAPI, getClusterInfo, getClusterVersionInfo, getDefaultQoS, getLimits, listEvents } from "./cluster";
import {
  addVolumesToVolumeAccessGroup,
  createVolumeAccessGroup,
  listVolumeAccessGroups,
  modifyVolumeAccessGroup,
  removeVolumesFromVolumeAccessGroup,
} from "./groups";
import type { Method } from "./method";
import { createQoSPolicy, getQoSPolicy, listQoSPolicies } from "./qos";
import { createSnapshot, deleteSnapshot, listSnapshots, modifySnapshot, rollbackToSnapshot } from "./snapshots";
import {
  createVolume,
  deleteVolume,
  getVolumeCount,
  listActiveVolumes,
  listDeletedVolumes,
  listVolumes,
  listVolumesForAccount,
  modifyVolume,
  purgeDeletedVolume,
  restoreDeletedVolume,
} from "./volumes";

const method = (since: string, params: string, run: Method["run"]): Method => ({ since, params, run });

/** Parameters that several methods share. */
const QOS = "qos qosPolicyID@10.0 associateWithQoSPolicy@10.0";
const FIFO = "fifoSize@12.3 minFifoSize@12.3 dontMoveForIopsRebalance@12.8";
const SNAPSHOT = "enableRemoteReplication@8.0 snapMirrorLabel@10.0";

/** All methods that are simulated, with the versions of spec 2.4; where it names none, our assumption is 1.0 or the object's age. */
export const METHODS: Readonly<Record<string, Method>> = {
  CloneVolume: method(
    "1.0",
    "volumeID name access attributes@6.0 enable512e enableSnapMirrorReplication@10.0 newAccountID newSize snapshotID",
    cloneVolume,
  ),
  CopyVolume: method("9.0", "volumeID dstVolumeID snapshotID", copyVolume),
  CancelClone: method("9.0", "cloneID", cancelClone),
  GetAsyncResult: method("1.0", "asyncHandle keepResult", getAsyncResult),
  ListAsyncResults: method("9.0", "asyncResultTypes", listAsyncResults),
  ListSyncJobs: method("1.0", "", listSyncJobs),
  ListVolumes: method(
    "8.0",
    "accounts startVolumeID limit volumeIDs volumeName volumeStatus isPaired includeVirtualVolumes@9.0 protectionSchemes",
    listVolumes,
  ),
  ListActiveVolumes: method("1.0", "startVolumeID limit includeVirtualVolumes@9.0", listActiveVolumes),
  ListDeletedVolumes: method("1.0", "includeVirtualVolumes@9.0", listDeletedVolumes),
  ListVolumesForAccount: method("1.0", "accountID includeVirtualVolumes@9.0", listVolumesForAccount),
  GetVolumeCount: method("1.0", "", getVolumeCount),
  CreateVolume: method(
    "1.0",
    `name accountID totalSize enable512e attributes ${QOS} access@10.0 enableSnapMirrorReplication@10.0 ${FIFO}`,
    createVolume,
  ),
  ModifyVolume: method(
    "1.0",
    `volumeID access accountID attributes totalSize ${QOS} enableSnapMirrorReplication@10.1 setCreateTime createTime ${FIFO} mode`,
    modifyVolume,
  ),
  DeleteVolume: method("1.0", "volumeID", deleteVolume),
  PurgeDeletedVolume: method("1.0", "volumeID", purgeDeletedVolume),
  RestoreDeletedVolume: method("1.0", "volumeID", restoreDeletedVolume),
  CreateSnapshot: method(
    "6.0",
    `volumeID snapshotID name retention@8.0 expirationTime attributes ${SNAPSHOT} ensureSerialCreation@12.2`,
    createSnapshot,
  ),
  ListSnapshots: method("6.0", "volumeID snapshotID", listSnapshots),
  // "name only in recent docs": from which version on is our assumption
  ModifySnapshot: method("8.0", `snapshotID expirationTime name@12.5 ${SNAPSHOT}`, modifySnapshot),
  DeleteSnapshot: method("6.0", "snapshotID overrideSnapMirrorHold@10.0", deleteSnapshot),
  RollbackToSnapshot: method("6.0", "volumeID snapshotID saveCurrentState name attributes", rollbackToSnapshot),
  GetAPI: method(
    "1.0",
    "",
    getAPI(() => Object.keys(METHODS).sort()),
  ),
  GetLimits: method("1.0", "", getLimits),
  GetClusterInfo: method("1.0", "", getClusterInfo),
  GetClusterVersionInfo: method("1.0", "", getClusterVersionInfo),
  GetDefaultQoS: method("1.0", "", getDefaultQoS),
  CreateQoSPolicy: method("10.0", "name qos", createQoSPolicy),
  ListQoSPolicies: method("10.0", "", listQoSPolicies),
  GetQoSPolicy: method("10.0", "qosPolicyID", getQoSPolicy),
  ListAccounts: method("1.0", "startAccountID limit includeStorageContainers@9.0", listAccounts),
  GetAccountByID: method("1.0", "accountID", getAccountByID),
  GetAccountByName: method("1.0", "username", getAccountByName),
  AddAccount: method("1.0", "username initiatorSecret targetSecret attributes enableChap@12.2", addAccount),
  ListVolumeAccessGroups: method("5.0", "startVolumeAccessGroupID limit volumeAccessGroups", listVolumeAccessGroups),
  CreateVolumeAccessGroup: method("5.0", "name initiators volumes attributes", createVolumeAccessGroup),
  ModifyVolumeAccessGroup: method(
    "5.0",
    "volumeAccessGroupID name initiators volumes attributes",
    modifyVolumeAccessGroup,
  ),
  AddVolumesToVolumeAccessGroup: method("5.0", "volumeAccessGroupID volumes", addVolumesToVolumeAccessGroup),
  RemoveVolumesFromVolumeAccessGroup: method("5.0", "volumeAccessGroupID volumes", removeVolumesFromVolumeAccessGroup),
  ListEvents: method("1.0", "maxEvents startEventID endEventID eventType", listEvents),
};

/** Names of all methods that the Element simulator knows; fit `method` of a fault. */
export const elementMethods: readonly string[] = Object.keys(METHODS);
