import type { State } from "./records";
import { newAdministration } from "./services";

const fill = <Stored extends object>(records: Iterable<Stored>, defaults: () => Partial<Stored>): void => {
  for (const record of records) Object.assign(record, { ...defaults(), ...record });
};

/** Adds to a state what simulators did not know yet when they wrote it. Its format stays the same, so they can read it again. */
export function complete(state: State): void {
  fill(state.shares.values(), () => ({ usedGiB: 0 }));
  fill(state.snapshots.values(), () => ({ usedGiB: 0 }));
  fill(state.services.values(), () => ({ progress: null, administration: newAdministration() }));
}
