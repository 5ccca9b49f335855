import { isUnknown } from "../../core/unknowns";
import { ruleText } from "./clones";
import { type Fate, fateOf, type Preview, type Step } from "./model";
import { knownOf, SHARES, shareOf, sizeOf, VOLUMES } from "./related";
import { textOf, unknownPaths } from "./values";
import { fateText, gib, type Show, withoutSystem } from "./words";

const CHANGES: readonly Fate[] = ["delete", "replace", "forget", "create", "import", "update"];
const VERBS: Readonly<Record<Fate, string>> = {
  create: "to create",
  import: "to import",
  replace: "to replace",
  update: "to update",
  delete: "to delete",
  forget: "to forget",
  read: "looked up",
  same: "unchanged",
};

/** `2 to create, 1 to replace` */
export function countText(preview: Preview): string {
  const fates = [...preview.steps.values()].map(fateOf);
  const counts = [...CHANGES, "same" as const, "read" as const].flatMap((fate) => {
    const count = fates.filter((other) => other === fate).length;
    return count > 0 ? [`${count} ${VERBS[fate]}`] : [];
  });
  return counts.length > 0 ? counts.join(", ") : "no changes";
}

const SIZED: readonly string[] = [...SHARES, ...VOLUMES];

/** What matters of one of our resources besides its name. */
function detail(preview: Preview, step: Step, show: Show): string {
  const { kind } = step;
  if (kind === "ovh:ShareAccessRule") {
    const share = shareOf(preview, step);
    const id = knownOf(step, "shareId");
    const named = share.steps.length === 1 ? ` on ${show(share.steps[0]?.name ?? "")}` : "";
    return `: ${ruleText(step, show)}${named || (isUnknown(id) ? " on a new share" : ` on share ${show(textOf(id))}`)}`;
  }
  if (SIZED.includes(kind)) {
    const size = sizeOf(step.after ?? step.before);
    return size === undefined ? "" : `: ${gib(size)}`;
  }
  if (kind === "element:Snapshot") {
    const volume = knownOf(step, "volumeID");
    return typeof volume === "number" ? `: of volume ${show(String(volume))}` : "";
  }
  const id = knownOf(step, "shareId");
  const share = typeof id === "string" && !isUnknown(id) ? `share ${show(id)}` : "";
  if (kind === "ovh:ShareRevert" && ["create", "replace"].includes(fateOf(step))) {
    return `: takes ${share || "a share"} back to its newest manual snapshot, and what was written since is lost`;
  }
  return share === "" ? "" : `: of ${share}`;
}

const componentOf = (step: Step): string => {
  const parent = (step.after ?? step.before)?.parent ?? "";
  return parent === "" || parent.includes("::pulumi:pulumi:Stack::") ? "" : (parent.split("::").at(-1) ?? "");
};

/** Our resources that change, one a line. */
export function changeLines(preview: Preview, show: Show): string[] {
  const lines = CHANGES.flatMap((fate) =>
    [...preview.steps.values()]
      .filter((step) => step.ours && fateOf(step) === fate)
      .map((step) => {
        const component = componentOf(step);
        const within = component === "" ? "" : ` in ${show(component)}`;
        const differs =
          step.differs.length > 0 && ["replace", "update"].includes(fate)
            ? ` (${step.differs
                .slice(0, 8)
                .map((path) => show(path))
                .join(", ")})`
            : "";
        const kind = withoutSystem(step.kind);
        return `- ${kind} ${show(step.name)}${within} is ${fateText(step)}${differs}${detail(preview, step, show)}`;
      }),
  );
  return lines.length > 0 ? ["### Storage", "", ...lines, ""] : [];
}

/** How many names of one type are listed. */
const LISTED = 10;

/** Components of ours: their parts say in which one they are. */
const OUR_COMPONENT = /^holdfast:\w+:\w+$/;

/** Resources of other providers, by what becomes of them and by type. */
export function otherLines(preview: Preview, show: Show): string[] {
  const groups = new Map<string, Step[]>();
  for (const step of preview.steps.values()) {
    const fate = fateOf(step);
    if (step.ours || OUR_COMPONENT.test(step.kind) || !CHANGES.includes(fate)) continue;
    const key = `${CHANGES.indexOf(fate)} ${step.kind}`;
    groups.set(key, [...(groups.get(key) ?? []), step]);
  }
  const lines = [...groups.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, steps]) => {
      const [first] = steps;
      if (first === undefined) return "";
      const names = steps.slice(0, LISTED).map(({ name }) => show(name, 80));
      if (steps.length > LISTED) names.push(`${steps.length - LISTED} more`);
      return `- ${steps.length} ${VERBS[fateOf(first)]}: ${show(first.kind)}, ${names.join(", ")}`;
    });
  return lines.length > 0 ? ["### Other resources", "", ...lines, ""] : [];
}

/** Values of our resources that only the update will know. */
export function unknownLines(preview: Preview, show: Show): string[] {
  const lines = [...preview.steps.values()].flatMap((step) => {
    if (!step.ours || ["same", "read"].includes(fateOf(step))) return [];
    const paths = unknownPaths(step.after?.inputs);
    return paths.length === 0 ? [] : [`- ${show(step.name)}: ${paths.map((path) => show(path)).join(", ")}`];
  });
  return lines.length > 0 ? ["### Unknown until up", "", ...lines, ""] : [];
}

/** What a message is about, as far as it is known. */
export const about = (urn: string, show: Show): string =>
  urn === "" ? "" : `${show(urn.split("::").slice(3).join("::"))}: `;
