import { rule, type Undecided, undecided, type Verdict } from "../../rule";
import { called, type InStack, unknown } from "../../seen";
import { clonesOf, isOfSameVolume, snapshotsOf } from "../program";
import { CLONE, factsOfCloned, ofSnapshot } from "../seen";

interface Settings extends Undecided {
  liveVolume: "allowed" | "advisory" | "mandatory";
}

/**
 * A clone is made from a snapshot, and from one of its own source volume. A volume that is cloned as it is gives other data each
 * time that the clone is replaced, and data in the middle of writing. The cluster takes it, so by default that is advice only.
 * A snapshot of another volume it refuses.
 *
 * Fails:
 * ```ts
 * const other = new Snapshot("of-volume-other", { volumeID: otherVolumeID, retention: "24:00:00" });
 * new VolumeClone("of-volume-wrong", { volumeID, snapshotID: other.snapshotID, newAccountID, access: "readWrite" });
 * ```
 * Passes:
 * ```ts
 * const point = new Snapshot("of-volume-point", { volumeID, retention: "24:00:00" });
 * const { snapshotID } = point;
 * new VolumeClone("of-volume", { volumeID: point.volumeID, snapshotID, newAccountID, access: "readWrite" });
 * ```
 */
export const requireSnapshotOfVolume = rule<Settings>({
  name: "element-require-snapshot-of-volume",
  description: "A clone is made from a snapshot of its source volume.",
  level: "mandatory",
  severity: "high",
  remedy: "Give the clone the snapshotID of a Snapshot, and that Snapshot's volumeID.",
  settings: {
    liveVolume: {
      type: "string",
      enum: ["allowed", "advisory", "mandatory"],
      default: "advisory",
      description:
        "Whether a clone without snapshotID, of the volume as it is, may be, is advised against, or is refused.",
    },
    undecided,
  },
  resource: {
    types: [CLONE],
    decide(clone, { config: { liveVolume }, advice, violation }) {
      if (ofSnapshot(clone) || liveVolume === "allowed") return;
      const say = liveVolume === "mandatory" ? violation : advice;
      say(
        clone,
        "snapshotID is left out, so that the volume is cloned as it is just then. Clone a Snapshot of it, or set liveVolume.",
      );
    },
  },
  stack: {
    type: CLONE,
    decide(resources, verdict) {
      for (const clone of clonesOf(resources)) {
        // Check finds a snapshot only among those of the volume.
        if (ofSnapshot(clone) && factsOfCloned(clone) === undefined) decideBySources(clone, verdict);
      }
    },
  },
});

const DECIDER = "Create decides: the cluster refuses a snapshot of another volume.";

function decideBySources(clone: InStack, verdict: Verdict<Settings>): void {
  const snapshots = snapshotsOf(clone);
  const answers = snapshots.map((snapshot) => isOfSameVolume(snapshot, clone));
  const wrong = snapshots.filter((_, index) => answers[index] === false);
  const [first] = wrong;
  // Where the program chooses between several, it may choose one of this volume.
  if (first !== undefined && wrong.length === snapshots.length) {
    verdict.violation(
      clone,
      `${called(first)} is not one of the volume that volumeID names. Give the clone the volumeID of its snapshot.`,
    );
  } else if (first !== undefined) {
    verdict.undecided(clone, `${called(first)} is one of another volume, if that is cloned.`, DECIDER);
  } else if (answers.includes(undefined)) {
    verdict.undecided(clone, "the volume of the clone or of its snapshot is not known yet.", DECIDER);
  } else if (snapshots.length === 0) {
    const problem = unknown(clone, "snapshotID")
      ? "snapshotID is not known yet, and comes from no snapshot of this program."
      : "snapshotID is an ID, and what it names could not be looked up.";
    verdict.undecided(clone, problem, DECIDER);
  }
}
