import { describeMatrix } from "../support/matrix";
import { REVERT } from "../support/ovh/revert";
import { OVH } from "../support/ovh/system";

describeMatrix(OVH, REVERT, "take a snapshot");
describeMatrix(OVH, REVERT, "revert");
describeMatrix(OVH, REVERT, "destroy the act");
