/**
 * Local simulators of the storage services, for tests, demonstrations and previews without credentials.
 *
 * A simulator has some calls of its own beside the API, for other processes than the one that started it. They lie below
 * `/simulator/` on its host and port and need no credentials, but the header `X-Holdfast-Simulator: 1`, which keeps web pages away.
 * Bodies are JSON unless said otherwise; calls without a result answer 204, an id that nothing has 404, a wrong body 400.
 *
 * Of every simulator:
 *
 * - `GET /simulator/calls`, `GET /simulator/unmatched`: what was called
 * - `POST /simulator/clock` with `{"advanceMs": 3600000}`: as `advanceClock`
 *
 * Looking at OVHcloud's:
 *
 * - `GET /simulator/state`: services, shares, snapshots and snapshot policies as the API writes them, with what it does not show
 *   (used space, sizes of snapshots, the token of a termination), the model's time and the denied actions; no credentials
 * - `GET /simulator/shares/{id}/files`, `GET /simulator/snapshots/{id}/files`: path to content
 *
 * Reaching behind OVHcloud's API:
 *
 * - `GET` or `PUT /simulator/shares/{id}/files/{path}`: one file as text; `GET` also below `/simulator/snapshots/{id}`
 * - `POST /simulator/shares/{id}/used` with `{"usedGiB": 120}`: as `setUsedGiB`
 * - `POST /simulator/shares/{id}/automatic-snapshots`: as `takeAutomaticSnapshot`; answers 201 with the snapshot
 * - `POST /simulator/shares/{id}/system-snapshots`, perhaps with `{"name": "backup"}`: as `takeSystemSnapshot`; answers 201
 * - `POST /simulator/snapshots/{id}/rotate-away`: as `rotateAway`
 * - `POST /simulator/services` with `{"name": "second", "quotaGiB": 2048}`: as `addService`; answers 201 with the service
 * - `POST /simulator/services/{id}/network-status` with `{"status": "to_configure"}`: as `setNetworkStatus`
 * - `POST /simulator/services/{id}/tags` with `{"env": "prod"}`: as `setServiceTags`
 * - `POST /simulator/services/{id}/accept-contacts`: as `acceptContactChanges`
 * - `POST /simulator/objects/{id}/status` with `{"status": "suspended"}`: as `setStatus`, for services, shares, snapshots, access
 *   rules and policies
 * - `POST /simulator/objects/{id}/release`: as `release`
 * - `POST /simulator/permissions` with `{"deny": ["share/create"], "allow": ["share/delete"]}`: changes `deniedActions`; answers the
 *   list of those denied now
 * - `POST /simulator/steering` with `{"kind": "cloneShare", "outcome": "stuck"}`: as `steer`
 * - `POST /simulator/throttling` with `{"requestsPerSecond": 20, "retryAfter": false}`: as the options of these names; without a
 *   number it takes any number of calls
 *
 * Looking at Element's, and reaching behind its API:
 *
 * - `GET /simulator/state`: volumes, also hidden ones, snapshots, accounts, access groups, QoS policies, jobs and handles as the API
 *   writes them, the model's time, the fullness and the access types; no credentials, no secrets
 * - `GET /simulator/volumes/{id}/blocks`, `GET /simulator/snapshots/{id}/blocks`: number of a block to its text
 * - `GET` or `PUT /simulator/volumes/{id}/blocks/{number}`: one block as text; `GET` also below `/simulator/snapshots/{id}`
 * - `PUT /simulator/volumes/{id}` with `{"access": "readOnly"}`: as `setVolume`, with the API's names; answers the volume
 * - `DELETE /simulator/volumes/{id}`: as `removeVolume`
 * - `POST /simulator/volumes/{id}/pair`: as `pairVolume`
 * - `POST /simulator/clones/{id}/release`: as `release`, by the cloneID
 * - `DELETE /simulator/handles/{id}`: as `forgetHandle`
 * - `POST /simulator/steering` with `{"outcome": "failed", "error": {"name": "xNotPrimary", "message": "no"}}`: as `steerClone`;
 *   `times` may be `"always"`
 * - `POST /simulator/permissions` with `{"adminAccess": ["read"]}`: as `adminAccess`; answers the list
 * - `POST /simulator/fullness` with `{"stage": "stage4Critical"}`: as `setFullness`
 *
 * Faults, with every simulator:
 *
 * - `POST /simulator/faults` with a `FaultOrder`, for example `{"method": "POST", "path": "/storage/netapp/{serviceName}/share",
 *   "fault": {"kind": "status", "status": 429, "retryAfter": 2}}`; answers 201 with its number `id`. Instead of `path`, `pathRegex`
 *   holds the source of an expression; `times` may be `"always"`. A fault of kind `mutate` has a list of changes, and one of kind
 *   `interfere` makes one of the calls above first: `{"kind": "interfere", "call": {"method": "POST",
 *   "path": "/simulator/snapshots/{id}/rotate-away"}}` with the snapshot's id
 * - the same with an `ElementFaultOrder`, for example `{"method": "CloneVolume", "fault": {"kind": "error",
 *   "name": "xDBConnectionLoss", "apply": true}}`
 * - `GET /simulator/faults`: those that still wait, with their numbers
 * - `DELETE /simulator/faults`, `DELETE /simulator/faults/{id}`: takes all or one back
 *
 * @module pulumi-holdfast/simulators
 */

export type { ElementFault, ElementFaultOrder, ElementFaults } from "./element/simulator/faults";
export type { Steering as ElementSteering } from "./element/simulator/jobs";
export { elementMethods } from "./element/simulator/methods";
export type { ElementModel } from "./element/simulator/model";
export {
  type ElementCall,
  type ElementLimits,
  type ElementRefusals,
  type ElementSimulatorOptions,
  type ElementSwitches,
  LIMITS as ELEMENT_LIMITS,
  REFUSALS as ELEMENT_REFUSALS,
} from "./element/simulator/options";
export {
  ACCESS_TYPES as ELEMENT_ACCESS_TYPES,
  type AccessType as ElementAccessType,
} from "./element/simulator/permissions";
export {
  type AccessGroupRecord as ElementAccessGroupRecord,
  type AccountRecord as ElementAccountRecord,
  type Blocks as ElementBlocks,
  type ElementCredentials,
  type EventRecord as ElementEventRecord,
  type Fullness as ElementFullness,
  type HandleRecord as ElementHandleRecord,
  type JobError as ElementJobError,
  type JobRecord as ElementJobRecord,
  type QoSNumbers as ElementQoSNumbers,
  type QoSPolicyRecord as ElementQoSPolicyRecord,
  type SnapshotRecord as ElementSnapshotRecord,
  STAGES as ELEMENT_STAGES,
  type VolumeRecord as ElementVolumeRecord,
} from "./element/simulator/records";
export { type ElementSimulator, simulateElement } from "./element/simulator/server";
export type { CredentialTrouble, OvhCredentials, SignedRequest } from "./ovh/simulator/credentials";
export type { Fault, FaultOrder, Faults, PendingFault } from "./ovh/simulator/faults";
export type { OvhModel } from "./ovh/simulator/model";
export { type OvhOperation, ovhOperations } from "./ovh/simulator/operations";
export type { OvhCall, OvhSimulatorOptions, OvhSwitches, RefusalStatuses } from "./ovh/simulator/options";
export { type Steering, TRANSITION_KINDS, type TransitionKind } from "./ovh/simulator/progress";
export type {
  AccessPathRecord,
  AccessRule,
  AclRuleRecord,
  AdministrationRecord,
  ConsumerKeyRecord,
  ContactsRecord,
  ContactTaskRecord,
  Files,
  Moving,
  NetworkRecord,
  Outcome,
  Phase,
  PolicyRecord,
  PolicyRule,
  Progress,
  RenewRecord,
  Schedule,
  ServiceRecord,
  ShareRecord,
  SnapshotRecord,
} from "./ovh/simulator/records";
export {
  type OvhSimulator,
  type OvhSimulatorCredentials,
  simulateOvh,
} from "./ovh/simulator/server";
export type { Throttling } from "./ovh/simulator/throttling";
export type { BodyChange } from "./simulator/bodyPatch";
export type { CommonFault, CommonOrder, FaultQueue, PendingOrder } from "./simulator/faults";
