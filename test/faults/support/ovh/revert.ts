import type { Declared } from "../stack";
import type { Phase } from "../system";
import type { OvhProgram, OvhWorld } from "./service";

/** The share is larger now than the snapshot is, and has its size back afterwards. */
const SIZE_GIB = 150;

const good: Declared = {
  kind: "ovh:Snapshot",
  name: "good",
  args: () => ({}),
};

const taken: OvhProgram = ({ serviceName, production }) => [
  { ...good, args: () => ({ serviceName, shareId: production }) },
];

/** `trigger` asks for one revert. */
export const undone =
  (trigger: number): OvhProgram =>
  (place) => [
    ...taken(place),
    {
      kind: "ovh:ShareRevert",
      name: "undo",
      args: (idOf) => ({
        serviceName: place.serviceName,
        shareId: place.production,
        snapshotId: idOf("good"),
        trigger,
        confirmDataLossOf: place.production,
      }),
    },
  ];

const productionOf = ({ simulator, production }: OvhWorld) =>
  simulator.model.shares.find(({ id }) => id === production);

/** Data are good when the snapshot is taken, then somebody ruins them. */
export const REVERT: readonly Phase<OvhWorld>[] = [
  {
    name: "take a snapshot",
    command: "up",
    before: ({ simulator, production }) => simulator.model.writeFile(production, "orders", "good"),
    program: taken,
  },
  {
    name: "revert",
    command: "up",
    before: ({ simulator, clock, production }) => {
      clock.pass(120_000);
      simulator.model.writeFile(production, "orders", "ruined");
      simulator.model.takeAutomaticSnapshot(production);
      for (const share of simulator.model.shares) if (share.id === production) share.size = SIZE_GIB;
    },
    program: undone(1),
    wrong: (world) => {
      const share = productionOf(world);
      const found: string[] = [];
      if (share?.files["orders"] !== "good") found.push(`the data are ${share?.files["orders"]}`);
      if (share?.size !== SIZE_GIB) found.push(`the share has ${share?.size} GiB instead of ${SIZE_GIB}`);
      return found;
    },
    watch: (world) => {
      const begun = new Set<number>();
      world.watchers.push(() => {
        const share = productionOf(world);
        if (share?.status === "reverting" && share.progress) begun.add(share.progress.since);
      });
      return () => (begun.size > 1 ? [`the share was reverted ${begun.size} times`] : []);
    },
  },
  { name: "destroy the act", command: "destroy", program: undone(1) },
];
