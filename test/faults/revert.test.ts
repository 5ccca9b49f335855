import { describeMatrix } from "./support/matrix";
import { REVERT } from "./support/revert";

describeMatrix("take a snapshot", REVERT);
describeMatrix("revert", REVERT);
describeMatrix("destroy the act", REVERT);
