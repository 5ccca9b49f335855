import { expect, test } from "vitest";
import { type Candidate, leftBehind } from "../../provider/core/leftBehind";
import type { StackState } from "../../provider/core/stackState";

const MINUTE_MS = 60_000;
const NOW = Date.parse("2026-02-01T12:00:00Z");
const made = (id: string, minutesAgo?: number): Candidate => ({
  id,
  createdAt: minutesAgo === undefined ? null : new Date(NOW - minutesAgo * MINUTE_MS).toISOString(),
});

/** What a creation finds, and what it warns of. */
async function look(candidates: readonly Candidate[], state: Partial<StackState> | { unreadable: string } = {}) {
  const warnings: string[] = [];
  const asked = { times: 0 };
  const found = await leftBehind(
    {
      candidates,
      describe: ({ id }) => `share ${id}`,
      sign: "carries this resource's mark",
      remedy: ({ id }) => `Delete ${id}.`,
      withinMinutes: 60,
      now: NOW,
    },
    async () => {
      asked.times += 1;
      return "unreadable" in state ? state : { ids: new Set(), resources: [], interrupted: new Set(), ...state };
    },
    (warning) => warnings.push(warning),
  );
  return { id: found?.id, warnings, asked: asked.times };
}

test("where nothing looks like it, the state is not asked for", async () => {
  expect(await look([])).toEqual({ id: undefined, warnings: [], asked: 0 });
});

test("what is exactly as old as is taken over is taken over, and what is older is only named", async () => {
  expect(await look([made("a", 60)])).toMatchObject({ id: "a", warnings: [] });
  const { id, warnings } = await look([made("a", 60.1)]);
  expect(id).toBeUndefined();
  expect(warnings).toEqual([expect.stringContaining("share a, 60 min old, carries this resource's mark, but was not")]);
});

test("what the service has no time for may have just been made", async () => {
  expect(await look([made("a")])).toMatchObject({ id: "a" });
});

test("what the stack manages is neither taken over nor warned of, however old it is", async () => {
  expect(await look([made("young", 1), made("old", 600)], { ids: new Set(["young", "old"]) })).toMatchObject({
    id: undefined,
    warnings: [],
  });
});

test("an old one beside the one that is taken over is named", async () => {
  const { id, warnings } = await look([made("old", 600), made("young", 1)]);
  expect(id).toBe("young");
  expect(warnings).toHaveLength(1);
});

test("a state that can't be read stops nobody where only old ones look like it", async () => {
  expect(await look([made("old", 600)], { unreadable: "the CLI is gone" })).toMatchObject({ id: undefined });
});
