import type { Properties } from "../../provider/core/properties";
import { expect, messageOf, STEP_MS, test, type World } from "./support/test";

const live = (world: World, id: string) => world.simulator.model.policies.find((policy) => policy.id === id);
const ofShares = /^GET \/share\/[^/]+\/snapshotPolicy$/;

async function existing(world: World) {
  const policy = world.resource("ovh:SnapshotPolicy", "backup");
  await policy.up({ serviceName: world.serviceName, rules: [{ prefix: "nightly", cron: "@daily" }] });
  return policy;
}

/** A share that is available and follows the policy. */
async function follower(world: World, policyId: string, texts: Properties = {}): Promise<string> {
  const storage = world.process.storageOf(world.serviceName);
  const { id } = await storage.createShare({ protocol: "NFS", size: 100, ...texts });
  world.clock.pass(STEP_MS);
  await storage.share(id).followPolicy(policyId);
  world.clock.pass(STEP_MS);
  return id;
}

test("a policy that nobody follows is deleted completely before the deletion ends, and twice without an error", async ({
  world,
}) => {
  const policy = await existing(world);
  const { id, outputs } = policy;

  await policy.destroy();
  await policy.host.delete(id, outputs);

  expect(live(world, id)).toBeUndefined();
  expect(world.calls(/^DELETE/)).toHaveLength(1);
  expect(world.calls(ofShares)).toEqual([]);
});

test("a policy is deleted although the answer to the DELETE was lost", async ({ world }) => {
  const policy = await existing(world);
  const { id } = policy;
  world.simulator.faults.add({ method: "DELETE", fault: { kind: "dropAfter" } });

  await policy.destroy();

  expect(live(world, id)).toBeUndefined();
});

test("a policy that is still being made is deleted when it has settled", async ({ world }) => {
  world.clock.later(4_000, () => world.process.interrupt());
  const policy = world.resource("ovh:SnapshotPolicy", "backup");
  const rules = [{ prefix: "nightly", cron: "@daily" }];
  await messageOf(policy.up({ serviceName: world.serviceName, rules }));
  const { id } = policy;
  policy.process = world.nextProcess();

  await policy.destroy();

  expect(live(world, id)).toBeUndefined();
});

test("says when the service can't delete it, and the next destroy tries again", async ({ world }) => {
  const policy = await existing(world);
  const { id } = policy;
  world.simulator.model.steer("deletePolicy", { outcome: "failed" });
  expect(await messageOf(policy.destroy())).toContain("could not be deleted (error)");

  await policy.destroy();

  expect(live(world, id)).toBeUndefined();
});

test.for([400, 403, 409] as const)(
  "names the shares that follow it and the way out, refused with %i",
  async (conflictStatus, { start }) => {
    const world = await start({ conflictStatus });
    const policy = await existing(world);
    const shares = [
      await follower(world, policy.id, { name: "one" }),
      await follower(world, policy.id, { name: "two" }),
    ];
    const standard = world.simulator.model.policies.find(({ isDefault }) => isDefault)?.id;

    const message = await messageOf(policy.destroy());

    expect(message).toBe(
      `SnapshotPolicy backup: snapshot policy ${policy.id} is followed by shares, and the service deletes no policy that is: ${shares[0]} ("one"), ${shares[1]} ("two"). A share always follows one: set snapshotPolicyId of these shares to another policy, for example the service's default one, ${standard}, then try again.`,
    );
    expect(live(world, policy.id)?.status).toBe("available");
    expect(world.calls(ofShares)).toHaveLength(3);
  },
);

test("names the shares that follow it also while the policy of another one is not known", async ({ world }) => {
  const policy = await existing(world);
  const id = await follower(world, policy.id, { name: "one" });
  const unknown = { kind: "status", status: 404, body: { message: "no such share" } } as const;
  world.simulator.faults.add({
    method: "GET",
    path: `/storage/netapp/{serviceName}/share/${world.production}/snapshotPolicy`,
    fault: unknown,
  });

  expect(await messageOf(policy.destroy())).toContain(`is: ${id} ("one"). A share`);
  expect(world.calls(ofShares)).toContain(`GET /share/${world.production}/snapshotPolicy`);
});

test("asks a few shares at a time, and finds the one among many", async ({ world }) => {
  const policy = await existing(world);
  const storage = world.process.storageOf(world.serviceName);
  for (let count = 0; count < 9; count += 1) await storage.createShare({ protocol: "NFS", size: 100 });
  const id = await follower(world, policy.id, { name: "last" });
  world.simulator.faults.add({
    method: "GET",
    path: /share\/.*\/snapshotPolicy$/,
    times: Number.POSITIVE_INFINITY,
    fault: { kind: "slow", ms: 200 },
  });

  let asked = 0;
  const look = setInterval(() => {
    const open = world.simulator.calls.filter(({ path, status }) => path.endsWith("/snapshotPolicy") && status === 0);
    asked = Math.max(asked, open.length);
  }, 10);
  const refused = await messageOf(policy.destroy());
  clearInterval(look);

  expect(refused).toContain(`is: ${id} ("last"). A share`);
  expect(asked).toBe(4);
  expect(world.calls(ofShares)).toHaveLength(11);
});

test("waits for a share that is just being deleted, and then deletes the policy", async ({ world }) => {
  const policy = await existing(world);
  const { id } = policy;
  const shareId = await follower(world, id);
  await world.process.storageOf(world.serviceName).deleteShare(shareId);

  await policy.destroy();

  expect(live(world, id)).toBeUndefined();
  expect(world.simulator.model.shares.map((share) => share.id)).toEqual([world.production]);
  expect(world.process.logs.map(({ message }) => message)).toContain("waiting for 1 of its shares to be deleted");
});

test("names a share whose deletion failed while it was waited for", async ({ world }) => {
  const policy = await existing(world);
  const shareId = await follower(world, policy.id, { name: "stays" });
  world.simulator.model.steer("deleteShare", { outcome: "failed" });
  await world.process.storageOf(world.serviceName).deleteShare(shareId);

  expect(await messageOf(policy.destroy())).toContain(`is: ${shareId} ("stays"). A share always follows one`);
  expect(world.process.logs.map(({ message }) => message)).toContain("waiting for 1 of its shares to be deleted");
});

test("tries again where the last follower went in the meantime, and then shows the service's reason", async ({
  world,
}) => {
  const policy = await existing(world);
  const refusal = { kind: "status", status: 409, body: { message: "The policy is associated" } } as const;
  world.simulator.faults.add({ method: "DELETE", times: 2, fault: refusal });
  expect(await messageOf(policy.destroy())).toContain("The policy is associated");
  const { id } = policy;
  world.simulator.faults.add({ method: "DELETE", fault: refusal });

  await policy.destroy();

  expect(live(world, id)).toBeUndefined();
});

test("shows the service's reason also where the credentials may not read who follows it", async ({ world }) => {
  const policy = await existing(world);
  await follower(world, policy.id);
  world.simulator.model.deniedActions.add("share/snapshotPolicy/get");

  const message = await messageOf(policy.destroy());

  expect(message).toMatch(
    /^SnapshotPolicy backup: DELETE .* is associated with share .* Shares may follow the policy, but/,
  );
  expect(message).toContain("grant storageNetApp:apiovh:share/snapshotPolicy/get");
});

test("an error that explains nothing about the present state is passed on", async ({ world }) => {
  const policy = await existing(world);
  world.simulator.model.deniedActions.add("snapshotPolicy/delete");

  expect(await messageOf(policy.destroy())).toContain("grant storageNetApp:apiovh:snapshotPolicy/delete");
  expect(world.calls(ofShares)).toEqual([]);
});

test("its shares move to another policy, and it can go", async ({ world }) => {
  const policy = await existing(world);
  const { id } = policy;
  const share = world.resource("ovh:Share", "data");
  await share.up({ serviceName: world.serviceName, size: 100, snapshotPolicyId: id });
  expect(await messageOf(policy.destroy())).toContain(share.id);

  await share.up({ serviceName: world.serviceName, size: 100 });
  await policy.destroy();

  expect(live(world, id)).toBeUndefined();
});
