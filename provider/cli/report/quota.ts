import { deletesFirst, fateOf, type Preview } from "./model";
import { knownOf, SHARES, sizeOf } from "./related";
import { textOf } from "./values";

/** What an update takes from the quota of one service, in GiB. */
export interface Taken {
  service: string;
  /** Once it is done; negative where it gives back. */
  after: number;
  /** At most, while it runs: old objects go after the new ones are made, unless they have to go first. */
  meanwhile: number;
  /** Shares whose size is not known yet. */
  unknown: string[];
}

/** Nominal sizes of shares and clones count, whatever they hold. */
export function quotaTaken(preview: Preview): Taken[] {
  const services = new Map<string, Taken>();
  const of = (service: string): Taken => {
    const taken = services.get(service) ?? { service, after: 0, meanwhile: 0, unknown: [] };
    services.set(service, taken);
    return taken;
  };
  for (const step of preview.steps.values()) {
    const fate = fateOf(step);
    if (!step.ours || !SHARES.includes(step.kind) || ["same", "read", "import"].includes(fate)) continue;
    const taken = of(textOf(knownOf(step, "serviceName")));
    const stays = fate === "forget" || fate === "create" || (fate === "replace" && step.before?.retained === true);
    const freed = stays ? 0 : (sizeOf(step.before) ?? 0);
    const needed = fate === "delete" || fate === "forget" ? 0 : sizeOf(step.after);
    if (needed === undefined) {
      taken.unknown.push(step.name);
      continue;
    }
    // A replacement may move it into another service.
    const left =
      step.before &&
      of(textOf(step.before.inputs["serviceName"] ?? step.before.outputs["serviceName"]) || taken.service);
    taken.after += needed;
    (left ?? taken).after -= freed;
    const inPlace = left === taken && (fate === "update" || deletesFirst(step));
    taken.meanwhile += inPlace ? Math.max(0, needed - freed) : needed;
  }
  return [...services.values()].filter(({ after, meanwhile, unknown }) => after || meanwhile || unknown.length > 0);
}
