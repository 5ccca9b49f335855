import { expect, test } from "vitest";
import type { Fault } from "../../../provider/simulators";
import { prepare, SIMULATED } from "./operations";

/** Faults that a call must survive without effect, and what it sees of each. */
const WITHOUT_EFFECT: readonly [fault: Fault, status: number, retryAfter: string | undefined][] = [
  [{ kind: "status", status: 429 }, 429, undefined],
  [{ kind: "status", status: 429, retryAfter: 3 }, 429, "3"],
  [{ kind: "status", status: 502, html: "<html>Bad Gateway</html>" }, 502, undefined],
  [{ kind: "missingPermission" }, 403, undefined],
  [{ kind: "clockSkew", seconds: -3600 }, 400, undefined],
  [{ kind: "expiredToken" }, 403, undefined],
];

test.each(SIMULATED)("%s %s can meet every fault", async (method, path, _action, body) => {
  const { client, model, simulator, filled } = await prepare();
  const template = path.replace("{emptyShareId}", "{shareId}").replace("{automaticId}", "{snapshotId}");
  const sent = body === undefined ? undefined : JSON.parse(filled(JSON.stringify(body)));
  const call = () => client.call(method, filled(path), sent);
  const order = (fault: Fault) => void simulator.faults.add({ method, path: template, fault });
  const stateOf = () => JSON.stringify([model.services, model.shares, model.snapshots, model.policies]);
  const before = stateOf();
  for (const [fault, status, retryAfter] of WITHOUT_EFFECT) {
    order(fault);
    const reply = await call();
    expect([reply.status, reply.headers.get("retry-after") ?? undefined]).toEqual([status, retryAfter]);
  }
  order({ kind: "dropBefore" });
  await expect(call()).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
  expect(stateOf()).toBe(before);
  order({ kind: "dropAfter" });
  await expect(call()).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
  expect(simulator.faults.pending).toEqual([]);
  expect(stateOf() !== before).toBe(method !== "GET");
});

test.each(SIMULATED)("%s %s can be carried out and answer nonsense", async (method, path, _action, body) => {
  const { client, simulator, filled } = await prepare();
  const sent = body === undefined ? undefined : JSON.parse(filled(JSON.stringify(body)));
  simulator.faults.add({ method, fault: { kind: "body", text: "<!doctype html>" } });
  const reply = await client.call(method, filled(path), sent);
  expect([200, 201, 202]).toContain(reply.status);
  expect(reply.text).toBe("<!doctype html>");
});
