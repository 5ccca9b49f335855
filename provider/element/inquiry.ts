import { createInquiry } from "../core/inquiry";
import type { Account, Answers } from "./lookups.calls";
import { CLASS_NAME } from "./provider";

/** How a program's look-ups reach a cluster. */
export const { ask, askOutput } = createInquiry<Account, Answers>({
  what: "NetApp Element",
  noAccount: "No NetApp Element account was found.",
  providerClass: CLASS_NAME,
  anyType: "pulumi-nodejs:dynamic/element:VolumeClone",
  load: () => import("./lookups.calls.js"),
});
