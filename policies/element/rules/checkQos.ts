import { QOS_BOUNDS, type QosBounds, qosProblem } from "../../../provider/element/qos";
import type { VolumeQos } from "../../../provider/element/volumeClone";
import { rule, type Setting, type Undecided, undecided } from "../../rule";
import { isSet, parts, type Seen, unknown } from "../../seen";
import { CLONE } from "../seen";

interface Settings extends Undecided, QosBounds {
  required: boolean;
}

/**
 * QoS within bounds, in order, and not together with a policy that says otherwise. Check refuses what no cluster takes: the
 * rule is for tighter bounds of a team, and for those of an older release, which end at 100,000. A clone that says nothing
 * has the QoS of its source, production's; `required` refuses that.
 *
 * Fails:
 * ```ts
 * const point = new Snapshot("qos-point-failing", { volumeID, retention: "24:00:00" });
 * const qos = { minIOPS: 500, maxIOPS: 400, burstIOPS: 1000 };
 * new VolumeClone("qos-order", { volumeID, snapshotID: point.snapshotID, newAccountID, access: "readWrite", qos });
 * ```
 * Passes:
 * ```ts
 * const point = new Snapshot("qos-point", { volumeID, retention: "24:00:00" });
 * const qos = { minIOPS: 100, maxIOPS: 400, burstIOPS: 1000 };
 * new VolumeClone("qos-fine", { volumeID, snapshotID: point.snapshotID, newAccountID, access: "readWrite", qos });
 * ```
 */
export const checkQos = rule<Settings>({
  name: "element-check-qos",
  description: "The QoS of a clone is within the bounds that the team has agreed on, and in order.",
  level: "mandatory",
  severity: "medium",
  remedy: "Change qos, give qosPolicyID instead, or change the bounds in the pack's configuration.",
  settings: {
    minIOPS: bounds("minIOPS"),
    maxIOPS: bounds("maxIOPS"),
    burstIOPS: bounds("burstIOPS"),
    required: {
      type: "boolean",
      default: false,
      description: "Whether every clone has qos or qosPolicyID, and so none the QoS of its source.",
    },
    undecided,
  },
  problem: (config) => {
    const wrong = KEYS.find((key) => config[key].min > config[key].max);
    return wrong && `the min of ${wrong} is above its max.`;
  },
  resource: {
    types: [CLONE],
    decide(clone, { config, violation, undecided }) {
      const [qos, policy] = [isSet(clone, "qos"), isSet(clone, "qosPolicyID")];
      const open = [unknown(clone, "qos") && "qos", unknown(clone, "qosPolicyID") && "qosPolicyID"].filter(Boolean);
      if (config.required && !qos && !policy) {
        violation(clone, "it has neither qos nor qosPolicyID, so that it has the QoS of its source. Set one of them.");
      } else if (qos && policy && open.length === 0) {
        violation(clone, "it has both qos and qosPolicyID, and only one of them can be. Remove one.");
      } else if (qos) {
        const { known, whole } = numbersOf(clone);
        const problem = qosProblem(known, config);
        if (problem !== undefined) violation(clone, `qos: ${problem}.`);
        else if (open.length > 0 || !whole)
          undecided(clone, `${open[0] ?? "a part of qos"} is not known yet.`, DECIDER);
      }
    },
  },
});

const DECIDER = "This rule decides during the update, before it is made.";

const KEYS = ["minIOPS", "maxIOPS", "burstIOPS"] as const;

function bounds(key: keyof VolumeQos): Setting<QosBounds[typeof key]> {
  const number = { type: "integer", minimum: 1 } as const;
  const { min, max } = QOS_BOUNDS[key];
  return {
    type: "object",
    properties: { min: { ...number, default: min }, max: { ...number, default: max } },
    additionalProperties: false,
    default: { min, max },
    description: `Lowest and highest ${key}.`,
  };
}

/** The numbers that are known, and whether those are all. */
function numbersOf(clone: Seen): { known: Partial<VolumeQos>; whole: boolean } {
  const given = parts(clone, "qos");
  const known: Partial<VolumeQos> = {};
  for (const key of KEYS) {
    const value = given[key];
    if (typeof value === "number") known[key] = value;
  }
  return { known, whole: KEYS.every((key) => known[key] !== undefined || given[key] === undefined) };
}
