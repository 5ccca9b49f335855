import { describe, expect, test } from "vitest";
import { replacement, secret, step, UNKNOWN } from "./support/events";
import { reported, rowOf } from "./support/report";

const GIB = 1024 ** 3;
/** What check has looked up of a volume that the program names by its ID. */
const facts = { volumeID: 5, name: "orders", accountID: 1, access: "readWrite", paired: false, totalSize: 200 * GIB };
const ofSnapshot = { ...facts, snapshotID: 12, createTime: "2026-11-27T09:00:00Z" };

const clone = (op: string, inputs: object, outputs = {}, before?: object) =>
  step(op, "element:VolumeClone", "copy", { inputs: { ...inputs }, outputs }, before && { id: "680", ...before });
const snapshot = (inputs: object) => step("create", "element:Snapshot", "point", { inputs: { ...inputs } });

describe("a clone of a volume", () => {
  test("is shown with its source, account, access and size", async () => {
    const inputs = { volumeID: 5, newAccountID: 7, access: "readOnly", volumeAccessGroupIDs: [3, 4], source: facts };
    const run = await reported(clone("create", { ...inputs, newSize: 500 * GIB }));
    expect(run.code).toBe(0);
    expect(rowOf(run, "copy")).toEqual([
      "`copy`",
      "created",
      "volume `orders` (`5`), 200 GiB",
      "as it is at the time of up",
      "500 GiB",
      "account `7`, `readOnly`, access groups `3`, `4`",
    ]);
    expect(run.out).toContain("- VolumeClone `copy` is created: 500 GiB\n");
    expect(run.out).not.toContain("Taken from the quota");
  });

  test("has the account, the access and the size of its source where the program says nothing", async () => {
    const run = await reported(clone("create", { volumeID: 5, source: facts }));
    expect(rowOf(run, "copy").slice(4)).toEqual(["200 GiB", "account `1`, `readWrite`, no access group"]);
    const offline = await reported(clone("create", { volumeID: 5 }));
    expect(rowOf(offline, "copy").slice(2)).toEqual([
      "volume `5`, not looked up",
      "as it is at the time of up",
      "unknown until up",
      "the source's account, the source's access, no access group",
    ]);
  });

  test("of a snapshot tells the time of the data", async () => {
    const run = await reported(clone("create", { volumeID: 5, snapshotID: 12, source: ofSnapshot }));
    expect(rowOf(run, "copy").slice(2, 4)).toEqual([
      "snapshot `12` of volume `orders` (`5`)",
      "3 hours old, `2026-11-27T09:00`",
    ]);
    const old = { outputs: { snapshotID: 12, sourceCreateTime: "2026-11-26T12:00:00Z" } };
    const later = await reported(clone("update", { volumeID: 5, snapshotID: 12, newAccountID: 7 }, {}, old));
    expect(rowOf(later, "copy").slice(2, 4)).toEqual([
      "snapshot `12` of volume `5`, not looked up",
      "24 hours old, `2026-11-26T12:00`",
    ]);
  });

  test("follows a snapshot that the same program takes of the same volume", async () => {
    const run = await reported(
      snapshot({ volumeID: 5 }),
      step("create", "element:Snapshot", "other", { inputs: { volumeID: 6 } }),
      clone("create", { volumeID: 5, snapshotID: UNKNOWN }),
    );
    expect(rowOf(run, "copy").slice(2, 4)).toEqual([
      "probably Snapshot `point`, the only new one that fits",
      "taken during up",
    ]);
    expect(run.out).toContain("- Snapshot `point` is created: of volume `5`\n");
    expect(run.out).toContain("- `copy`: `snapshotID`\n");
  });

  test("of a snapshot that the same update deletes says so", async () => {
    const before = { id: "12", outputs: { createTime: "2026-11-27T06:00:00Z" } };
    const run = await reported(
      replacement("element:Snapshot", "point", { inputs: { volumeID: 5, trigger: 2 } }, before),
      clone("create", { volumeID: 5, snapshotID: 12 }),
    );
    expect(rowOf(run, "copy").slice(2, 4)).toEqual([
      "Snapshot `point` (`12`), **which this update deletes**",
      "6 hours old, `2026-11-27T06:00`",
    ]);
  });

  test("of a clone in the same program names that one, and an older copy tells when it was made", async () => {
    const first = step(
      "same",
      "element:VolumeClone",
      "first",
      { id: "680", inputs: { volumeID: 5 } },
      { id: "680", inputs: { volumeID: 5 } },
    );
    const old = { inputs: { volumeID: 680 }, outputs: { createTime: "2026-11-25T12:00:00Z", totalSize: 10 * GIB } };
    const second = (op: string, size: number) =>
      step(op, "element:VolumeClone", "second", { id: "681", inputs: { volumeID: 680, newSize: size } }, old);
    const run = await reported(first, second("update", 20 * GIB));
    expect(rowOf(run, "second").slice(1, 5)).toEqual([
      "updated",
      "VolumeClone `first` (`680`)",
      "2 days old, `2026-11-25T12:00`",
      "10 GiB to 20 GiB",
    ]);
  });

  test("of 1,000,000,000 bytes is not shown with nine decimals", async () => {
    const run = await reported(clone("create", { volumeID: 5, newSize: 1_000_341_504 }));
    expect(rowOf(run, "copy")[4]).toBe("0.93 GiB");
  });

  test("that is deleted has its size and nothing else", async () => {
    const run = await reported(
      step("delete", "element:VolumeClone", "copy", undefined, { id: "680", outputs: { totalSize: 200 * GIB } }),
    );
    expect(rowOf(run, "copy")).toEqual(["`copy`", "deleted", "", "", "200 GiB", ""]);
  });

  test("shows no secret, and no markup of a name", async () => {
    const inputs = { volumeID: secret, newAccountID: secret, newSize: secret, volumeAccessGroupIDs: secret };
    const run = await reported(clone("create", inputs));
    expect(rowOf(run, "copy").slice(2)).toEqual([
      "secret",
      "not shown",
      "secret",
      "account secret, the source's access, access groups secret",
    ]);
    const source = { ...facts, name: "<img src=x> | `x`" };
    const hostile = await reported(clone("create", { volumeID: 5, source }));
    expect(rowOf(hostile, "copy")[2]).toBe("volume `<img src=x> ¦ 'x'` (`5`), 200 GiB");
  });
});
