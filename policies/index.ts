import { PolicyPack } from "@pulumi/policy";
import { limitCloneSize } from "./rules/limitCloneSize";
import { restrictAccessRules } from "./rules/restrictAccessRules";

// Creating the pack starts its server: nothing else may import this file.
new PolicyPack("holdfast", { policies: [limitCloneSize, restrictAccessRules] });
