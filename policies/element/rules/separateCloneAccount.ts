import { rule, type Undecided, undecided } from "../../rule";
import { type InStack, isSet, number, unknown } from "../../seen";
import { clonesOf, volumeOf } from "../program";
import { CLONE, facts } from "../seen";

interface Settings extends Undecided {
  productionAccounts: number[];
}

/**
 * A clone lands in another account than its source: an account's initiators may log in to all of its volumes, and a server of
 * production that finds a second copy of its disk may mount the wrong one. Without `newAccountID`, a clone has the account of its
 * source.
 *
 * Fails:
 * ```ts
 * const point = new Snapshot("account-point-failing", { volumeID, retention: "24:00:00" });
 * new VolumeClone("account-of-source", { volumeID, snapshotID: point.snapshotID, access: "readWrite" });
 * ```
 * Passes:
 * ```ts
 * const point = new Snapshot("account-point", { volumeID, retention: "24:00:00" });
 * new VolumeClone("account-of-test", { volumeID, snapshotID: point.snapshotID, newAccountID, access: "readWrite" });
 * ```
 */
export const separateCloneAccount = rule<Settings>({
  name: "element-separate-clone-account",
  description: "A clone lands in another account than its source, and in none of production.",
  level: "mandatory",
  severity: "high",
  remedy: "Give newAccountID the ID of an account for clones.",
  settings: {
    productionAccounts: {
      type: "array",
      items: { type: "integer", minimum: 1 },
      default: [],
      description: "IDs of accounts that no clone lands in, whatever its source.",
    },
    undecided,
  },
  resource: {
    types: [CLONE],
    decide(clone, { config, violation, undecided }) {
      const account = number(clone, "newAccountID");
      if (unknown(clone, "newAccountID")) {
        undecided(clone, "newAccountID is not known yet.", DECIDER);
      } else if (account === undefined) {
        violation(
          clone,
          "newAccountID is left out, so that a clone lands in the account of its source. Give it that of another one.",
        );
      } else if (config.productionAccounts.includes(account)) {
        violation(clone, "newAccountID is one of productionAccounts, which no clone lands in. Give it another one.");
      } else if (account === facts(clone)?.accountID) {
        violation(clone, SAME);
      }
    },
  },
  stack: {
    type: CLONE,
    decide(resources, { config, violation, undecided }) {
      for (const clone of clonesOf(resources)) {
        const account = number(clone, "newAccountID");
        // What these decide, the other part has said.
        if (account === undefined || config.productionAccounts.includes(account) || facts(clone) !== undefined)
          continue;
        const source = sourceAccount(clone);
        if (source === account) violation(clone, SAME);
        else if (source === undefined) undecided(clone, "the account of its source is not known.", DECIDER);
      }
    },
  },
});

const DECIDER = "This rule decides during the update.";
const SAME = "newAccountID is the account of its source. Give it that of another one.";

/** The account of the clone of this program that is cloned: where it is, or where it will be. */
function sourceAccount(clone: InStack): number | undefined {
  const volume = volumeOf(clone);
  if (volume === undefined) return undefined;
  const account = number(volume, "accountID") ?? number(volume, "newAccountID");
  if (account !== undefined || isSet(volume, "newAccountID")) return account;
  return facts(volume)?.accountID ?? sourceAccount(volume);
}
