import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { test } from "./machine";
import {
  clone,
  type Event,
  finding,
  ran,
  replacement,
  rule,
  SERVICE,
  SHARE,
  says,
  secret,
  step,
  stream,
  summary,
  UNKNOWN,
  urnOf,
} from "./support/events";
import { reported, rowOf, run } from "./support/report";

const held = (inputs: Record<string, unknown> = {}) =>
  step("create", "ovh:HeldSnapshot", "data", {
    inputs: { serviceName: SERVICE, shareId: SHARE, select: { newest: true }, ...inputs },
  });

describe("a report on a preview", () => {
  test("tells of a clone what it is filled with, how large it is, and who may mount it", async () => {
    const result = await reported(held(), clone("staging"), rule("developers"));
    expect(result.code).toBe(0);
    expect(result.out).toMatch(/^<!-- holdfast-report:preview -->\n## Storage preview: can go ahead\n/);
    expect(result.out).toContain("Stack `dev` of `shop`: 3 to create.");
    expect(rowOf(result, "staging")).toEqual([
      "`staging`",
      "created",
      "probably HeldSnapshot `data`, the only new one that fits",
      "the newest automatic snapshot at the time of up",
      "100 GiB",
      "`10.0.5.0/24` `rw`",
    ]);
    expect(result.out).toContain(`- service \`${SERVICE}\`: +100 GiB\n`);
    expect(result.out).toContain("- ShareAccessRule `developers` is created: `10.0.5.0/24` `rw` on `staging`");
    expect(result.out).toContain("### Unknown until up\n\n- `developers`: `shareId`\n- `staging`: `snapshotId`\n");
  });

  test("tells the facts that check has looked up for a literal id, with the age of the data", async () => {
    const source = {
      snapshotId: "s-1",
      name: "before the migration",
      type: "manual",
      status: "available",
      createdAt: "2026-11-27T09:00:00Z",
      shareId: SHARE,
      presentShareSizeGiB: 120,
    };
    const result = await reported(clone("staging", { snapshotId: "s-1", size: 150, source }));
    expect(rowOf(result, "staging").slice(2)).toEqual([
      `manual snapshot \`before the migration\` (\`s-1\`) of share \`${SHARE}\`, now 120 GiB`,
      "3 hours old, `2026-11-27T09:00`",
      "150 GiB",
      "nobody yet: no rule in this program",
    ]);
  });

  test("says of a literal id without facts that nobody has looked", async () => {
    expect(rowOf(await reported(clone("staging", { snapshotId: "s-1" })), "staging").slice(2, 4)).toEqual([
      "`s-1`, not looked up",
      "not known",
    ]);
  });

  test("warns of a literal id whose snapshot goes in the same update", async () => {
    const inputs = { serviceName: SERVICE, shareId: SHARE, select: { newest: true } };
    const old = { id: "s-3", inputs, outputs: { ...inputs, createdAt: "2026-11-27T08:00:00Z" } };
    const result = await reported(
      replacement("ovh:HeldSnapshot", "data", { inputs }, old),
      clone("staging", { snapshotId: "s-3" }),
    );
    expect(rowOf(result, "staging").slice(2, 4)).toEqual([
      "HeldSnapshot `data` (`s-3`), **which this update deletes**",
      "4 hours old, `2026-11-27T08:00`",
    ]);
  });

  test("tells what a clone that exists has kept of its source", async () => {
    const inputs = { serviceName: SERVICE, snapshotId: "s-1", size: 100 };
    const outputs = { ...inputs, sourceSnapshotId: "s-1", sourceCreatedAt: "2026-11-26T12:00:00Z" };
    const grown = { ...inputs, size: 120 };
    const result = await reported(
      step("update", "ovh:ShareClone", "staging", { id: "c", inputs: grown }, { id: "c", inputs, outputs }),
    );
    expect(rowOf(result, "staging").slice(2, 5)).toEqual([
      "`s-1`, not looked up",
      "24 hours old, `2026-11-26T12:00`",
      "100 GiB to 120 GiB",
    ]);
  });

  test("finds by its id the snapshot of the program that a clone is filled with", async () => {
    const inputs = { serviceName: SERVICE, shareId: SHARE };
    const kept = { id: "s-2", inputs, outputs: { ...inputs, createdAt: "2026-11-25T12:00:00Z" } };
    const result = await reported(
      step("same", "ovh:Snapshot", "taken", kept, kept),
      clone("staging", { snapshotId: "s-2" }),
    );
    expect(rowOf(result, "staging").slice(2, 4)).toEqual([
      "Snapshot `taken` (`s-2`)",
      "2 days old, `2026-11-25T12:00`",
    ]);
    expect(result.out).toContain("1 to create, 1 unchanged");
  });

  test("names all that fit where the stream leaves open which snapshot or share is meant", async () => {
    const taken = step("create", "ovh:Snapshot", "taken", { inputs: { serviceName: SERVICE, shareId: SHARE } });
    const elsewhere = step("create", "ovh:Snapshot", "elsewhere", {
      inputs: { serviceName: SERVICE, shareId: "other" },
    });
    const result = await reported(held(), taken, elsewhere, clone("one"), clone("two"), rule("developers"));
    expect(rowOf(result, "one")[2]).toBe("a new one: HeldSnapshot `data` or Snapshot `taken`");
    expect(rowOf(result, "one")[5]).toBe("`10.0.5.0/24` `rw` (this or another new share)");
    expect(result.out).toContain("`developers` is created: `10.0.5.0/24` `rw` on a new share");
  });

  test("keeps to a component's own snapshot, clone and rule", async () => {
    const parent = urnOf("holdfast:ovh:EnvironmentClone", "qa");
    const inside = (events: Event[]): Event[] =>
      JSON.parse(JSON.stringify(events).replaceAll(/urn:[^"]*shop-dev/g, parent));
    const result = await reported(
      step("create", "holdfast:ovh:EnvironmentClone", "qa"),
      inside(held()),
      inside(clone("qa-clone")),
      inside(rule("qa-rule")),
      step("create", "ovh:Snapshot", "taken", { inputs: { serviceName: SERVICE, shareId: SHARE } }),
      clone("other"),
    );
    expect(rowOf(result, "qa-clone")[2]).toBe("probably HeldSnapshot `data`, the only new one that fits");
    expect(rowOf(result, "qa-clone")[5]).toBe("`10.0.5.0/24` `rw`");
    expect(result.out).toContain("- ShareClone `qa-clone` in `qa` is created: 100 GiB");
    expect(result.out).not.toContain("Other resources"); // its parts tell of it
  });

  test("names what is unknown, also in the size and in what the quota loses", async () => {
    const result = await reported(
      clone("staging", { size: UNKNOWN, __urn: UNKNOWN }),
      clone("qa", { size: 200 }),
      rule("developers", { accessTo: UNKNOWN }),
    );
    expect(rowOf(result, "staging").slice(2)).toEqual([
      "unknown until up",
      "unknown until up",
      "unknown until up",
      "accessTo unknown until up `rw` (this or another new share)",
    ]);
    expect(result.out).toContain(`${SERVICE}\`: +200 GiB, and what is unknown until up: \`staging\``);
    expect(result.out).toContain("- `staging`: `snapshotId`, `size`\n");
    expect(result.out).toContain("- `developers`: `shareId`, `accessTo`\n");
  });

  const old = { id: "c-1", inputs: { serviceName: SERVICE, snapshotId: "s-1", size: 100 } };
  const now = { inputs: { serviceName: SERVICE, snapshotId: "s-2", size: 150 } };

  test("tells the order of a replacement, and what it takes meanwhile", async () => {
    const createFirst = await reported(replacement("ovh:ShareClone", "staging", now, old));
    expect(rowOf(createFirst, "staging").slice(1, 5)).toEqual([
      "replaced, new one made first",
      "`s-2`, not looked up",
      "not known",
      "100 GiB to 150 GiB",
    ]);
    expect(createFirst.out).toContain(": +50 GiB, and up to +150 GiB while it runs\n");
    expect(createFirst.out).toContain("1 to replace.");
    const deleteFirst = await reported(replacement("ovh:ShareClone", "staging", now, old, { deleteFirst: true }));
    expect(rowOf(deleteFirst, "staging")[1]).toBe("replaced, old one deleted first");
    expect(deleteFirst.out).toContain(": +50 GiB\n");
  });

  test("counts what is resized, deleted, forgotten and looked up, and adds up each service by itself", async () => {
    const inputs = { serviceName: SERVICE };
    const result = await reported(
      step(
        "update",
        "ovh:Share",
        "grown",
        { id: "a", inputs: { ...inputs, size: 300 } },
        { id: "a", inputs: { ...inputs, size: 100 } },
        ["size"],
      ),
      step("delete", "ovh:ShareClone", "gone", undefined, { id: "b", inputs: { ...inputs, size: 500 } }),
      step("delete", "ovh:ShareClone", "left", undefined, {
        id: "c",
        inputs: { ...inputs, size: 700 },
        retainOnDelete: true,
      }),
      step("read", "ovh:Share", "production", { id: "d", inputs: { ...inputs, size: 900 } }),
      step("create", "ovh:Share", "elsewhere", { inputs: { serviceName: "second", size: 1100 } }),
    );
    expect(result.out).toContain(": 1 to delete, 1 to forget, 1 to create, 1 to update, 1 looked up.");
    expect(result.out).toContain(`- service \`${SERVICE}\`: -300 GiB, and up to +200 GiB while it runs\n`);
    expect(result.out).toContain("- service `second`: +1100 GiB\n");
    expect(rowOf(result, "gone").slice(1)).toEqual(["deleted", "", "", "500 GiB", ""]);
    expect(rowOf(result, "left")[1]).toBe("forgotten, but stays at the service");
    expect(result.out).toContain("- Share `grown` is updated (`size`): 300 GiB");
  });

  test("gives a clone's space back to the service that it leaves", async () => {
    const side = (serviceName: unknown) => ({ id: "a", inputs: { serviceName, snapshotId: UNKNOWN, size: 300 } });
    for (const deleteFirst of [true, false]) {
      const { out } = await reported(
        replacement("ovh:ShareClone", "staging", { ...side("second"), id: "" }, side(SERVICE), { deleteFirst }),
      );
      expect(out).toContain("- service `second`: +300 GiB\n");
      expect(out).toContain(`- service \`${SERVICE}\`: -300 GiB\n`);
    }
  });

  test("says of a service that is not known yet that it is not", async () => {
    const { out } = await reported(clone("staging", { serviceName: UNKNOWN }));
    expect(out).toContain("- service unknown until up: +100 GiB\n");
    expect(out).not.toContain(UNKNOWN);
  });

  test("tells a rule whose share is secret with each that it may open", async () => {
    const old = { id: "a", inputs: { serviceName: SERVICE, snapshotId: "b", size: 100 } };
    const events = [
      step("update", "ovh:ShareClone", "grown", { ...old, inputs: { ...old.inputs, size: 200 } }, old, ["size"]),
      rule("wide", { shareId: secret, accessTo: "10.0.0.0/8" }),
    ];
    expect(rowOf(await reported(...events), "grown").at(-1)).toBe("`10.0.0.0/8` `rw`");
    expect(rowOf(await reported(...events, clone("second")), "second").at(-1)).toBe(
      "`10.0.0.0/8` `rw` (this or another share, its id is secret)",
    );
  });

  test("does not take what a refresh finds for what the program does", async () => {
    const kept = { id: "c-1", inputs: { serviceName: SERVICE, size: 100 } };
    const refreshed = step("refresh", "ovh:ShareClone", "staging", kept, kept);
    const found = JSON.parse(JSON.stringify(refreshed[1]).replace('"op":"refresh"', '"op":"update"'));
    const result = await reported(refreshed.slice(0, 1), found, step("same", "ovh:ShareClone", "staging", kept, kept));
    expect(result.out).toContain(": 1 unchanged.");
  });

  test("says of a revert what it does to the data", async () => {
    const { out } = await reported(
      step("create", "ovh:ShareRevert", "back", { inputs: { serviceName: SERVICE, shareId: SHARE } }),
    );
    expect(out).toContain(
      `ShareRevert \`back\` is created: takes share \`${SHARE}\` back to its newest manual snapshot, and what was written since is lost`,
    );
  });

  test("counts resources of other providers, by type, and lists the first of them", async () => {
    const buckets = Array.from({ length: 12 }, (_, index) => step("create", "aws:s3/bucket:Bucket", `b${index}`));
    const { out } = await reported(...buckets, step("delete", "random:index:Id", "id", undefined, { id: "x" }));
    expect(out).toContain("- 12 to create: `aws:s3/bucket:Bucket`, `b0`, `b1`");
    expect(out).toContain("`b9`, 2 more\n");
    expect(out).toContain("- 1 to delete: `random:index:Id`, `id`\n");
  });
});

describe("the verdict", () => {
  test("is the same whatever the order in which the engine gets to things", async () => {
    const findings = ["b", "a"].map((name) => finding("advisory", `x\n${name}`, { policyName: name }));
    const events = [held(), clone("staging"), clone("test"), rule("lan"), ...findings];
    const { out } = await reported(...events);
    expect((await run(stream(...events.toReversed(), summary()))).out).toBe(out);
  });

  test("is a refusal, and 1, for a mandatory violation, which comes first with its remedy", async () => {
    const { code, out, err } = await run(
      stream(
        finding("advisory", "The clone is large. Lower size.", { policyName: "ovh-limit-clone-size" }),
        finding("mandatory", "accessTo is 10.0.0.0/8. Give it a narrower network."),
        ran(["a", "b"]),
        says("error", "preview failed\n"),
        summary("failed"),
      ),
    );
    expect(code).toBe(1);
    expect(err).toBe("holdfast report: Storage preview: refused by 1 mandatory policy violation\n");
    expect(out).toContain(`### Policies

- **mandatory** \`ovh-restrict-access-rules\`: \`developers\`: \`accessTo is 10.0.0.0/8. Give it a narrower network.\`
- **advisory** \`ovh-limit-clone-size\`: \`developers\`: \`The clone is large. Lower size.\`

\`holdfast\` \`0.1.0\`: 2 rules ran, 2 findings.`);
    expect(out).not.toContain("### Errors");
  });

  test("is 0 with advisory findings alone", async () => {
    const { code, out } = await reported(finding("advisory", "The clone is large."), ran(["a"]));
    expect(code).toBe(0);
    expect(out).toContain("## Storage preview: can go ahead, with 1 advisory finding\n");
  });

  test("tells what a remediating policy has changed, without the values", async () => {
    const event = {
      resourceUrn: urnOf("ovh:Share", "s"),
      policyName: "tags",
      before: { size: 1, name: "x" },
      after: { size: 2, name: "x" },
    };
    expect((await reported({ policyRemediationEvent: event }, ran(["tags"]))).out).toContain(
      "- **changed by** `tags`: `s`: `size`\n",
    );
  });

  test("is 1 for an error, without the frames of its stack", async () => {
    const { code, out } = await run(stream(says("error", "Error: no\n    at f (x.ts:1:1)\n"), summary("failed")));
    expect(code).toBe(1);
    expect(out).toContain("## Storage preview: failed\n");
    expect(out).toContain("### Errors\n\n- `Error: no`\n");
    expect(out).toContain("No policy pack ran.");
  });

  test("is 1 for a stream that ends before its summary, also in the middle of a line", async () => {
    const whole = stream(clone("staging"), summary());
    for (const input of [stream(clone("staging")), whole.slice(0, -40)]) {
      const { code, out } = await run(input);
      expect(code).toBe(1);
      expect(out).toContain("## Storage preview: failed, it did not come to its end\n");
      expect(out).toContain("`staging`");
    }
  });

  test("is 1 for a policy pack that does not start, with what that has printed", async () => {
    const frame = "    at Module._load (node:internal/modules/cjs/loader:1341:5)\n\n";
    const lines = ["error: [runtime] Running program\n\n", "    Error: Cannot find module '@pulumi/policy'\n\n", frame];
    const { code, out } = await run(stream({ policyLoadEvent: {} }, ...lines.map((line) => says("info#err", line))));
    expect(code).toBe(1);
    expect(out).toContain("### Errors\n\n- `[runtime] Running program Error: Cannot find module '@pulumi/policy'`\n");
    expect((await reported(says("info#err", "said by a program"), clone("staging"))).out).not.toContain("said by");
  });

  test("is 1 for an input that is empty, or no JSON, or cut off", async () => {
    expect(await run("")).toMatchObject({ code: 1, out: expect.stringContaining("because the input is empty\n") });
    expect(await run("error: no stack selected\n")).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^<!-- holdfast-report:preview -->\n.*because the input is not JSON\n/),
    });
    expect(await run('{\n  "steps": [\n')).toMatchObject({
      code: 1,
      out: expect.stringContaining("did not come to its end"),
    });
  });

  test("leaves out lines that are no events, and unknown kinds of events, and says how many", async () => {
    const { code, out } = await run(
      `npm warn secret-word\n${stream({ newEvent: { text: "x" } }, clone("staging"), summary())}[1]\n`,
    );
    expect(code).toBe(0);
    expect(out).toContain("2 lines of the input were not JSON, and are left out.");
    expect(out).not.toContain("secret-word");
  });
});

describe("the plain form of the input", () => {
  const urn = urnOf("ovh:ShareClone", "staging");
  const snapshots = ["data", "other"].map((name) => {
    const newState = { inputs: { serviceName: SERVICE, shareId: SHARE, select: { newest: true } } };
    return { op: "create", urn: urnOf("ovh:HeldSnapshot", name), newState };
  });
  const newState = {
    inputs: { serviceName: SERVICE, snapshotId: UNKNOWN, size: 100, description: "[secret]" },
    propertyDependencies: { snapshotId: [urnOf("ovh:HeldSnapshot", "data")] },
  };
  const digest = (more = {}) =>
    JSON.stringify({ steps: [...snapshots, { op: "create", urn, newState }], ...more }, null, 4);

  test("has no policy results, and names the source of a clone with certainty", async () => {
    const result = await run(`${digest()}\n`);
    expect(result.code).toBe(0);
    expect(result.out).toContain("Policies: not in this input.");
    expect(rowOf(result, "staging")[2]).toBe("HeldSnapshot `data`");
    expect(await run(JSON.stringify(JSON.parse(digest())))).toEqual(result);
  });

  test("fails with its errors", async () => {
    const { code, out } = await run(digest({ diagnostics: [{ severity: "error", message: "error: no\n", urn }] }));
    expect(code).toBe(1);
    expect(out).toContain("- `staging`: `no`\n");
  });
});

describe("secrets", () => {
  const debug = (value: string) =>
    says(
      "debug",
      `RegisterResource RPC finished: resp: a,description,,,,,4dabf18193072939515e22adb298388d,,,1b47061264138c4ac30d75fd1eb44270,value,,,${value},name,,,x,,\n`,
    );

  test("are in no part of a report, wherever the stream holds them", async () => {
    const inputs = {
      serviceName: SERVICE,
      shareId: secret,
      snapshotId: secret,
      size: secret,
      select: { before: secret },
    };
    const { out, err } = await run(
      stream(
        { preludeEvent: { config: { "shop:password": "[secret]" } } },
        says("info", "info hunter2,a\n"),
        says("warning", "warning hunter2,a\n"),
        step("create", "ovh:ShareClone", "clone-hunter2,a", {
          inputs: { ...inputs, __hidden: "hunter2,a" },
          outputs: { x: secret },
        }),
        step("create", "aws:s3:Bucket", "bucket-hunter2,a"),
        rule("developers", { accessTo: secret, shareId: secret }),
        finding("mandatory", "size is hunter2,a", { policyName: "by-hunter2,a", policyPackName: "hunter2,a" }),
        { policyRemediationEvent: { policyName: "hunter2,a", before: { "hunter2,a": 1 }, after: {} } },
        { stdoutEvent: { message: "hunter2,a" } },
        { errorEvent: { error: "hunter2,a" } },
        says("error", "error hunter2,a and env-secret-value\n", urnOf("x:y:Z", "hunter2,a")),
        debug("hunter2,a"),
        debug("hunter2,a and more"),
        debug("-----BEGIN\nhunter2-line"),
        says("warning", "Error at hunter2-line"),
        summary("failed"),
      ),
      [],
      { environment: { OVH_CONSUMER_KEY: "env-secret-value", HOME: "/home/someone" } },
    );
    expect(out + err).not.toContain("hunter2");
    expect(out + err).not.toContain("env-secret-value");
    expect(out).toContain("`clone-[secret]`");
    expect(out).toContain("- `warning [secret]`");
    expect(out).toContain("`error [secret] and [secret]`");
    expect(rowOf({ code: 0, out, err }, "clone-[secret]").slice(2, 5)).toEqual(["secret", "not shown", "secret"]);
    expect(out).not.toContain("__hidden");
  });

  test("in objects and lists stay out of free text, and what is plain elsewhere stays in", async () => {
    const nested = debug(
      ",,a,,,nested-secret,b,,,,,,,,list-secret,,,,,c,,,deep-secret,tail,,,serviceName,,,plain-service",
    );
    const { out } = await reported(
      nested,
      clone("staging", { serviceName: "plain-service" }),
      says("warning", "nested-secret, list-secret and deep-secret of plain-service, by serviceName"),
    );
    expect(out).toContain("- `[secret], [secret] and [secret] of plain-service, by serviceName`");
    expect(out).toContain("- service `plain-service`: +100 GiB");
  });

  test("that the engine itself prints in an error are left out, there and elsewhere", async () => {
    const { out } = await run(
      stream(
        says("error", "resource 's': property description value {&{{p}}}ss}}} has a problem: p}}}ss is too long.\n"),
        says("error", "resource 't': property tags value {map[a:{&{{word}}}]} has a problem: no.\n"),
        says("warning", "p}}}ss"),
        summary("failed"),
      ),
    );
    expect(out).toContain("property description value [secret] has a problem: [secret] is too long.");
    expect(out).toContain("property tags value {map[a:[secret]]} has a problem: no.");
    expect(out).toContain("- `[secret]`\n");
    expect(out).not.toMatch(/ss|word/);
  });

  test("that are very short, or that a debug message doesn't hold, change nothing", async () => {
    const { out } = await reported(clone("staging"), debug("a"), says("debug", "size,,100"));
    expect(out).toContain("`staging`");
    expect(out).toContain("100 GiB");
  });
});

describe("free text", () => {
  const hostile = [
    "<img src=x onerror=alert(1)>",
    "![image](https://example.org/x.png)",
    "[link](javascript:alert(1)) https://example.org",
    "@everyone #1 !2 org/repo#3",
    "a | b |\n| c |",
    "`` `code` ``` \n```\n# heading\n/close\n",
    "<!-- holdfast-report:preview -->",
    "--> <script>",
    "\u202egnol\u2066\u200b\u0007\u0000\u2028end",
    "back\\",
  ];

  test("is code on one line, wherever it stands", async () => {
    for (const text of hostile) {
      const { out } = await run(
        stream(
          clone(text, { snapshotId: text, serviceName: text }),
          rule(text, { accessTo: text, accessLevel: text, shareId: text }),
          step("create", text.replaceAll("::", ""), text),
          step("create", `ovh:${text.replaceAll("::", "")}`, "of a type like ours"),
          finding("mandatory", text, { policyName: text, policyPackName: text }),
          says("error", text, urnOf("x:y:Z", text)),
          says("warning", text),
          ran([text]),
          summary("failed"),
        ),
      );
      const [marker, ...lines] = out.split("\n");
      expect(marker).toBe("<!-- holdfast-report:preview -->");
      for (const line of lines) {
        // Outside of code there is only what the report itself says.
        expect(line.replaceAll(/`[^`]+`/g, "").replaceAll("<br>", "")).toMatch(/^[\w .,:;+()*/#|-]*$/);
        expect(line).toMatch(/^($|#|- |\| |Stack |`)/);
        expect(line).not.toContain("<!--");
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
        if (line.startsWith("|")) expect(line.match(/\|/g)).toHaveLength(7);
      }
    }
  });

  test("is cut where it is long", async () => {
    const { out } = await reported(says("warning", "x".repeat(5000)));
    expect(out).toContain(`- \`${"x".repeat(700)}\u2026\`\n`);
  });
});

describe("the size of a report", () => {
  const many = Array.from({ length: 2000 }, (_, index) => step("create", "ovh:Snapshot", `snapshot-${index}`));

  test("stays within the limit, with verdict, violations and clones first", async () => {
    const input = stream(many.flat(), clone("staging"), finding("mandatory", "No."), summary());
    const { out } = await run(input);
    expect(out.length).toBeLessThanOrEqual(60_000);
    expect(out.length).toBeGreaterThan(59_000);
    expect(out).toMatch(/\n\*The report is cut here: it is longer than 60000 characters\.\*\n$/);
    const short = (await run(input, ["--max-characters", "1000"])).out;
    expect(short.length).toBeLessThanOrEqual(1000);
    for (const text of ["## Storage preview: refused", "**mandatory**", "| `staging` |", "cut here"])
      expect(short).toContain(text);
    expect((await run(input, ["--max-characters", "1000000"])).out).toContain("`snapshot-1999`");
  });

  test("shows the first of many findings and clones, so that one sort does not push out the others", async () => {
    const clones = Array.from({ length: 1000 }, (_, index) => clone(`c${index}`));
    const findings = clones.flatMap(() => [finding("advisory", "Mind this."), finding("mandatory", "No.")]);
    const { out } = await reported(...clones, ...findings);
    for (const text of ["- and 980 more\n", "And 900 more.\n", `- service \`${SERVICE}\`: +100000 GiB\n`])
      expect(out).toContain(text);
    expect(out.match(/\*\*(advisory|mandatory)\*\*/g)).toHaveLength(40);
  });

  test("is made in well under two seconds where a thousand resources may all belong together", async () => {
    const snapshots = Array.from({ length: 334 }, (_, index) => step("create", "ovh:Snapshot", `s${index}`));
    const clones = Array.from({ length: 333 }, (_, index) => clone(`c${index}`));
    const rules = Array.from({ length: 333 }, (_, index) => rule(`r${index}`));
    const input = stream(...snapshots, ...clones, ...rules, summary());
    const began = process.cpuUsage();
    const { out } = await run(input, ["--max-characters", "1000000"]);
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(2000);
    expect(out).toContain("a new one: Snapshot `s0` or Snapshot `s1` or Snapshot `s2` or Snapshot `s3` or 330 more");
    expect(out).toContain("(this or another new share)<br>317 more |");
  });

  test("takes lines of several megabytes, in chunks that split characters, and a thousand resources, in no time", async () => {
    const text = `${stream(many.slice(0, 1000).flat(), says("info", "\u00e9".repeat(4_000_000)), clone("caf\u00e9"), summary())}`;
    const bytes = Buffer.from(text);
    const chunks = Array.from({ length: Math.ceil(bytes.length / 65_535) }, (_, at) =>
      bytes.subarray(at * 65_535, (at + 1) * 65_535),
    );
    const began = process.cpuUsage();
    const { code, out } = await run(chunks);
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(5000);
    expect(code).toBe(0);
    expect(out).toContain("`caf\u00e9`");
    expect(out).toContain("1001 to create");
  });
});

describe("the command line of report", () => {
  test("puts another name into the marker, and refuses one that could end the comment", async () => {
    expect((await run(stream(summary()), ["--marker", "shop.dev_2-x"])).out).toMatch(
      /^<!-- holdfast-report:shop.dev_2-x -->\n/,
    );
    for (const name of ["", "a--b", "-a", "a-", "a b", "a>", "\n", "x".repeat(65)]) {
      const { code, err, out } = await run(stream(summary()), [`--marker=${name}`]);
      expect([code, out]).toEqual([2, ""]);
      expect(err).toContain("holdfast report: --marker takes letters");
    }
  });

  test("refuses what makes no sense with 2 and its usage", async () => {
    for (const [args, message] of [
      [["--max-characters", "999"], "--max-characters must be a whole number from 1000 to 1000000"],
      [["--max-characters=1e4"], "--max-characters must be"],
      [["--nope"], "Unknown option '--nope'"],
      [["a", "b"], 'Unexpected argument "b"'],
    ] as const) {
      const { code, err } = await run("", [...args]);
      expect(code).toBe(2);
      expect(err).toContain(message);
      expect(err).toContain("Usage: npx pulumi-holdfast report");
    }
    expect(await run("", [], { interactive: true })).toMatchObject({
      code: 2,
      err: expect.stringContaining("Pipe in the output of pulumi preview --json, or name a file"),
    });
    expect(await run("", ["--help"])).toMatchObject({ code: 0, out: expect.stringContaining("Exit codes: 0") });
  });

  test("reads a file, and says which one it can't", async ({ machine }) => {
    const file = join(machine.folder, "events.json");
    writeFileSync(file, stream(clone("staging"), summary()));
    expect(await run("", [file], { interactive: true })).toMatchObject({
      code: 0,
      out: expect.stringContaining("`staging`"),
    });
    expect(readFileSync(file, "utf8")).toContain("staging");
    expect(await run("", [join(machine.folder, "missing")])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^holdfast report: cannot read .*missing: ENOENT/),
    });
  });
});
