import { rule, type Undecided, undecided } from "../../rule";
import { called, text } from "../../seen";
import { clonesOf, sourcesOf } from "../program";
import { CLONE, facts } from "../seen";

/**
 * A clone is made in the service of its snapshot: none can be made across services. A snapshot that the program names by its
 * ID was looked up in the clone's service, and found there.
 *
 * Fails:
 * ```ts
 * const point = new Snapshot("service-point-failing", { serviceName, shareId });
 * const elsewhere = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
 * const clone = new ShareClone("service-other", { serviceName: elsewhere, snapshotId: point.id, size: 200 });
 * new ShareAccessRule("service-other-lan", { serviceName, shareId: clone.id, accessTo: "10.0.5.0/24", accessLevel: "rw" });
 * ```
 * Passes:
 * ```ts
 * const point = new Snapshot("service-point", { serviceName, shareId });
 * const clone = new ShareClone("service-same", { serviceName: point.serviceName, snapshotId: point.id, size: 200 });
 * new ShareAccessRule("service-same-lan", { serviceName, shareId: clone.id, accessTo: "10.0.5.0/24", accessLevel: "rw" });
 * ```
 */
export const requireCloneSameService = rule<Undecided>({
  name: "ovh-require-clone-same-service",
  description: "A clone is made in the service that has the snapshot.",
  level: "mandatory",
  severity: "high",
  remedy: "Give the clone the serviceName of its snapshot.",
  settings: { undecided },
  stack: {
    type: CLONE,
    decide(resources, verdict) {
      for (const clone of clonesOf(resources)) {
        const service = text(clone, "serviceName");
        const sources = sourcesOf(clone);
        const services = sources.map((source) => text(source, "serviceName"));
        const elsewhere = sources.filter((_, index) => services[index] !== undefined && services[index] !== service);
        const [other] = elsewhere;
        // Where the program chooses between several, it may choose one of this service.
        if (service !== undefined && other !== undefined && elsewhere.length === sources.length) {
          verdict.violation(
            clone,
            `serviceName is not that of ${called(other)}, and no snapshot can be cloned into another service. Set both to the same service.`,
          );
        } else if (service !== undefined && other !== undefined) {
          verdict.undecided(clone, `serviceName is not that of ${called(other)}, if that is cloned.`, DECIDER);
        } else if (sources.length > 0 && (service === undefined || services.includes(undefined))) {
          verdict.undecided(clone, "the service of the clone or of its snapshot is not known yet.", DECIDER);
        } else if (sources.length === 0 && facts(clone) === undefined) {
          verdict.undecided(clone, "nothing is known here of its snapshot.", DECIDER);
        }
      }
    },
  },
});

const DECIDER = "Create decides: it looks for the snapshot in the clone's service.";
