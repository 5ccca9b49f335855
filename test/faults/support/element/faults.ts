import type { ElementFault, ElementSwitches } from "../../../../provider/simulators";
import type { Call, FaultKind } from "../system";
import { begins, changes, GATEWAY_PAGE, inEach, LOGIN_PAGE, objectsIn, waysOf, without } from "../ways";
import { routeOf } from "./routes";
import type { ElementWorld, ElementWorldOptions } from "./service";

const { simulated, atTheCall, refused, outage } = waysOf<ElementWorld, ElementWorldOptions>(routeOf);

type Fits = (call: Call) => boolean;
type Kind = FaultKind<ElementWorld, ElementWorldOptions>;

const refusal = (name: string, apply = false): ElementFault => ({ kind: "error", name, apply });

/** Had no effect, and passes (spec 12, class R); `xDBNoSuchPath` only by the context. */
const PASSING = ["xDBVersionMismatch", "xNotPrimary", "xSnapshotFailed", "xDBNoSuchPath"];

/** Passes, and may have had its effect (class V). */
const DOUBTFUL = [
  "xDBConnectionLoss",
  "xDBOperationTimeout",
  "xDBSessionExpired",
  "xDBSessionMoved",
  "xDBNoServerResponse",
  "xDBClosing",
  "xDBInvalidState",
  "xRecvTimeout",
  "xNoHandler",
  "xRpcTimeout",
];

/** Waits for room, or until something is ready (class W). */
const WAITING = [
  "xSliceNotRegistered",
  "xNotReadyForIO",
  "xMaxClonesPerVolumeExceeded",
  "xMaxClonesPerNodeExceeded",
  "xMaxSnapshotsPerVolumeExceeded",
  "xMaxSnapshotsPerNodeExceeded",
];

/** For good. */
const PERMANENT = ["xUnknownAPIMethod", "xExceededLimit", "xNameOfNextYear"];

const STATUS = (status: number, more: { html?: string; afterEffect?: boolean } = {}): ElementFault => ({
  kind: "status",
  status,
  ...more,
});

/** The operation that begins with the call goes another way than it should. */
const steered = (name: string, outcome: "stuck" | "failed"): Kind =>
  atTheCall(name, begins, ({ simulator: { model } }) => {
    model.steerClone({ outcome });
    return {
      // The cluster has found its way in the meantime.
      over: () => {
        model.clearSteering();
        if (outcome === "stuck") for (const { cloneID } of model.jobs) model.release(cloneID);
      },
    };
  });

/** The cluster forgets how a clone goes as soon as it has told its number. */
const forgotten = (missingHandle: NonNullable<ElementSwitches["missingHandle"]>): Kind =>
  atTheCall(
    `a handle that is lost, ${missingHandle}`,
    begins,
    ({ simulator: { model } }) => ({
      answered: () => {
        for (const { asyncHandle } of model.handles) model.forgetHandle(asyncHandle);
      },
    }),
    { switches: { missingHandle } },
  );

/** Another way in which a cluster may be, from the call on with which a clone begins. */
const otherwise = (name: string, switches: ElementSwitches): Kind => atTheCall(name, begins, () => ({}), { switches });

/** Members of a result, and of the objects in it. */
const deep = (change: (object: object) => object) => (result: unknown) =>
  inEach(result, (object) =>
    Object.fromEntries(
      Object.entries(object).map(([key, value]) => [
        key,
        Array.isArray(value) || key === "volume" || key === "snapshot" ? inEach(value, change) : value,
      ]),
    ),
  );

const inside = (body: unknown): object[] =>
  objectsIn(body).flatMap((result) => Object.values(result).flatMap(objectsIn));
const hasObjects: Fits = ({ body }) => inside(body).length > 0;
const hasState: Fits = ({ body }) => [...objectsIn(body), ...inside(body)].some((object) => "status" in object);

const withUnknownState = (object: object) => ("status" in object ? { ...object, status: "hibernating" } : object);
const isNumber = (member: string) => /^(volumeID|snapshotID|cloneID|asyncHandle|asyncResultID|status)$/.test(member);
const noState = without((member) => member === "status");

/** Every fault that a call is made to meet. */
export const FAULTS: readonly Kind[] = [
  refused("connection refused", 1, "it"),
  refused("refused until the command ends", Number.POSITIVE_INFINITY, "all"),
  simulated("dropped before the effect", { kind: "dropBefore" }),
  simulated("dropped after the effect", { kind: "dropAfter" }),
  outage("lost, then nothing until the command ends", { kind: "dropAfter" }, { kind: "dropBefore" }),
  simulated("timeout", { kind: "slow", ms: 600_000 }, { options: { requestTimeoutSeconds: 0.25 } }),
  simulated("slow", { kind: "slow", ms: 100 }),
  ...PASSING.map((name) => simulated(name, refusal(name))),
  outage("xDBVersionMismatch until the command ends", refusal("xDBVersionMismatch"), refusal("xDBVersionMismatch")),
  ...DOUBTFUL.map((name) => simulated(name, refusal(name))),
  ...DOUBTFUL.map((name) => simulated(`${name} after the effect`, refusal(name, true), { fits: changes })),
  outage("xDBClosing until the command ends", refusal("xDBClosing", true), refusal("xDBClosing"), changes),
  ...WAITING.map((name) => simulated(name, refusal(name), { fits: changes })),
  ...PERMANENT.map((name) => simulated(name, refusal(name))),
  simulated("xPermissionDenied", { kind: "permission" }),
  outage("xPermissionDenied until the command ends", { kind: "permission" }, { kind: "permission" }),
  simulated("401", STATUS(401)),
  simulated("404", STATUS(404)),
  simulated("500", STATUS(500)),
  simulated("500 after the effect", STATUS(500, { afterEffect: true }), { fits: changes }),
  simulated("502 in HTML after the effect", STATUS(502, { html: GATEWAY_PAGE, afterEffect: true }), { fits: changes }),
  simulated("503, three times", STATUS(503), { times: 3 }),
  outage("503 until the command ends", STATUS(503), STATUS(503)),
  simulated("null", { kind: "nullBody" }),
  outage("null until the command ends", { kind: "nullBody" }, { kind: "nullBody" }),
  simulated("truncated", { kind: "truncated" }),
  simulated("invalid JSON", { kind: "body", text: '{"result":' }),
  simulated("a page instead of an answer", { kind: "body", text: LOGIN_PAGE, contentType: "text/html" }),
  simulated("an empty body", { kind: "body", text: "" }),
  simulated("a result without members", { kind: "mutate", change: () => ({}) }),
  simulated(
    "nothing but numbers and states",
    { kind: "mutate", change: deep(without((member) => !isNumber(member)) as never) },
    { fits: hasObjects },
  ),
  simulated(
    "no states",
    { kind: "mutate", change: (result) => deep(noState as never)(noState(result)) },
    { fits: hasState },
  ),
  simulated(
    "an unknown state",
    { kind: "mutate", change: (result) => deep(withUnknownState)(inEach(result, withUnknownState)) },
    { fits: hasState },
  ),
  forgotten("xDBNoSuchPath"),
  forgotten("xAsyncHandleDoesNotExist"),
  atTheCall(
    "a handle that somebody else consumes",
    ({ method }) => method === "GetAsyncResult",
    ({ simulator: { model } }) => {
      for (const { cloneID } of model.jobs) model.release(cloneID);
      for (const { asyncHandle } of model.handles) model.consumeHandle(asyncHandle);
      return {};
    },
  ),
  otherwise("a handle that shows late", { handleLag: 2 }),
  otherwise("a result that names the source", { asyncResultVolumeID: "source" }),
  otherwise("a clone that is listed", { initVolumes: "listed" }),
  otherwise("a clone that is listed as creating", { initVolumes: "listed", initStatus: "creating" }),
  steered("a clone that sticks", "stuck"),
  steered("a clone that fails", "failed"),
  atTheCall("a full cluster", changes, ({ simulator: { model } }) => {
    model.setFullness("stage4Critical");
    return { over: () => model.setFullness("stage1Happy") };
  }),
];
