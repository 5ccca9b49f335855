import { isUnknown } from "../../core/unknowns";
import { fateOf, type Preview, type Step } from "./model";
import { factsOf, inputOf, knownOf, snapshotOfVolume, volumeOf } from "./related";
import { SECRET, textOf } from "./values";
import { gib, originText, type Show, UNKNOWN, when } from "./words";

/** A number of an object as the API has it, of what may be none. */
function numbered(value: unknown, show: Show): string {
  if (isUnknown(value)) return UNKNOWN;
  return value === SECRET ? "secret" : show(String(value));
}

/** Where the contents of a clone of Element come from, and how old they are. */
export function volumeOrigin(preview: Preview, clone: Step, show: Show): [source: string, data: string] {
  const facts = factsOf(clone.after);
  const made = clone.before?.outputs ?? {};
  const fromSnapshot = inputOf(clone, "snapshotID");
  if (fromSnapshot !== undefined) {
    return originText(
      preview,
      {
        id: fromSnapshot,
        found: snapshotOfVolume(preview, clone),
        dataOf(step) {
          const time = knownOf(step, "createTime");
          return typeof time === "string" && !isUnknown(time) ? when(preview, time, show) : "taken during up";
        },
        time: "createTime",
        elsewhere(id) {
          const known = facts?.["snapshotID"] === fromSnapshot ? facts : undefined;
          const recorded = made["snapshotID"] === fromSnapshot ? made["sourceCreateTime"] : undefined;
          const source = `snapshot ${id} of ${volumeText(clone, show)}`;
          return known === undefined
            ? [`${source}, not looked up`, when(preview, recorded, show)]
            : [source, when(preview, known["createTime"], show)];
        },
      },
      show,
    );
  }
  // A volume is cloned as it is at that moment.
  const now = ["create", "replace"].includes(fateOf(clone));
  const data = now ? "as it is at the time of up" : when(preview, made["createTime"], show);
  const elsewhere = (): [string, string] => {
    const source = volumeText(clone, show);
    return facts === undefined
      ? [`${source}, not looked up`, data]
      : [`${source}, ${gib(bytesToGiB(facts["totalSize"]))}`, data];
  };
  const id = inputOf(clone, "volumeID");
  const found = volumeOf(preview, clone);
  return originText(preview, { id, found, dataOf: () => data, time: "createTime", elsewhere }, show);
}

/** `volume "orders" (5)` */
function volumeText(clone: Step, show: Show): string {
  const facts = factsOf(clone.after);
  const id = numbered(inputOf(clone, "volumeID"), show);
  return facts === undefined ? `volume ${id}` : `volume ${show(textOf(facts["name"]))} (${id})`;
}

const bytesToGiB = (bytes: unknown): number | undefined => (typeof bytes === "number" ? bytes / 1024 ** 3 : undefined);

/** Who owns a clone, what they may do with it, and which initiators reach it. */
export function volumeAccess(clone: Step, show: Show): string {
  const facts = factsOf(clone.after);
  const account = knownOf(clone, "newAccountID") ?? knownOf(clone, "accountID") ?? facts?.["accountID"];
  const access = knownOf(clone, "access") ?? facts?.["access"];
  const groups = inputOf(clone, "volumeAccessGroupIDs");
  const reached =
    Array.isArray(groups) && groups.length > 0
      ? `access groups ${groups.map((group) => numbered(group, show)).join(", ")}`
      : groups === undefined || Array.isArray(groups)
        ? "no access group"
        : `access groups ${numbered(groups, show)}`;
  return [
    account === undefined || (isUnknown(account) && inputOf(clone, "newAccountID") === undefined)
      ? "the source's account"
      : `account ${numbered(account, show)}`,
    access === undefined || (isUnknown(access) && inputOf(clone, "access") === undefined)
      ? "the source's access"
      : numbered(access, show),
    reached,
  ].join(", ");
}
