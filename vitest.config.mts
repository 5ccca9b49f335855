import { defineConfig } from "vitest/config";

// `npm run test:unit` and `npm run test:e2e` choose one of the projects.
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/{bench,e2e,install}/**"],
          testTimeout: 20_000,
        },
      },
      {
        // on the built package and a real engine: each test starts several processes
        test: { name: "e2e", include: ["test/e2e/**/*.test.ts"], testTimeout: 120_000, hookTimeout: 120_000 },
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
      { test: { name: "bench", include: ["test/bench/**/*.test.ts"] } },
    ],
  },
});
