import { channel } from "node:diagnostics_channel";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { test as base, expect } from "vitest";
import { connectEngine } from "../../provider/core/engine";

/** The SDK's host for dynamic resources: what runs a provider process. */
const HOST = resolve("node_modules/@pulumi/pulumi/cmd/dynamic-provider/index.js");
const load = createRequire(HOST);

interface Shown {
  urn: string;
  message: string;
  severity: number;
  ephemeral: boolean;
}

/** An engine's own end of the line: it takes log messages as the real one does. */
const test = base.extend<{ engine: { address: string; shown: Shown[]; stop: () => void } }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixture's dependencies from this pattern
  engine: async ({}, use) => {
    const grpc = load("@grpc/grpc-js");
    const { EngineService } = load("@pulumi/pulumi/proto/engine_grpc_pb");
    const { Empty } = load("google-protobuf/google/protobuf/empty_pb");
    const shown: Shown[] = [];
    const server = new grpc.Server();
    const notSupported = (_: unknown, answer: (error: Error) => void) => answer(new Error("not supported"));
    const handlers = Object.fromEntries(Object.keys(EngineService).map((name) => [name, notSupported]));
    server.addService(EngineService, {
      ...handlers,
      log: (call: { request: { toObject(): Shown } }, answer: (error: null, empty: unknown) => void) => {
        const { urn, message, severity, ephemeral } = call.request.toObject();
        shown.push({ urn, message, severity, ephemeral });
        answer(null, new Empty());
      },
    });
    const port = await new Promise<number>((bound, failed) => {
      server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error: Error | null, free: number) =>
        error ? failed(error) : bound(free),
      );
    });
    await use({ address: `127.0.0.1:${port}`, shown, stop: () => server.forceShutdown() });
    server.forceShutdown();
  },
});

test("progress reaches the engine with the resource's URN, and without one that is malformed", async ({ engine }) => {
  const { log } = connectEngine(["node", HOST, engine.address], () => {});
  const urn = "urn:pulumi:dev::project::test:index:Component$pulumi-nodejs:dynamic/ovh:Share::team::data";

  log(urn, "creating_from_snapshot", "status");
  log("urn:pulumi:dev", "one", "info");
  log("nonsense", "two", "warning");
  log(undefined, "three", "info");

  await expect.poll(() => engine.shown.length).toBe(4);
  expect(engine.shown).toEqual([
    { urn, message: "creating_from_snapshot", severity: 1, ephemeral: true },
    { urn: "", message: "one", severity: 1, ephemeral: false },
    { urn: "", message: "two", severity: 2, ephemeral: false },
    { urn: "", message: "three", severity: 1, ephemeral: false },
  ]);
});

test("what others have named steers no terminal", async ({ engine }) => {
  const { log } = connectEngine(["node", HOST, engine.address], () => {});
  log(undefined, 'took over share 1 ("\u001b[2Jdata")\nof 数据', "info");
  await expect.poll(() => engine.shown.length).toBe(1);
  expect(engine.shown[0]?.message).toBe('took over share 1 ("\\u{1b}[2Jdata")\nof 数据');
});

test("the engine's Cancel interrupts, and no other call does", ({ engine }) => {
  const { interrupted } = connectEngine(["node", HOST, engine.address], () => {});
  const stream = channel("http2.server.stream.start");
  stream.publish({ headers: { ":path": "/pulumirpc.ResourceProvider/Check" } });
  stream.publish({});
  expect(interrupted.aborted).toBe(false);
  stream.publish({ headers: { ":path": "/pulumirpc.ResourceProvider/Cancel" } });
  expect(interrupted.aborted).toBe(true);
});

test("a dead engine is noticed within a few seconds", { timeout: 10_000 }, async ({ engine }) => {
  let died = false;
  connectEngine(["node", HOST, engine.address], () => {
    died = true;
  });
  engine.stop();
  await expect.poll(() => died, { timeout: 8_000 }).toBe(true);
});

test("a dead engine interrupts what waits before the process ends: nothing more may be made", {
  timeout: 10_000,
}, async ({ engine }) => {
  let died = false;
  const { interrupted } = connectEngine(["node", HOST, engine.address], () => {
    died = true;
  });
  engine.stop();
  await new Promise((aborted) => interrupted.addEventListener("abort", aborted, { once: true }));
  expect(died).toBe(false);
});

test("progress that can't be shown never fails an operation", () => {
  const { log } = connectEngine(["node", "/nowhere/host.js", "127.0.0.1:1"], () => {});
  expect(() => log("urn:pulumi:dev::project::a:b:C::name", "creating", "status")).not.toThrow();
});

test.each([[[]], [["node", HOST]], [["node", HOST, "--inspect"]], [["node", HOST, "http://127.0.0.1:80/"]]])(
  "outside of a provider process there is nobody to interrupt: %j",
  (argv) => {
    const { interrupted } = connectEngine(argv);
    channel("http2.server.stream.start").publish({ headers: { ":path": "/pulumirpc.ResourceProvider/Cancel" } });
    expect(interrupted.aborted).toBe(false);
  },
);
