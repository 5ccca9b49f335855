import { addBackendSnapshot, takeAutomatic } from "./automaticSnapshots";
import { OvhCredentials } from "./credentials";
import type { Settings } from "./options";
import { finish, type Steering, type TransitionKind } from "./progress";
import type { Files, Moving, PolicyRecord, ServiceRecord, ShareRecord, SnapshotRecord, State } from "./records";
import { newService, vRackServicesUrn } from "./seed";
import { acceptContactChanges } from "./services";
import { freeQuota } from "./shares";
import { createWorld, type World } from "./world";

/** What the simulated service remembers, for tests and demonstrations that look or reach behind the API. Nothing here asks for credentials. */
export class OvhModel {
  /** Keys, consumer keys and tokens. */
  readonly credentials: OvhCredentials;
  /** IAM actions that the caller lacks, for example `share/create`. Add and delete at will. */
  readonly deniedActions: Set<string>;
  readonly #world: World;

  /** Made by `simulateOvh`. */
  constructor(state: State, settings: Settings, save: () => void) {
    this.#world = createWorld(state, settings, save);
    this.credentials = new OvhCredentials(state.credentials, settings, save);
    this.deniedActions = new Set(settings.deniedActions);
  }

  /** @internal The parts below, up to date. For the simulator's own routes. */
  get world(): World {
    this.#world.settle();
    return this.#world;
  }

  /** The model's time, in milliseconds since the epoch: the clock plus what `advanceClock` added. */
  get now(): number {
    return this.#world.now();
  }

  /** All services. */
  get services(): readonly ServiceRecord[] {
    return [...this.world.state.services.values()];
  }

  /** All shares of all services, oldest first. */
  get shares(): readonly ShareRecord[] {
    return [...this.world.state.shares.values()];
  }

  /** All snapshots of all shares, oldest first; also those that a running hold hides. */
  get snapshots(): readonly SnapshotRecord[] {
    return [...this.world.state.snapshots.values()];
  }

  /** All snapshot policies. */
  get policies(): readonly PolicyRecord[] {
    return [...this.world.state.policies.values()];
  }

  /** The capacity of a service that no share takes, in GiB. */
  freeQuotaGiB(serviceId: string): number {
    return freeQuota(this.#world, this.#service(serviceId));
  }

  /** One more service, without shares. `quotaGiB` as in the simulator's options. */
  addService(name: string, quotaGiB = 10_240): ServiceRecord {
    const { service, policies } = newService({ name, quotaGiB, at: this.now, networkStatus: "associated" });
    this.world.state.services.set(service.id, service);
    for (const policy of policies) this.#world.state.policies.set(policy.id, policy);
    this.#world.commit();
    return service;
  }

  /** Sets the state of a service, for example `suspended`. */
  setServiceStatus(serviceId: string, status: string): void {
    const service = this.#service(serviceId);
    service.status = status;
    service.progress = null;
    this.#world.commit();
  }

  /** Sets the state of a service's network; all but `associated` refuse shares and access rules. */
  setNetworkStatus(serviceId: string, status: string): void {
    const { network } = this.#service(serviceId);
    network.status = status;
    network.vRackServicesURN = vRackServicesUrn(serviceId, status);
    this.#world.commit();
  }

  /** Sets the IAM tags of a service, all of them; `GET /storage/netapp` can filter by them. */
  setServiceTags(serviceId: string, tags: Readonly<Record<string, string>>): void {
    this.#service(serviceId).administration.tags = { ...tags };
    this.#world.commit();
  }

  /** Lets both sides agree to every contact change of a service that waits; until then `changeContact` shows no effect. */
  acceptContactChanges(serviceId: string): void {
    acceptContactChanges(this.#service(serviceId));
    this.#world.commit();
  }

  /** Writes a file of a share. Snapshots and clones made before keep the old content. */
  writeFile(shareId: string, path: string, content: string): void {
    const share = this.#share(shareId);
    share.files = { ...share.files, [path]: content };
    this.#world.commit();
  }

  /**
   * Sets how much of a share is used, in GiB; 0 at first, and as in the snapshot for a clone. Files written with `writeFile` do not
   * count. Snapshots carry it, a revert brings it back, and a shrink below it fails.
   */
  setUsedGiB(shareId: string, usedGiB: number): void {
    const share = this.#share(shareId);
    if (!Number.isFinite(usedGiB) || usedGiB < 0 || usedGiB > share.size) {
      throw new Error(`usedGiB must be within 0 and the share's ${share.size} GiB, not ${usedGiB}`);
    }
    share.usedGiB = usedGiB;
    this.#world.commit();
  }

  /** The files of a share, or of a snapshot: path to content. */
  readFiles(shareOrSnapshotId: string): Files {
    const { shares, snapshots } = this.world.state;
    const found = shares.get(shareOrSnapshotId) ?? snapshots.get(shareOrSnapshotId);
    if (!found) throw new Error(`The simulator has no share or snapshot ${shareOrSnapshotId}`);
    return found.files;
  }

  /**
   * Takes an automatic snapshot now, as the share's policy would at its time, and rotates older ones.
   * @param prefix - Which rule of the policy. Its first one by default; without rules the name begins with `automatic` and nothing is rotated.
   */
  takeAutomaticSnapshot(shareId: string, prefix?: string): SnapshotRecord {
    const snapshot = takeAutomatic(this.world, this.#share(shareId), this.now, prefix);
    this.#world.commit();
    return snapshot;
  }

  /** Takes a snapshot of type `system`, as OVHcloud does for its own purposes. */
  takeSystemSnapshot(shareId: string, name = "system"): SnapshotRecord {
    const from = { type: "system", name, rule: "", at: this.now } as const;
    const snapshot = addBackendSnapshot(this.world, this.#share(shareId), from);
    this.#world.commit();
    return snapshot;
  }

  /** Removes a snapshot at once, as a policy's rotation does. */
  rotateAway(snapshotId: string): void {
    this.world.state.snapshots.delete(snapshotId);
    this.#world.commit();
  }

  /** Orders how the next operations of a kind go: stuck, failed, without effect, through another state. Not kept in the state file. */
  steer(kind: TransitionKind, steering: Steering): void {
    this.#world.steerings.add(kind, steering);
  }

  /** Forgets all orders given with `steer`. */
  clearSteering(): void {
    this.#world.steerings.clear();
  }

  /** Ends the operation of a share, snapshot, access rule, policy or service now, also one that is stuck. */
  release(id: string): void {
    for (const record of this.#moving(id)) finish(record);
    this.world.commit();
  }

  /** Puts a share, snapshot, access rule, policy or service into a state, and stops its operation. */
  setStatus(id: string, status: string): void {
    for (const record of this.#moving(id)) {
      record.status = status;
      record.progress = null;
    }
    this.#world.commit();
  }

  /** Moves the model's time forward. Timestamps of requests and lifetimes of tokens keep to the clock. */
  advanceClock(ms: number): void {
    this.world.state.clockOffsetMs += ms;
    this.world.commit();
  }

  #service(id: string): ServiceRecord {
    const service = this.world.state.services.get(id);
    if (!service) throw new Error(`The simulator has no service ${id}`);
    return service;
  }

  #share(id: string): ShareRecord {
    const share = this.world.state.shares.get(id);
    if (!share) throw new Error(`The simulator has no share ${id}`);
    return share;
  }

  #moving(id: string): Moving[] {
    const { services, shares, snapshots, policies } = this.world.state;
    const rules = [...shares.values()].flatMap((share) => share.rules.filter((rule) => rule.id === id));
    const found = [services.get(id), shares.get(id), snapshots.get(id), policies.get(id), ...rules].filter(
      (record) => record !== undefined,
    );
    if (found.length === 0) throw new Error(`The simulator has nothing with id ${id}`);
    return found;
  }
}
