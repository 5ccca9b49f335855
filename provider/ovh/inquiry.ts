import { createInquiry } from "../core/inquiry";
import type { Account, Answers } from "./lookups.calls";
import { CLASS_NAME } from "./provider";

/** How a program's look-ups reach OVHcloud. */
export const { ask, askOutput } = createInquiry<Account, Answers>({
  what: "OVHcloud file storage",
  noAccount: "No OVHcloud credentials were found.",
  providerClass: CLASS_NAME,
  anyType: "pulumi-nodejs:dynamic/ovh:Share",
  load: () => import("./lookups.calls.js"),
});
