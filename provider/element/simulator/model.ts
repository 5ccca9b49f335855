import { newAccount } from "./accounts";
import { addAccessGroup } from "./groups";
import type { Steering } from "./jobs";
import type { Settings } from "./options";
import { ACCESS_TYPES, type AccessType } from "./permissions";
import { addQoSPolicy, DEFAULT_QOS } from "./qos";
import type {
  AccessGroupRecord,
  AccountRecord,
  Blocks,
  EventRecord,
  Fullness,
  HandleRecord,
  JobRecord,
  QoSNumbers,
  QoSPolicyRecord,
  SnapshotRecord,
  State,
  VolumeRecord,
} from "./records";
import { addSnapshot } from "./snapshots";
import { purge } from "./volumeRules";
import { newVolume } from "./volumes";
import { createWorld, type World } from "./world";

/** What the simulated cluster remembers, for tests and demonstrations that look or reach behind the API. Nothing here asks for credentials. */
export class ElementModel {
  readonly #world: World;
  #adminAccess: readonly AccessType[];

  /** Made by `simulateElement`. */
  constructor(state: State, settings: Settings, save: () => void) {
    this.#world = createWorld(state, settings, save);
    this.#adminAccess = [];
    this.adminAccess = settings.adminAccess;
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

  /** Access types of the administrator; set them at will. */
  get adminAccess(): readonly AccessType[] {
    return this.#adminAccess;
  }
  /** Throws for a type that there is not. */
  set adminAccess(types: readonly AccessType[]) {
    const unknown = types.find((type) => !ACCESS_TYPES.includes(type));
    if (unknown !== undefined) throw new Error(`${unknown} is no access type; they are ${ACCESS_TYPES.join(", ")}`);
    this.#adminAccess = [...types];
  }

  /** All volumes, also hidden and deleted ones, oldest first. */
  get volumes(): readonly VolumeRecord[] {
    return [...this.world.state.volumes.values()];
  }

  /** All snapshots, oldest first. */
  get snapshots(): readonly SnapshotRecord[] {
    return [...this.world.state.snapshots.values()];
  }

  /** All accounts. */
  get accounts(): readonly AccountRecord[] {
    return [...this.world.state.accounts.values()];
  }

  /** All volume access groups. */
  get accessGroups(): readonly AccessGroupRecord[] {
    return [...this.world.state.accessGroups.values()];
  }

  /** All QoS policies. */
  get qosPolicies(): readonly QoSPolicyRecord[] {
    return [...this.world.state.qosPolicies.values()];
  }

  /** Clones and copies that have not ended, also those that wait for their turn. */
  get jobs(): readonly JobRecord[] {
    return [...this.world.state.jobs.values()];
  }

  /** Async handles that nobody has consumed. */
  get handles(): readonly HandleRecord[] {
    return [...this.world.state.handles.values()];
  }

  /** The event log, oldest first. */
  get events(): readonly EventRecord[] {
    return [...this.world.state.events];
  }

  /** How full the cluster is. */
  get fullness(): Fullness {
    return this.#world.state.fullness;
  }

  /** Sets how full the cluster is: from `stage4Critical` on it refuses new volumes, clones and snapshots. */
  setFullness(stage: Fullness): void {
    this.#world.state.fullness = stage;
    this.#world.commit();
  }

  /** Moves the model's time forward. */
  advanceClock(ms: number): void {
    this.world.state.clockOffsetMs += ms;
    this.world.commit();
  }

  /** Writes a block of 4096 bytes of a volume. Snapshots, and clones begun before, keep the old content. */
  writeBlock(volumeID: number, blockNumber: number, text: string): void {
    const volume = this.#volume(volumeID);
    if (!Number.isInteger(blockNumber) || blockNumber < 0 || blockNumber >= volume.totalSize / 4096) {
      throw new Error(`Volume ${volumeID} has no block ${blockNumber}; it has ${volume.totalSize / 4096}`);
    }
    if (Buffer.byteLength(text) > 4096) throw new Error("A block has 4096 bytes");
    volume.blocks = { ...volume.blocks, [blockNumber]: text };
    this.#world.commit();
  }

  /** A block of a volume; `undefined` for one that was never written, and as long as a clone is being copied to the volume. */
  readBlock(volumeID: number, blockNumber: number): string | undefined {
    return this.#volume(volumeID).blocks[blockNumber];
  }

  /** A block of a snapshot; `undefined` for one that had never been written. */
  readSnapshotBlock(snapshotID: number, blockNumber: number): string | undefined {
    return this.blocksOf("snapshot", snapshotID)[blockNumber];
  }

  /** All written blocks of a volume or snapshot: number to text. */
  blocksOf(kind: "volume" | "snapshot", id: number): Blocks {
    if (kind === "volume") return this.#volume(id).blocks;
    const snapshot = this.world.state.snapshots.get(id);
    if (!snapshot) throw new Error(`The simulator has no snapshot ${id}`);
    return snapshot.blocks;
  }

  /** Orders how the next clones or copies go: stuck, failed, slower. Not kept in the state file. */
  steerClone(steering: Steering): void {
    const left = steering.times ?? 1;
    if (left > 0) this.#world.steerings = [...this.#world.steerings, { steering, left }];
  }

  /** Forgets all orders given with `steerClone`. */
  clearSteering(): void {
    this.#world.steerings = [];
  }

  /** Ends a clone or copy now, also one that is stuck or waits. How it ends stays as it was. */
  release(cloneID: number): void {
    const { state } = this.world;
    const job = state.jobs.get(cloneID);
    if (!job) throw new Error(`The simulator has no running clone ${cloneID}`);
    job.startedAt = this.now;
    job.ms = 0;
    this.world.commit();
  }

  /** Consumes the result of a handle as another caller would: only when it is complete. Answers whether it was. */
  consumeHandle(asyncHandle: number): boolean {
    const consumed = this.world.state.handles.get(asyncHandle)?.completed === true;
    if (consumed) this.forgetHandle(asyncHandle);
    return consumed;
  }

  /** Lets the cluster forget a handle, complete or not. */
  forgetHandle(asyncHandle: number): void {
    this.world.state.handles.delete(asyncHandle);
    this.#world.commit();
  }

  /** One more account. */
  addAccount(username: string): AccountRecord {
    return this.#kept(newAccount(this.world, { username }));
  }

  /** One more volume, active at once; 1 GiB in the account of the first volume unless told otherwise. */
  addVolume(name: string, given: Partial<Omit<VolumeRecord, "volumeID" | "name">> = {}): VolumeRecord {
    const [first] = this.accounts;
    const basics = { name, accountID: first?.accountID ?? 0, totalSize: 1_073_741_824, sliceCount: 1 };
    return this.#kept(newVolume(this.world, { ...basics, readyAt: this.now, ...given }));
  }

  /** One more volume access group. */
  addAccessGroup(name: string, volumes: readonly number[] = []): AccessGroupRecord {
    return this.#kept(addAccessGroup(this.world, { name, volumes: [...volumes] }));
  }

  /** One more QoS policy. */
  addQoSPolicy(name: string, qos: QoSNumbers = DEFAULT_QOS): QoSPolicyRecord {
    return this.#kept(addQoSPolicy(this.world, name, { ...qos }));
  }

  /** Takes a snapshot of a volume now, as a schedule of the cluster would. */
  takeSnapshot(volumeID: number, name?: string): SnapshotRecord {
    return this.#kept(addSnapshot(this.world, this.#volume(volumeID), name === undefined ? {} : { name }));
  }

  /** Pairs a volume with one of another cluster, so that it can be a replication target. */
  pairVolume(volumeID: number): void {
    const volume = this.#volume(volumeID);
    const remoteReplication = { mode: "Async", pauseLimit: 3_145_728_000, remoteServiceID: 1, state: "Active" };
    const pair = {
      clusterPairID: 1,
      remoteVolumeID: 7000 + volumeID,
      remoteSliceID: 1,
      remoteVolumeName: volume.name,
      volumePairUUID: `00000000-0000-4000-8000-${String(volumeID).padStart(12, "0")}`,
      remoteReplication,
    };
    volume.volumePairs = [...volume.volumePairs, pair];
    this.#world.commit();
  }

  /** Changes a volume behind the API: drift, also to what the API would refuse. */
  setVolume(volumeID: number, changes: Partial<Omit<VolumeRecord, "volumeID">>): VolumeRecord {
    return this.#kept(Object.assign(this.#volume(volumeID), changes));
  }

  /** Takes a volume away at once, with its snapshots and without the 8 hours of a deletion. */
  removeVolume(volumeID: number): void {
    purge(this.world, this.#volume(volumeID).volumeID);
    this.#world.commit();
  }

  #kept<Item>(item: Item): Item {
    this.#world.commit();
    return item;
  }

  #volume(id: number): VolumeRecord {
    const volume = this.world.state.volumes.get(id);
    if (!volume) throw new Error(`The simulator has no volume ${id}`);
    return volume;
  }
}
