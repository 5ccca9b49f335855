import type { StateForm } from "../../simulator/stateFile";
import type { State } from "./records";
import { newAdministration } from "./services";

const fill = <Stored extends object>(records: Iterable<Stored>, defaults: () => Partial<Stored>): void => {
  for (const record of records) Object.assign(record, { ...defaults(), ...record });
};

/** How the state lies in its file. It stays the same, so that older simulators can read it again. */
export const STATE_FORM: StateForm<State> = {
  format: "holdfast-ovh-simulator",
  tables: { services: "id", shares: "id", snapshots: "id", policies: "id" },
  objects: ["credentials"],
  complete(state) {
    fill(state.shares.values(), () => ({ usedGiB: 0 }));
    fill(state.snapshots.values(), () => ({ usedGiB: 0 }));
    fill(state.services.values(), () => ({ progress: null, administration: newAdministration() }));
    // the first service itself may be gone: it can be terminated
    return typeof state.serviceName === "string";
  },
};
