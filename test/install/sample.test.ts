import { live } from "./support/cell";
import { OLDEST_SDK } from "./support/install";
import { test } from "./support/tarball";

// The strictest layout with the oldest SDK, as what breaks an installation breaks this one first. The others are in
// matrix.test.ts.
test("a program that pnpm has installed, with the oldest SDK, compiles and runs from preview to destroy", async ({
  tarball,
}) => {
  await live({ manager: "pnpm", program: "TypeScript 6, ESM, types stripped", node: 24, sdk: OLDEST_SDK }, tarball);
});
