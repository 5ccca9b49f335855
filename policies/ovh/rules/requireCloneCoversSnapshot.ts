import { coversSource } from "../../../provider/ovh/cloneConstraints";
import { rule, type Undecided, undecided, type Verdict } from "../../rule";
import { called, exists, type InStack, number } from "../../seen";
import { clonesOf, namesExisting, neededGiB, sourcesOf } from "../program";
import { CLONE, facts } from "../seen";

/**
 * A clone needs the size that the snapshot's share had when the snapshot was made. A snapshot of the program has recorded it,
 * or will be made of a share whose size the program gives. Of a snapshot that the program names by its ID, only the present
 * size of its share is known, too much after it was extended, too little after it was shrunk: that is no more than a note.
 *
 * A clone that exists may be shrunk below that. In the preview of such a change it looks like a new clone of a snapshot that
 * exists, so that is a note, too: a new one is refused by check, which knows what the snapshot has recorded.
 *
 * Fails:
 * ```ts
 * const data = new Share("covers-data-failing", { serviceName, size: 300 }, { protect: true });
 * const point = new Snapshot("covers-point-failing", { serviceName, shareId: data.id });
 * const clone = new ShareClone("covers-too-small", { serviceName, snapshotId: point.id, size: 200 });
 * new ShareAccessRule("covers-too-small-lan", { serviceName, shareId: clone.id, accessTo: "10.0.5.0/24", accessLevel: "rw" });
 * ```
 * Passes:
 * ```ts
 * const data = new Share("covers-data", { serviceName, size: 300 }, { protect: true });
 * const point = new Snapshot("covers-point", { serviceName, shareId: data.id });
 * const clone = new ShareClone("covers-enough", { serviceName, snapshotId: point.id, size: data.size });
 * new ShareAccessRule("covers-enough-lan", { serviceName, shareId: clone.id, accessTo: "10.0.5.0/24", accessLevel: "rw" });
 * ```
 */
export const requireCloneCoversSnapshot = rule<Undecided>({
  name: "ovh-require-clone-covers-snapshot",
  description: "A clone is not smaller than its snapshot's share was.",
  level: "mandatory",
  severity: "high",
  remedy: "Give the clone at least the size of the snapshot's share, shareSize of the Snapshot or HeldSnapshot.",
  settings: { undecided },
  stack: {
    type: CLONE,
    decide(resources, verdict) {
      for (const clone of clonesOf(resources)) {
        if (exists(clone)) continue;
        const size = number(clone, "size");
        const sources = sourcesOf(clone);
        if (size === undefined) verdict.undecided(clone, "size is not known yet.", DECIDER);
        else if (sources.length > 0) decideBySources(clone, size, sources, verdict);
        else decideByFacts(clone, size, verdict);
      }
    },
  },
});

const DECIDER = "Create decides: it refuses a clone that is smaller than its snapshot.";

function decideBySources(clone: InStack, size: number, sources: InStack[], verdict: Verdict<Undecided>): void {
  const needed = sources.map((source) => neededGiB(source, clone));
  const small = sources.filter((_, index) => !coversSource(size, needed[index] ?? 0));
  const [first] = small;
  const open = needed.includes(undefined);
  // Where the program chooses between several, it may choose one that fits.
  if (first !== undefined && small.length === sources.length) {
    const problem = `size is less than the ${neededGiB(first, clone)} GiB that ${called(first)} needs, the size of its share when it is made.`;
    if (namesExisting(clone)) verdict.undecided(clone, `${problem} A clone that exists may be smaller.`, DECIDER);
    else verdict.violation(clone, `${problem} Set size to at least that.`);
  } else if (first !== undefined) {
    verdict.undecided(clone, `size is too small for ${called(first)}, if that is cloned.`, DECIDER);
  } else if (open) {
    verdict.undecided(clone, "the size of the share that is cloned is not known.", DECIDER);
  }
}

function decideByFacts(clone: InStack, size: number, verdict: Verdict<Undecided>): void {
  const present = facts(clone)?.presentShareSizeGiB;
  if (present === undefined) {
    verdict.undecided(clone, "the size of the share that is cloned is not known.", DECIDER);
  } else if (!coversSource(size, present)) {
    verdict.undecided(
      clone,
      `size is less than the ${present} GiB that the snapshot's share has now, which may be more than it had then.`,
      DECIDER,
    );
  }
}
