import { describeMatrix } from "../support/matrix";
import { MAIN } from "../support/ovh/scenario";
import { OVH } from "../support/ovh/system";

describeMatrix(OVH, MAIN, "refresh");
