import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ElementSwitches, simulateElement } from "../../../provider/simulators";
import type { System } from "./system";

const HEADER = `import { Snapshot, VolumeClone } from "pulumi-holdfast/element";
const volumeID = Number(process.env["HOLDFAST_ELEMENT_VOLUME"]);
const volumeAccessGroupIDs = [Number(process.env["HOLDFAST_ELEMENT_ACCESS_GROUP"])];
`;

/** NetApp Element. `cloneMs`: longer than the next command takes to start, where it is to meet a clone that runs. */
export const element = (
  initVolumes: NonNullable<ElementSwitches["initVolumes"]>,
  { cloneMs }: { cloneMs: number },
): System => ({
  async open(onCall) {
    const simulator = await simulateElement({ initVolumes, cloneMs, onCall });
    const { model } = simulator;
    return {
      environment: simulator.environment,
      get called() {
        return simulator.calls.length;
      },
      since: (number) =>
        simulator.calls.slice(number).map(({ method }) => ({ method, path: "", write: !/^(Get|List)/.test(method) })),
      // What is deleted stays for 8 hours, and counts as gone.
      objects: () => ({
        volumes: model.volumes
          .filter(({ status }) => status !== "deleted")
          .map(({ volumeID }) => `VolumeClone ${volumeID}`),
        snapshots: model.snapshots.map(({ snapshotID }) => `Snapshot ${snapshotID}`),
      }),
      prepare: () => {},
      order: ({ method, occurrence }, fault) => simulator.faults.add({ method, skip: occurrence, fault }),
      get unmatched() {
        return simulator.unmatched;
      },
      close: () => simulator.close(),
    };
  },
  write: (project, program) => writeFile(join(project.folder, "index.mjs"), HEADER + program),
  // Each kind of object has numbers of its own.
  nameOf: (type, id) => `${type.split(":").at(-1)} ${id}`,
});
