import { describe, expect } from "vitest";
import { UNKNOWN } from "../support/analyzer";
import { given, made } from "../support/ovh";
import { said, test } from "../support/test";

const RULE = "ovh-require-nfs";

describe(RULE, () => {
  test.for(["Share", "ShareClone"])("refuses another protocol of a %s before it is made", async (kind, { pack }) => {
    const smb = given(kind, "data", { size: 100, protocol: "SMB" });
    const refused = [
      `mandatory data: ${kind} data: protocol is not "NFS", the only protocol of the service. Leave it out, or set it to that.`,
    ];
    expect(said(await pack.analyze(smb), RULE)).toEqual(refused);
    expect(said(await pack.all([made(smb)]), RULE)).toEqual(refused);
    await pack.unconfigured();
    expect(said(await pack.all([smb]), RULE)).toEqual(refused);
    expect(said(await pack.all([given(kind, "data", { protocol: "NFS" }), given(kind, "old")]), RULE)).toEqual([]);
  });

  test("notes a protocol that is not known yet", async ({ pack }) => {
    const open = given("Share", "data", { protocol: UNKNOWN });
    expect(said(await pack.all([open]), RULE)).toEqual([
      "advisory data: Share data: not decided yet: protocol is not known yet. Check decides during the update, before it is made.",
    ]);
    await pack.configure({ [RULE]: { undecided: "mandatory" } });
    expect(said(await pack.all([open]), RULE)).toEqual([expect.stringMatching(/^mandatory data/)]);
  });

  test("says nothing of what is not ours", async ({ pack }) => {
    expect(said(await pack.all([given("aws:s3/bucket:Bucket", "data", { protocol: "SMB" })]), RULE)).toEqual([]);
  });
});
