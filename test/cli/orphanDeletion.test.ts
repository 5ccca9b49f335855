import { describe, expect } from "vitest";
import { lineOf } from "./support/commands";
import { oneOfEach, RULES, shareIds, test } from "./support/orphans";

describe("deletion", () => {
  describe("of what takes its time", () => {
    test.override({ options: { stepMs: 400 } });

    test("waits until it is gone, and shows that it does", async ({ site }) => {
      const { id } = await site.storage.createShare({ protocol: "NFS", size: 100, name: "data-abcdefghij234-0" });
      await expect.poll(() => site.simulator.model.shares.find((one) => one.id === id)?.status).toBe("available");
      site.state("dev.json");

      const { code, out, err } = await site.run("--stack-file", "dev.json", "--delete", id);

      expect(code).toBe(0);
      expect(err).toBe(`ovh:Share ${id} "data-abcdefghij234-0": deleting\n`);
      expect(out).toBe(`ovh:Share ${id} "data-abcdefghij234-0" is deleted.\n`);
      expect(shareIds(site)).not.toContain(id);
    });
  });

  test("takes only the named ones, by id or by path, and what hangs on another one first", async ({ site }) => {
    const { share, snapshot, clone, policy } = await oneOfEach(site);
    const ofClone = await site.made("ovh:Snapshot", "after", { shareId: clone.id });
    const kept = await site.made("ovh:Share", "kept", { size: 100 });
    site.state("dev.json");
    const before = site.calls().length;

    const path = `${site.serviceName}/${share.id.toUpperCase()}`;
    const ids = [policy.id, path, snapshot.id, clone.id, clone.id, ofClone.id];
    const { code, out, err } = await site.run("--stack-file", "dev.json", ...ids.flatMap((id) => ["--delete", id]));

    expect([code, err]).toEqual([0, ""]);
    expect(out.match(/is deleted/g)).toHaveLength(5);
    expect(
      site
        .calls()
        .slice(before)
        .filter((call) => call.startsWith("DELETE")),
    ).toEqual([
      `DELETE /share/${clone.id}/snapshot/${ofClone.id}`,
      `DELETE /share/${clone.id}`,
      `DELETE /share/${share.id}/snapshot/${snapshot.id}`,
      `DELETE /share/${share.id}`,
      `DELETE /snapshotPolicy/${policy.id}`,
    ]);
    expect(shareIds(site)).toEqual([site.simulator.shareId, kept.id]);
  });

  test("is refused whole where an id carries no mark, is in a state, or is not there", async ({ site }) => {
    const { share, clone, policy } = await oneOfEach(site);
    const gone = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
    const { shareId } = site.simulator;
    site.state("dev.json", [clone]);
    site.state("ops.json");
    const files = ["--stack-file", "dev.json", "--stack-file", "ops.json"];
    const before = site.calls().length;

    const ids = [shareId, clone.id, gone, policy.id].flatMap((id) => ["--delete", id]);
    const { code, out, err } = await site.run(...files, ...ids);

    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("holdfast orphans: nothing was deleted.\n");
    expect(err).toContain(`  ${shareId}: ovh:Share "production" carries no mark of Holdfast: somebody else made it`);
    expect(err).toContain(`  ${clone.id}: it is in dev.json, as ${clone.urn}. Take it out of that program`);
    expect(err).toContain(`  ${gone}: no share, snapshot or snapshot policy has this id`);
    expect(err).not.toContain(`  ${policy.id}`);
    expect(
      site
        .calls()
        .slice(before)
        .every((call) => call.startsWith("GET")),
    ).toBe(true);

    const json = await site.run(...files, ...ids, "--json");
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toEqual({
      deleted: [],
      notDeleted: [shareId, clone.id, gone].map((id) => ({ id, reason: expect.any(String) })),
    });
    expect(shareIds(site)).toContain(share.id);
  });

  test("of a share with manual snapshots says what to delete first, and how", async ({ site }) => {
    const { share, snapshot } = await oneOfEach(site);
    const managed = await site.made("ovh:Snapshot", "managed", { shareId: share.id });
    const manual = await site.storage.share(share.id).createSnapshot({ name: "by hand" });
    site.state("dev.json", [managed]);

    const { code, err } = await site.run("--stack-file", "dev.json", "--delete", share.id);

    expect(code).toBe(1);
    expect(err).toContain("has manual snapshots, and the service deletes no share that has any. Delete these first:\n");
    expect(lineOf(err, `${managed.id} `)).toContain(`is in dev.json, as ${managed.urn}`);
    expect(lineOf(err, `${manual.id} `)).toBe('("by hand") carries no mark: delete it in the control panel');
    expect(lineOf(err, `${snapshot.id} `)).toContain(
      `carries a mark and is in no given state: add --delete ${snapshot.id}`,
    );
  });

  test("that the service refuses is told with its reason, and the others are deleted", async ({ site }) => {
    const first = await site.made("ovh:Share", "first", { size: 100 });
    const second = await site.made("ovh:Share", "second", { size: 100 });
    site.state("dev.json");
    const path = new RegExp(`share/${second.id}$`);
    const fault = { kind: "status", status: 403, body: { message: "Frozen by the support" } } as const;
    site.simulator.faults.add({ method: "DELETE", path, fault, times: Number.POSITIVE_INFINITY });

    const ids = ["--delete", first.id, "--delete", second.id];
    const { code, out, err } = await site.run("--stack-file", "dev.json", ...ids, "--json");

    expect(code).toBe(1);
    expect(err).toContain("holdfast orphans: 1 of 2 not deleted.\n");
    expect(err).toContain("Frozen by the support");
    expect(JSON.parse(out)).toEqual({
      deleted: [first.id],
      notDeleted: [{ id: second.id, reason: expect.stringContaining("Frozen by the support") }],
    });
    expect(shareIds(site)).toEqual([site.simulator.shareId, second.id]);
  });

  test("of a policy that shares follow is refused with these shares", async ({ site }) => {
    const policy = await site.made("ovh:SnapshotPolicy", "nightly", { rules: RULES });
    await site.made("ovh:Share", "follower", { size: 100, snapshotPolicyId: policy.id, name: "follower" });
    site.state("dev.json");
    const { code, err } = await site.run("--stack-file", "dev.json", "--delete", policy.id);
    expect(code).toBe(1);
    expect(err).toMatch(/is followed by shares, .*\("follower"\)/);
  });

  test("of what is gone meanwhile is no failure", async ({ site }) => {
    const share = await site.made("ovh:Share", "data", { size: 100 });
    site.state("dev.json");
    const fault = { kind: "status", status: 404, afterEffect: true } as const;
    site.simulator.faults.add({ method: "DELETE", path: /share/, fault });
    expect((await site.run("--stack-file", "dev.json", "--delete", share.id)).code).toBe(0);
  });
});
