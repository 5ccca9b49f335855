import { describe } from "vitest";
import { expect, messageOf, test } from "../ovh/support/test";
import type { JumpingClock } from "../support/clock";

const HOUR = 3_600_000;
const BEGIN = Date.UTC(2026, 0, 31, 10, 20, 30);

describe("the machine sleeps while a share is being created", () => {
  for (const oauth2 of [false, true]) {
    const credentials = oauth2 ? "OAuth2, whose token ends meanwhile" : "application keys";
    test(`with ${credentials}: when it wakes up, the finished share is there`, async ({ world }) => {
      const share = world.resource("ovh:Share");
      share.process = world.nextProcess({ serviceAccount: oauth2 });
      world.clock.later(3000, () => world.clock.pass(3 * HOUR));

      expect(await share.up({ serviceName: world.serviceName, size: 100 })).toEqual(["create"]);
      expect(share.outputs["status"]).toBe("available");
      expect(world.simulator.model.shares).toHaveLength(2);
    });
  }

  test("longer than the limit, and the share is not finished: it is kept, and the next up goes on", async ({
    world,
  }) => {
    world.simulator.model.steer("createShare", { outcome: "stuck" });
    const share = world.resource("ovh:Share");
    world.clock.later(3000, () => world.clock.pass(3 * HOUR));
    const args = { serviceName: world.serviceName, size: 100 };

    expect(await messageOf(share.up(args))).toMatch(/still creating after .* It stays in the state/);

    world.simulator.model.release(share.id);
    share.process = world.nextProcess();
    expect(await share.up(args)).toEqual(["update"]);
    expect(world.simulator.model.shares).toHaveLength(2);
  });
});

describe("the machine's clock is set while a share is being created", () => {
  for (const oauth2 of [false, true]) {
    for (const hours of [-5, -0.2, 0.2, 5]) {
      const credentials = oauth2 ? "OAuth2" : "application keys";
      const end =
        hours > 1 ? "the wait's limit counts as reached, and the next up goes on" : "the wait goes on to its end";
      test(`by ${hours} h, with ${credentials}: ${end}`, async ({ start }) => {
        // The service keeps to its own time.
        const machine: { clock?: JumpingClock; wrong: number } = { wrong: 0 };
        const world = await start({ now: () => (machine.clock?.time ?? BEGIN) - machine.wrong });
        machine.clock = world.clock;
        const share = world.resource("ovh:Share");
        share.process = world.nextProcess({ serviceAccount: oauth2 });
        world.clock.later(3000, () => {
          machine.wrong = hours * HOUR;
          world.clock.pass(machine.wrong);
        });
        const args = { serviceName: world.serviceName, size: 100 };

        if (hours > 1) {
          expect(await messageOf(share.up(args))).toMatch(/still creating after .* It stays in the state/);
          share.process = world.nextProcess({ serviceAccount: oauth2 });
          expect(await share.up(args)).toEqual(["update"]);
        } else {
          expect(await share.up(args)).toEqual(["create"]);
        }
        expect(share.outputs["status"]).toBe("available");
        expect(world.simulator.model.shares).toHaveLength(2);
      });
    }
  }
});
