import { expect, test } from "vitest";
import { connectEngine, noEngine } from "../../provider/core/engine";

test.each([
  [[]],
  [["node", "host.js"]],
  [["node", "host.js", "--inspect"]],
  [["node", "host.js", "not an address"]],
  [["node", "host.js", "127.0.0.1"]],
  [["node", "host.js", "http://127.0.0.1:80/"]],
])("outside of a provider process nothing is connected: %j", (argv) => {
  const engine = connectEngine(argv);
  engine.log("urn:pulumi:dev::project::type::name", "message", "info");
  expect(engine.interrupted.aborted).toBe(false);
});

test("progress that can't be shown never fails an operation", () => {
  const engine = connectEngine(["node", "/nowhere/host.js", "127.0.0.1:1"]);
  for (const urn of [undefined, "", "urn:pulumi:", "nonsense", "urn:pulumi:dev::project::a:b:C::name"]) {
    expect(() => engine.log(urn, "creating (1s)", "status")).not.toThrow();
  }
});

test("an engine that is not there is never interrupted", () => {
  expect(noEngine().interrupted.aborted).toBe(false);
});
