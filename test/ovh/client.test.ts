import { describe } from "vitest";
import { ApiError, ConnectionError } from "../../provider/core/errors";
import { isConflict, isNotFound } from "../../provider/ovh/answers";
import type { FileStorage } from "../../provider/ovh/client";
import { findShare, listedIn } from "../../provider/ovh/find";
import { expect, messageOf, STEP_MS, test, type World } from "./support/test";

const storageOf = (world: World): FileStorage => world.process.storageOf(world.serviceName);

describe("lists", () => {
  test("are fetched with all their fields", async ({ world }) => {
    const storage = storageOf(world);
    await storage.shares.kept();
    await storage.share(world.production).snapshots.kept();

    const queries = world.simulator.calls.filter(({ path }) => path.includes("storage")).map(({ query }) => query);
    expect(queries).toEqual(["detail=true", "detail=true"]);
  });

  test("serve reads for a minute and no longer", async ({ world }) => {
    const { shares } = storageOf(world);
    await shares.kept();
    world.clock.pass(60_000);
    await shares.kept();
    expect(world.calls(/share$/)).toHaveLength(1);
    world.clock.pass(1);
    await shares.kept();
    expect(world.calls(/share$/)).toHaveLength(2);
  });

  test("are asked anew after every kind of write, also a refused one", async ({ world }) => {
    const storage = storageOf(world);
    const { id } = await storage.createShare({ protocol: "NFS", size: 100 });
    world.clock.pass(STEP_MS);
    const listings = async () => {
      await storage.shares.kept();
      return world.calls(/GET \/share$/).length;
    };

    const counts = [await listings(), await listings()];
    await storage.renameShare(id, { name: "x" });
    counts.push(await listings());
    await storage.extendShare(id, 200);
    counts.push(await listings());
    await messageOf(storage.extendShare(id, 50));
    counts.push(await listings());
    world.clock.pass(STEP_MS);
    await storage.deleteShare(id);
    counts.push(await listings());

    expect(counts).toEqual([1, 1, 2, 3, 4, 5]);
  });

  test("that wait for their turn show what is written meanwhile, so they serve all who ask until they leave", async ({
    start,
  }) => {
    const world = await start({ requestsPerSecond: 2, stepMs: 0 });
    const storage = storageOf(world);
    await storage.shares.kept();
    const created = ["a", "b", "c", "d"].map(async (name) => {
      const { id } = await storage.createShare({ protocol: "NFS", size: 100, name });
      // what each must see is its own
      expect((await storage.shares.recent(0)).map((share) => share.id)).toContain(id);
    });
    await Promise.all(created);
    // one before and two for four creations, of which each needs one that shows its own
    const taken = world.simulator.calls.filter(({ path, status }) => path.endsWith("/share") && status < 300);
    expect(taken.filter(({ method }) => method === "POST")).toHaveLength(4);
    expect(taken.filter(({ method }) => method === "GET").length).toBeLessThanOrEqual(3);
  });

  test("of one share are independent of another's", async ({ world }) => {
    const storage = storageOf(world);
    const { id } = await storage.createShare({ protocol: "NFS", size: 100 });
    world.clock.pass(STEP_MS);
    await storage.share(world.production).snapshots.kept();
    await storage.share(id).createSnapshot({});
    await storage.share(world.production).snapshots.kept();
    expect(world.calls(/GET .*snapshot$/)).toHaveLength(1);
  });

  test("that failed serve nobody afterwards", async ({ world }) => {
    const { shares } = storageOf(world);
    world.simulator.faults.add({ path: /share$/, fault: { kind: "status", status: 403 } });
    expect(await messageOf(shares.kept())).toContain("403");
    expect(await shares.kept()).toHaveLength(1);
  });

  test("with fields that we do not use are accepted", async ({ world }) => {
    const body = [{ id: "1", size: 100, status: "available", future: { nested: true }, name: null }];
    world.simulator.faults.add({ path: /share$/, fault: { kind: "status", status: 200, body } });
    expect(await storageOf(world).shares.kept()).toMatchObject([{ id: "1", size: 100 }]);
  });

  test("with somebody's odd object, everything but the id null, still show the others", async ({ world }) => {
    const odd = { id: "2", size: null, status: null, name: null, protocol: null };
    const body = [{ id: "1", size: 100, status: "available" }, odd];
    world.simulator.faults.add({ path: /share$/, fault: { kind: "status", status: 200, body } });
    expect(await storageOf(world).shares.kept()).toMatchObject([
      { id: "1", size: 100, status: "available" },
      { id: "2", size: 0, status: "unknown" },
    ]);
  });

  test("that lack what the API promises are an error that names call and field", async ({ world }) => {
    const body = [{ size: 100, status: "available" }];
    world.simulator.faults.add({ path: /share$/, fault: { kind: "status", status: 200, body } });
    expect(await messageOf(storageOf(world).shares.kept())).toMatch(
      /^GET \/storage\/netapp\/.*\/share\?detail=true answered 200 without what the API promises: 0\.id: /,
    );
  });

  test("in HTML are an error, not an empty list", async ({ world }) => {
    const fault = { kind: "status", status: 200, html: "<html>Welcome to the proxy</html>" } as const;
    world.simulator.faults.add({ path: /share$/, times: 5, fault });
    expect(await messageOf(storageOf(world).shares.kept())).toContain("invalid JSON");
  });
});

describe("repetition", () => {
  test("of a read outlasts brief failures", async ({ world }) => {
    const add = world.simulator.faults.add.bind(world.simulator.faults);
    add({ path: /share$/, fault: { kind: "status", status: 502, html: "<h1>Bad Gateway</h1>" } });
    add({ path: /share$/, fault: { kind: "dropBefore" } });
    add({ path: /share$/, fault: { kind: "truncated" } });
    add({ path: /share$/, fault: { kind: "status", status: 429, retryAfter: 7 } });
    const began = world.clock.now();

    expect(await storageOf(world).shares.kept()).toHaveLength(1);

    expect(world.clock.slept).toContain(7000);
    expect(world.clock.now() - began).toBeGreaterThan(7000);
  });

  test("of a creation outlasts any number of refusals as too many calls, and so does what is asked before it", async ({
    world,
  }) => {
    const { faults, model } = world.simulator;
    faults.add({ path: /auth\/time$/, fault: { kind: "status", status: 429, retryAfter: 3 } });
    faults.add({ method: "POST", times: 20, fault: { kind: "status", status: 429 } });
    const shares = model.shares.length;

    await storageOf(world).createShare({ protocol: "NFS", size: 100 });

    expect(world.calls(/^POST/)).toHaveLength(21);
    expect(model.shares).toHaveLength(shares + 1);
    expect(world.clock.slept).toContain(3000);
  });

  test("of what is refused as too many for ten minutes ends, and says so", async ({ world }) => {
    world.simulator.faults.add({ times: Infinity, fault: { kind: "status", status: 429, retryAfter: 50 } });
    expect(await messageOf(storageOf(world).shares.kept())).toMatch(
      /answered 429 Client::TooManyRequests: .* Try again later, or set a lower ovh:requestsPerSecond\. \(refused 13 times in 10 min\)/,
    );
  });

  test("never sends a creation twice whose effect is not known", async ({ world }) => {
    const storage = storageOf(world);
    const contents = storage.share(world.production);
    const [source] = world.automatic();
    const creations = [
      () => storage.createShare({ protocol: "NFS", size: 100, name: "x" }),
      () => contents.createSnapshot({ name: "x" }),
      () => contents.holdSnapshot(source?.id ?? ""),
      () => contents.createAccessRule({ accessTo: "10.0.5.0/24", accessLevel: "ro" }),
    ];
    for (const create of creations) {
      for (const fault of [{ kind: "dropAfter" }, { kind: "status", status: 500, afterEffect: true }] as const) {
        world.simulator.faults.add({ method: "POST", fault });
        const posts = world.calls(/^POST/).length;
        expect(await messageOf(create())).toContain(fault.kind === "status" ? "500" : "the connection was reset");
        expect(world.calls(/^POST/)).toHaveLength(posts + 1);
      }
    }
  });
});

describe("what a refusal means", () => {
  const refusal = (status: number, missingActions: string[] = []) =>
    new ApiError("refused", { method: "GET", path: "/", status, missingActions });

  test("a conflict is any of the statuses that the layers behind the API use, but not a missing permission", () => {
    expect([400, 403, 409, 423].map((status) => isConflict(refusal(status)))).toEqual([true, true, true, true]);
    expect([401, 404, 408, 429, 460, 500].some((status) => isConflict(refusal(status)))).toBe(false);
    expect(isConflict(refusal(403, ["share/delete"]))).toBe(false);
    expect(isConflict(new ConnectionError("lost", "dropped"))).toBe(false);
  });

  test("only a 404 of the service means that it knows no such object", () => {
    expect(isNotFound(refusal(404))).toBe(true);
    expect(isNotFound(refusal(400))).toBe(false);
    expect(isNotFound({ status: 404 })).toBe(false);
  });
});

describe("a list below a share", () => {
  test("is empty when the list of shares proves the share gone", async ({ world }) => {
    const storage = storageOf(world);
    const gone = "00000000-0000-4000-8000-000000000000";
    expect(await listedIn(storage, gone, storage.share(gone).snapshots.kept)).toEqual([]);
    expect(await findShare(storage, gone)).toBeUndefined();
  });

  test("fails with 404 while the share is there", async ({ world }) => {
    const storage = storageOf(world);
    world.simulator.faults.add({ path: /snapshot$/, fault: { kind: "status", status: 404 } });
    const { snapshots } = storage.share(world.production);
    expect(await messageOf(listedIn(storage, world.production, snapshots.kept))).toContain("404");
  });
});

test("ids with special characters can't address anything else", async ({ world }) => {
  expect(await messageOf(storageOf(world).share("..").createSnapshot({}))).toContain("is no valid path");
  expect(await messageOf(storageOf(world).deleteShare("a/b?c"))).toContain("/share/a%2Fb%3Fc");
});

test("no credential shows up in a message, a property or a log, whatever fails", async ({ start }) => {
  const world = await start({ quotaGiB: 300 });
  const { applicationKey, applicationSecret, consumerKey } = world.simulator.credentials;
  const secrets = [applicationKey, applicationSecret, consumerKey];
  const echo = secrets.join(" ");
  const texts: string[] = [];
  const path = /storage/;
  const faults = [
    { kind: "status", status: 500, body: { class: "Server::Error", message: `echo ${echo}` } },
    { kind: "status", status: 403, body: { errorCode: "NOT_CREDENTIAL", message: `invalid ${echo}` } },
    { kind: "status", status: 400, html: `<p>${echo}</p>` },
    { kind: "status", status: 200, html: echo },
    { kind: "status", status: 200, body: [{ id: echo }] },
    { kind: "dropBefore" },
    { kind: "truncated" },
    { kind: "missingPermission", action: echo },
  ] as const;
  for (const fault of faults) {
    for (const method of ["GET", "POST"]) {
      const remove = world.simulator.faults.add({ method, path, times: Number.POSITIVE_INFINITY, fault });
      const share = world.resource("ovh:Share", "data");
      share.process = world.nextProcess();
      // A create whose answer is cut off is found again: then its logs say what was lost.
      const run = share.up({ serviceName: world.serviceName, size: 100 });
      texts.push(method === "POST" && fault.kind === "truncated" ? String(await run) : await messageOf(run));
      texts.push(JSON.stringify(share.state ?? {}), JSON.stringify(share.process.logs));
      remove();
    }
  }

  expect(texts).toHaveLength(faults.length * 2 * 3);
  for (const text of texts) for (const secret of secrets) expect(text).not.toContain(secret);
});
