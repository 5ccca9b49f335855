/**
 * Local simulators of the storage services, for tests, demonstrations and previews without credentials.
 *
 * A simulator has some calls of its own beside the API, for other processes than the one that started it. They lie below
 * `/simulator/` on its host and port and need no credentials, but the header `X-Holdfast-Simulator: 1`, which keeps web pages away:
 *
 * - `GET /simulator/shares/{id}/files`, `GET /simulator/snapshots/{id}/files`: path to content, JSON
 * - `GET` or `PUT /simulator/shares/{id}/files/{path}`: one file as text
 * - `POST /simulator/shares/{id}/automatic-snapshots`: as `takeAutomaticSnapshot`; answers 201 with the snapshot
 * - `GET /simulator/calls`, `GET /simulator/unmatched`: what was called, JSON
 * - `POST /simulator/clock` with `{"advanceMs": 3600000}`: as `advanceClock`
 * - `POST /simulator/steering` with `{"kind": "cloneShare", "outcome": "stuck"}`: as `steer`
 * - `POST /simulator/objects/{id}/release`: as `release`
 *
 * @packageDocumentation
 */
export type { OvhCredentials, SignedRequest } from "./ovh/simulator/credentials";
export type { Fault, FaultOrder, Faults } from "./ovh/simulator/faults";
export type { OvhModel } from "./ovh/simulator/model";
export { type OvhOperation, ovhOperations } from "./ovh/simulator/operations";
export type { OvhCall, OvhSimulatorOptions, OvhSwitches, RefusalStatuses } from "./ovh/simulator/options";
export type { Steering, TransitionKind } from "./ovh/simulator/progress";
export type {
  AccessPathRecord,
  AccessRule,
  AclRuleRecord,
  Files,
  Moving,
  NetworkRecord,
  PolicyRecord,
  PolicyRule,
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
