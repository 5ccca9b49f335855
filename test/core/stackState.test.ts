import { chmod, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, expect } from "vitest";
import type { Identity } from "../../provider/core/identity";
import { readStackState } from "../../provider/core/stackState";

/** A command in the place of the CLI: what it prints, and the arguments of each call, in a file. */
const test = base.extend<{ cli: (script: string) => Promise<{ command: string; calls: string }> }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixture's dependencies from this pattern
  cli: async ({}, use) => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "holdfast-cli-")));
    await use(async (script) => {
      const [command, calls] = [join(folder, "pulumi"), join(folder, "calls")];
      await writeFile(command, `#!/bin/sh\necho "$@" >> "${calls}"\n${script}\n`);
      await chmod(command, 0o700);
      return { command, calls };
    });
    await rm(folder, { recursive: true });
  },
});

const identity: Identity = {
  backend: "https://api.pulumi.com",
  organization: "acme",
  urn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/ovh:Share::data",
};
const pending = (urn: string, type = "creating") => ({ type, resource: { urn } });
const answer = (deployment: object) => `cat <<'END'\n${JSON.stringify({ version: 3, deployment })}\nEND`;

test("the state of the resource's own stack is asked for, once", async ({ cli }) => {
  const { command, calls } = await cli(answer({ resources: [] }));
  const read = readStackState(command, process.env);

  await Promise.all([read(identity), read({ ...identity, urn: `${identity.urn}2` })]);

  expect(await readFile(calls, "utf8")).toBe("stack export --stack acme/shop/dev --non-interactive\n");
});

test("everything with an id is managed, also what is to be deleted; a creation pending twice, of what is not there, was interrupted", async ({
  cli,
}) => {
  const { command } = await cli(
    answer({
      resources: [
        { urn: "a", id: "1", type: "t", outputs: { at: "x" } },
        { urn: "a", id: "2", delete: true },
        { urn: "stack" },
      ],
      pending_operations: [
        pending("a"),
        pending("a"),
        pending("once"),
        pending("twice"),
        pending("twice"),
        pending("gone", "deleting"),
        pending("gone", "deleting"),
      ],
    }),
  );

  const state = await readStackState(command, process.env)(identity);

  expect(state).toEqual({
    ids: new Set(["1", "2"]),
    resources: [{ type: "t", id: "1", outputs: { at: "x" } }, { id: "2" }, {}],
    interrupted: new Set(["twice"]),
  });
});

test("a stack that has nothing yet is a state, too", async ({ cli }) => {
  const { command } = await cli(`echo '{"version": 3, "deployment": {"manifest": {}}}'`);
  expect(await readStackState(command, process.env)(identity)).toEqual({
    ids: new Set(),
    resources: [],
    interrupted: new Set(),
  });
});

test("an object that another provider's resource manages is managed: the last part of its path is its id", async ({
  cli,
}) => {
  const { command } = await cli(answer({ resources: [{ urn: "a", id: "service/share/rule" }] }));
  const state = await readStackState(command, process.env)(identity);
  expect(state).toMatchObject({ ids: new Set(["service/share/rule", "rule"]) });
});

test("a backend without projects is asked by the stack's name", async ({ cli }) => {
  const { command } = await cli(`[ "$4" = dev ] || exit 1\n${answer({ resources: [{ urn: "a", id: "1" }] })}`);
  const read = readStackState(command, process.env);
  expect(await read({ ...identity, organization: "organization" })).toMatchObject({ ids: new Set(["1"]) });
});

test("where there are organizations, no other stack of the same name is asked", async ({ cli }) => {
  const { command, calls } = await cli(`[ "$4" = dev ] || exit 1\n${answer({ resources: [] })}`);
  expect(await readStackState(command, process.env)(identity)).toMatchObject({ unreadable: expect.anything() });
  expect(await readFile(calls, "utf8")).toBe("stack export --stack acme/shop/dev --non-interactive\n");
});

test("a command that hangs is ended, also one that listens to no signal and has children", async ({ cli }) => {
  const { command } = await cli("trap '' TERM INT\nsleep 5");
  const started = Date.now();
  expect(await readStackState(command, process.env, 300)(identity)).toEqual({
    unreadable: "pulumi stack export failed: it did not end within 0.3 s",
  });
  expect(Date.now() - started).toBeLessThan(4000);
});

test("the reason is the error, not the warning before it, and holds no password of a backend's address", async ({
  cli,
}) => {
  const { command } = await cli(
    `echo "warning: something old" >&2; echo "error: postgres://me:hunter2@db/state is down" >&2; exit 255`,
  );
  expect(await readStackState(command, process.env)(identity)).toEqual({
    unreadable: "pulumi stack export failed: error: postgres://***@db/state is down",
  });
});

test("what keeps the state from being read is told in one line", async ({ cli }) => {
  const { command } = await cli(`echo "error: no stack named dev\nmore" >&2; exit 255`);
  expect(await readStackState(command, process.env)(identity)).toEqual({
    unreadable: "pulumi stack export failed: error: no stack named dev",
  });
  const garbage = await cli("echo nothing");
  expect(await readStackState(garbage.command, process.env)(identity)).toMatchObject({
    unreadable: expect.stringContaining("pulumi stack export failed"),
  });
  expect(await readStackState("/nowhere/pulumi", process.env)(identity)).toMatchObject({
    unreadable: expect.stringContaining("ENOENT"),
  });
});
