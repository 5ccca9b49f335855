import { toMebibytes } from "../../../provider/element/sizes";
import { rule, type Undecided, undecided, type Verdict } from "../../rule";
import { called, type InStack, isSet, number, type Seen } from "../../seen";
import { clonedBytes, clonesOf, snapshotsOf } from "../program";
import { CLONE, factsOfCloned, ofSnapshot } from "../seen";

interface Settings extends Undecided {
  allowed: string[];
}

/**
 * A clone may be smaller than what is cloned: the cluster cuts off the end, and a file system that was not shrunk before is
 * broken then. Sizes are compared as the cluster has them, in whole MiB. Without `newSize` a clone is as large as its source.
 *
 * Of an ID, the size that check has looked up counts. Of what the program makes itself, the one that a snapshot has recorded,
 * or that of a volume that is made in the same run.
 *
 * Fails:
 * ```ts
 * const whole = new Snapshot("smaller-whole", { volumeID, retention: "24:00:00" });
 * const newSize = 1_000_000_000;
 * new VolumeClone("smaller-cut", { volumeID, snapshotID: whole.snapshotID, newAccountID, access: "readWrite", newSize });
 * ```
 * Passes:
 * ```ts
 * const whole = new Snapshot("as-large-whole", { volumeID, retention: "24:00:00" });
 * const newSize = whole.totalSize;
 * new VolumeClone("as-large", { volumeID, snapshotID: whole.snapshotID, newAccountID, access: "readWrite", newSize });
 * ```
 */
export const requireCloneNotSmaller = rule<Settings>({
  name: "element-require-clone-not-smaller",
  description: "A clone is not smaller than what is cloned, so that no data are cut off.",
  level: "mandatory",
  severity: "high",
  remedy: "Leave newSize out, or name the clone in allowed where its file systems were shrunk before.",
  settings: {
    allowed: {
      type: "array",
      items: { type: "string", minLength: 1 },
      default: [],
      description: "Names of clones, or parts of their URNs, that may be smaller.",
    },
    undecided,
  },
  resource: {
    types: [CLONE],
    decide(clone, { config, violation }) {
      const newSize = number(clone, "newSize");
      const cloned = factsOfCloned(clone)?.totalSize;
      if (newSize === undefined || cloned === undefined || isAllowed(clone, config)) return;
      if (cuts(newSize, cloned)) violation(clone, tooSmall(cloned, "its source has"));
    },
  },
  stack: {
    type: CLONE,
    decide(resources, verdict) {
      for (const clone of clonesOf(resources)) {
        if (!isSet(clone, "newSize") || isAllowed(clone, verdict.config)) continue;
        const newSize = number(clone, "newSize");
        // What check has looked up decides, and the other part has said so.
        if (newSize === undefined) verdict.undecided(clone, "newSize is not known yet.", DECIDER);
        else if (factsOfCloned(clone) === undefined) decideBySources(clone, newSize, verdict);
      }
    },
  },
});

const DECIDER = "This rule decides during the update.";

const isAllowed = (clone: Seen, { allowed }: Settings): boolean => allowed.some((part) => clone.urn.includes(part));

const cuts = (newSize: number, cloned: number): boolean => toMebibytes(newSize) < toMebibytes(cloned);

const tooSmall = (cloned: number, of: string): string =>
  `newSize is less than the ${cloned} bytes that ${of}, and what is beyond is cut off. Set it to at least that, or leave it out.`;

function decideBySources(clone: InStack, newSize: number, verdict: Verdict<Settings>): void {
  const snapshots: (InStack | undefined)[] = ofSnapshot(clone) ? snapshotsOf(clone) : [undefined];
  const sources = snapshots.map((snapshot) => ({ snapshot, cloned: clonedBytes(clone, snapshot) }));
  const cutting = sources.filter(({ cloned }) => cloned !== undefined && cuts(newSize, cloned));
  const [first] = cutting;
  const name = first?.snapshot === undefined ? "its source" : called(first.snapshot);
  // Where the program chooses between several, it may choose one that fits.
  if (first?.cloned !== undefined && cutting.length === sources.length) {
    verdict.violation(clone, tooSmall(first.cloned, `${name} has`));
  } else if (first !== undefined) {
    verdict.undecided(clone, `newSize is less than the size of ${name}, if that is cloned.`, DECIDER);
  } else if (sources.length === 0 || sources.some(({ cloned }) => cloned === undefined)) {
    verdict.undecided(clone, "the size of what is cloned is not known.", DECIDER);
  }
}
