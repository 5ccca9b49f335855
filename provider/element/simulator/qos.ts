import type { Fields } from "../../simulator/fields";
import { fail, invalid, noQoSPolicy, outOfRange } from "./errors";
import type { Call } from "./method";
import { Params } from "./params";
import type { QoSNumbers, QoSPolicyRecord } from "./records";
import type { World } from "./world";

/** The cost of an I/O by its size, 4096 bytes being 100 (spec 10.2). */
export const CURVE: Readonly<Record<string, number>> = {
  4096: 100,
  8192: 160,
  16384: 270,
  32768: 500,
  65536: 1000,
  131072: 1950,
  262144: 3900,
  524288: 7600,
  1048576: 15000,
};

/** Numbers as the API writes them: burstTime and curve are computed (spec 10.1). */
export const renderQoS = (qos: QoSNumbers) => ({ ...qos, burstTime: 60, curve: { ...CURVE } });

/** What a volume gets that asks for nothing (spec 10.1, current documentation). */
export const DEFAULT_QOS: QoSNumbers = { minIOPS: 50, maxIOPS: 15_000, burstIOPS: 15_000 };

const NAMES = ["minIOPS", "maxIOPS", "burstIOPS"] as const;

/** A wanted quality of service, the rest as before. That a partial one is taken is our assumption (spec 6.1). */
export function readQoS({ settings }: World, fields: Fields, before: QoSNumbers): QoSNumbers {
  const { limits, refusals } = settings;
  const qos: QoSNumbers = { ...before, ...Params.numbers(fields, NAMES) };
  const bounds = {
    minIOPS: [limits.volumeMinIOPSMin, limits.volumeMinIOPSMax],
    maxIOPS: [limits.volumeMaxIOPSMin, limits.volumeMaxIOPSMax],
    burstIOPS: [limits.volumeBurstIOPSMin, limits.volumeBurstIOPSMax],
  } as const;
  for (const name of NAMES) {
    const [least, most] = bounds[name];
    if (qos[name] < least || qos[name] > most) {
      throw outOfRange(settings, `${name} ${qos[name]} is not within ${least} and ${most}`);
    }
  }
  if (qos.minIOPS > qos.maxIOPS || qos.maxIOPS > qos.burstIOPS) {
    throw fail(refusals.qosOrder, "minIOPS must not exceed maxIOPS, nor maxIOPS burstIOPS");
  }
  return qos;
}

/** One policy, or the error for none. */
export function findQoSPolicy({ state }: World, id: number): QoSPolicyRecord {
  const policy = state.qosPolicies.get(id);
  if (!policy) throw noQoSPolicy(id);
  return policy;
}

/** The quality of service that a call asks for: numbers or a policy, which exclude each other (spec 6.1, 10.1). */
export function chooseQoS(
  { world, params }: Call,
  before: { qos: QoSNumbers; qosPolicyID: number | null },
): { qos: QoSNumbers; qosPolicyID: number | null } {
  const numbers = params.object("qos");
  const policyID = params.optionalInteger("qosPolicyID");
  if (numbers !== undefined && policyID !== undefined) {
    throw fail(world.settings.refusals.qosAndPolicy, "qos and qosPolicyID exclude each other");
  }
  // own numbers drop an association
  if (numbers !== undefined) return { qos: readQoS(world, numbers, before.qos), qosPolicyID: null };
  // dropping one keeps the numbers
  if (params.flag("associateWithQoSPolicy") === false) return { qos: before.qos, qosPolicyID: null };
  if (policyID === undefined) return { qos: before.qos, qosPolicyID: before.qosPolicyID };
  return { qos: { ...findQoSPolicy(world, policyID).qos }, qosPolicyID: policyID };
}

/** A new policy. */
export function addQoSPolicy(world: World, name: string, qos: QoSNumbers): QoSPolicyRecord {
  const policy = { qosPolicyID: world.nextID("qosPolicy"), name, qos };
  world.state.qosPolicies.set(policy.qosPolicyID, policy);
  return policy;
}

const render = ({ state }: World, { qosPolicyID, name, qos }: QoSPolicyRecord) => ({
  qosPolicyID,
  name,
  qos: renderQoS(qos),
  volumeIDs: [...state.volumes.values()].filter((one) => one.qosPolicyID === qosPolicyID).map((one) => one.volumeID),
});

export function createQoSPolicy({ world, params }: Call): object {
  params.require("name", "qos");
  const name = params.text("name");
  const { limits } = world.settings;
  if (name.length < limits.qosPolicyNameLengthMin || name.length > limits.qosPolicyNameLengthMax) {
    throw outOfRange(
      world.settings,
      `name must have ${limits.qosPolicyNameLengthMin} to ${limits.qosPolicyNameLengthMax} characters`,
    );
  }
  if (world.state.qosPolicies.size >= limits.qosPolicyCountMax) throw fail("xExceededLimit", "Too many QoS policies");
  const qos = params.object("qos");
  if (qos === undefined) throw invalid("qos must be an object");
  return { qosPolicy: render(world, addQoSPolicy(world, name, readQoS(world, qos, DEFAULT_QOS))) };
}

export function listQoSPolicies({ world }: Call): object {
  return { qosPolicies: [...world.state.qosPolicies.values()].map((policy) => render(world, policy)) };
}

export function getQoSPolicy({ world, params }: Call): object {
  return { qosPolicy: render(world, findQoSPolicy(world, params.integer("qosPolicyID"))) };
}
