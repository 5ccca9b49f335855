import { defineConfig } from "vitest/config";

const ALONE = ["test/policies/library.test.ts", "test/hostile/**/*.test.ts"];

// `npm run test:unit` and `npm run test:e2e` choose one of the projects.
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/{bench,e2e,faults,install,kills,load}/**", ...ALONE],
          isolate: false, // loading the same modules for each file took half of the time
          testTimeout: 60_000, // some start a dozen processes
          expect: { poll: { timeout: 30_000 } },
        },
      },
      {
        // as the unit tests, and each file with modules of its own: the SDK starts one policy pack and no second one, and
        // what generated input has set off may go on after its test
        test: { name: "alone", include: ALONE, testTimeout: 60_000 },
      },
      {
        // on the built package and a real engine: each test starts several processes
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 60_000 } },
        },
      },
      {
        // with packages from the registry: each test installs a program of its own
        test: {
          name: "install",
          include: ["test/install/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 120_000,
          maxConcurrency: 2,
        },
      },
      {
        // every call of the main scenario times every fault; the sample is part of `npm test`
        test: {
          name: "faults",
          include: ["test/faults/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          globalSetup: ["test/faults/support/table.ts"],
        },
      },
      {
        // on a real engine, whose processes are killed; the sample is part of `npm test`
        test: {
          name: "kills",
          include: ["test/kills/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 120_000,
          maxConcurrency: 3,
        },
      },
      {
        // hundreds of shares on a service that throttles
        test: { name: "load", include: ["test/load/**/*.test.ts"], testTimeout: 3_600_000, hookTimeout: 120_000 },
      },
      { test: { name: "bench", include: ["test/bench/**/*.test.ts"] } },
    ],
  },
});
