import { MAIN } from "../support/element/scenario";
import { ELEMENT } from "../support/element/system";
import { describeMatrix } from "../support/matrix";

describeMatrix(ELEMENT, MAIN, "create");
