import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { simulateElement, simulateOvh } from "../../../provider/simulators";
import { Client, Clock, items, start } from "./fixtures";

const stateFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "element-state-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "state.json");
};

test("a restarted simulator goes on: volumes, contents, running and waiting clones, handles, password", async () => {
  const file = stateFile();
  const clock = new Clock();
  const options = { stateFile: file, now: clock.now, cloneMs: 1000 };
  const first = await simulateElement(options);
  const before = new Client(first);
  first.model.writeBlock(1, 5, "kept");
  first.model.setFullness("stage2Aware");
  const { snapshotID } = first.model.takeSnapshot(1);
  const clones = [];
  for (const name of ["a", "b", "c"]) clones.push(await before.clone({ name, snapshotID }));
  await before.call("DeleteVolume", { volumeID: first.model.addVolume("gone").volumeID });
  first.model.advanceClock(500);
  await first.close();
  expect(statSync(file).mode & 0o777).toBe(0o600);

  const { simulator, client, model } = await start(options);
  expect(simulator.environment).toMatchObject({
    ELEMENT_PASSWORD: first.credentials.password,
    HOLDFAST_ELEMENT_VOLUME: "1",
  });
  expect(model.now).toBe(clock.time + 500);
  expect([model.fullness, model.readBlock(1, 5), model.readSnapshotBlock(snapshotID, 5)]).toEqual([
    "stage2Aware",
    "kept",
    "kept",
  ]);
  expect(items(await client.call("ListSyncJobs"), "syncJobs")).toMatchObject([
    { cloneID: 501, percentComplete: 50 },
    { cloneID: 502 },
  ]);
  clock.pass(1500);
  for (const { asyncHandle, volumeID } of clones) {
    expect(await client.call("GetAsyncResult", { asyncHandle })).toMatchObject({ status: "complete" });
    expect(model.readBlock(volumeID, 5)).toBe("kept");
  }
  expect(items(await client.call("ListDeletedVolumes"), "volumes")).toMatchObject([{ name: "gone" }]);
  expect((await client.clone()).volumeID).toBe(6);
  await simulator.close();
  // what was read without keepResult stays consumed
  const third = await start(options);
  expect(await third.client.error("GetAsyncResult", { asyncHandle: 901 })).toMatch(/^xDBNoSuchPath/);
});

test("one simulator at a time, and no file of another system", async () => {
  const file = stateFile();
  const { simulator } = await start({ stateFile: file });
  await expect(simulateElement({ stateFile: file })).rejects.toThrow(/is in use by another simulator/);
  await simulator.close();
  await expect(simulateOvh({ stateFile: file })).rejects.toThrow(/it was not written by this simulator/);
  for (const [text, message] of [
    ["{", /it is not valid JSON/],
    ['{"format":"holdfast-element-simulator","version":9}', /it has version 9, this simulator reads version 1/],
    ['{"format":"holdfast-element-simulator","version":1,"rest":{},"credentials":{}}', /a part of it is missing/],
  ] as const) {
    writeFileSync(file, text);
    await expect(simulateElement({ stateFile: file })).rejects.toThrow(message);
  }
});

test("a change that cannot be kept is refused and not made", async () => {
  const file = stateFile();
  const { client, model } = await start({ stateFile: file });
  const before = readFileSync(file, "utf8");
  rmSync(file);
  mkdirSync(file);
  expect(await client.error("CreateVolume", { name: "new", accountID: 12, totalSize: 1e9 })).toMatch(
    /cannot be written|changed by someone/,
  );
  expect(model.volumes.length).toBe(1);
  rmSync(file, { recursive: true });
  writeFileSync(file, before);
});
