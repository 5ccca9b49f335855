import type { Candidate } from "../core/leftBehind";
import type { Maker, Making } from "../core/once";
import type { ElementKind } from "../kinds";
import type { Element } from "./client";
import { isRecorded } from "./identity";
import { isLost } from "./refusal";

/** The cluster, as that in which something is made once. */
export const makerOf = (element: Element): Maker => ({
  adoptWithinMinutes: element.settings().adoptWithinMinutes,
  now: element.now,
  isLost,
});

/** What is known again by the mark in its attributes. Its id means something on this cluster only. */
export const byMark = (
  kind: ElementKind,
  cluster: string,
): Pick<Making<Candidate>, "kind" | "kinds" | "parents" | "sign" | "known" | "isManagedBy"> => ({
  kind,
  kinds: [kind],
  parents: [],
  sign: "carries this resource's mark",
  known: true,
  isManagedBy: ({ resources }, { id }) => isRecorded(resources, kind, id, cluster),
});
