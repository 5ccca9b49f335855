import { flag, number, text } from "../../simulator/faultOrders";
import { advanceMs, choice, type Fields, fieldsOf, isObject, parseJson, requiredText } from "../../simulator/fields";
import { reasonOf, refuse } from "../../simulator/refusal";
import { nothing, type SideCall, type SideHandler, type SideRoute, sideApi } from "../../simulator/side";
import { faultRoutes } from "../../simulator/sideFaults";
import { type ElementFault, type ElementFaultOrder, type ElementFaults, ORDER_FORM } from "./faults";
import { renderHandle, renderJob, type Steering } from "./jobs";
import type { ElementModel } from "./model";
import { ACCESS_TYPES } from "./permissions";
import { STAGES, type VolumeRecord } from "./records";
import { renderSnapshot, renderVolume } from "./render";
import { versionOf } from "./versions";

interface Call extends SideCall {
  model: ElementModel;
  faults: ElementFaults;
}

type Handler = SideHandler<Call>;

const fields = ({ body }: Call): Fields => fieldsOf(parseJson(body));

/** Runs something that throws when there is no such object. */
const known = <Value>(look: () => Value): Value => {
  try {
    return look();
  } catch (error) {
    throw refuse(404, reasonOf(error));
  }
};

const shownVolume = (model: ElementModel, volume: VolumeRecord) =>
  renderVolume(model.world, volume, versionOf(model.world.settings.apiVersion) ?? [0, 0]);

/** Everything as the API writes it, hidden volumes included; no credentials, no secrets, no contents. */
const state: Handler = ({ model }) => {
  const { world } = model;
  const body = {
    now: new Date(model.now).toISOString(),
    fullness: model.fullness,
    adminAccess: model.adminAccess,
    volumes: model.volumes.map((volume) => shownVolume(model, volume)),
    snapshots: model.snapshots.map((snapshot) => renderSnapshot(world, snapshot)),
    accounts: model.accounts.map(({ accountID, username, attributes }) => ({ accountID, username, attributes })),
    volumeAccessGroups: model.accessGroups,
    qosPolicies: model.qosPolicies,
    jobs: model.jobs.map((job) => ({ ...renderJob(job, model.now), kind: job.kind, waiting: job.startedAt === null })),
    handles: model.handles.map((handle) => ({ asyncHandle: handle.asyncHandle, ...renderHandle(world, handle) })),
  };
  return { status: 200, body };
};

const blocks =
  (kind: "volume" | "snapshot"): Handler =>
  ({ model }, { id = "" }) => ({ status: 200, body: known(() => model.blocksOf(kind, Number(id))) });

const block =
  (kind: "volume" | "snapshot"): Handler =>
  ({ model }, { id = "", block: blockNumber = "" }) => {
    const found = known(() => model.blocksOf(kind, Number(id)))[Number(blockNumber)];
    if (found === undefined) throw refuse(404, `Block ${blockNumber} was never written`);
    return { status: 200, text: found };
  };

const writeBlock: Handler = ({ model, body }, { id = "", block: blockNumber = "" }) => {
  known(() => model.writeBlock(Number(id), Number(blockNumber), body.toString("utf8")));
  return nothing;
};

/** What of a volume can be changed behind the API, and what it must be. */
const DRIFT: Readonly<Record<string, (fields: Fields, name: string) => unknown>> = {
  name: text,
  accountID: number(1),
  status: text,
  access: text,
  attributes: (given, name) => fieldsOf(given[name]),
  totalSize: number(1),
  enable512e: flag,
  enableSnapMirrorReplication: flag,
  qos: (given, name) => fieldsOf(given[name]),
  qosPolicyID: (given, name) => (given[name] === null ? null : number(1)(given, name)),
  fifoSize: number(0),
  minFifoSize: number(0),
  dontMoveForIopsRebalance: flag,
};

const setVolume: Handler = (call, { id = "" }) => {
  const given = fields(call);
  const changes: Record<string, unknown> = {};
  for (const name of Object.keys(given)) {
    const reader = Object.hasOwn(DRIFT, name) ? DRIFT[name] : undefined;
    if (!reader) throw refuse(400, `${name} cannot be changed; these can: ${Object.keys(DRIFT).join(", ")}`);
    changes[name] = reader(given, name);
  }
  const { model } = call;
  const before = model.volumes.find((volume) => volume.volumeID === Number(id));
  if (isObject(changes["qos"])) changes["qos"] = { ...before?.qos, ...changes["qos"] };
  return {
    status: 200,
    body: shownVolume(
      model,
      known(() => model.setVolume(Number(id), changes)),
    ),
  };
};

const OUTCOMES = ["normal", "stuck", "failed"] as const;

const steer: Handler = (call) => {
  const given = fields(call);
  const outcome = given["outcome"] === undefined ? "normal" : choice(given, "outcome", OUTCOMES);
  const steering: Steering = { outcome };
  if (given["ms"] !== undefined) steering.ms = number(0)(given, "ms");
  if (given["times"] !== undefined) steering.times = given["times"] === "always" ? Infinity : number(1)(given, "times");
  if (given["error"] !== undefined) {
    const error = fieldsOf(given["error"]);
    steering.error = { name: requiredText(error, "name"), message: requiredText(error, "message") };
  }
  call.model.steerClone(steering);
  return nothing;
};

const setPermissions: Handler = (call) => {
  const { adminAccess } = fields(call);
  if (!Array.isArray(adminAccess)) throw refuse(400, "adminAccess must be a list of access types");
  call.model.adminAccess = adminAccess.map((type: unknown) =>
    choice({ adminAccess: type }, "adminAccess", ACCESS_TYPES),
  );
  return { status: 200, body: { adminAccess: call.model.adminAccess } };
};

const ROUTES: readonly SideRoute<Call>[] = [
  ["GET", "/simulator/state", state],
  ["GET", "/simulator/volumes/{id}/blocks", blocks("volume")],
  ["GET", "/simulator/volumes/{id}/blocks/{block}", block("volume")],
  ["PUT", "/simulator/volumes/{id}/blocks/{block}", writeBlock],
  ["GET", "/simulator/snapshots/{id}/blocks", blocks("snapshot")],
  ["GET", "/simulator/snapshots/{id}/blocks/{block}", block("snapshot")],
  ["PUT", "/simulator/volumes/{id}", setVolume],
  [
    "DELETE",
    "/simulator/volumes/{id}",
    ({ model }, { id = "" }) => {
      known(() => model.removeVolume(Number(id)));
      return nothing;
    },
  ],
  [
    "POST",
    "/simulator/volumes/{id}/pair",
    ({ model }, { id = "" }) => {
      known(() => model.pairVolume(Number(id)));
      return nothing;
    },
  ],
  [
    "POST",
    "/simulator/clones/{id}/release",
    ({ model }, { id = "" }) => {
      known(() => model.release(Number(id)));
      return nothing;
    },
  ],
  [
    "DELETE",
    "/simulator/handles/{id}",
    ({ model }, { id = "" }) => {
      model.forgetHandle(Number(id));
      return nothing;
    },
  ],
  ["POST", "/simulator/steering", steer],
  ["POST", "/simulator/permissions", setPermissions],
  [
    "POST",
    "/simulator/fullness",
    (call) => {
      call.model.setFullness(choice(fields(call), "stage", STAGES));
      return nothing;
    },
  ],
  [
    "POST",
    "/simulator/clock",
    ({ model, body }) => {
      model.advanceClock(advanceMs(body));
      return { status: 200, body: { now: new Date(model.now).toISOString() } };
    },
  ],
];

/** Answers the simulator's own calls, which `simulators.ts` lists. */
export const answerSide = sideApi<Call>((among) => [
  ...ROUTES,
  ...faultRoutes<ElementFault, ElementFaultOrder, Call>(among, ORDER_FORM, ({ method }) =>
    method === undefined ? {} : { method },
  ),
]);
