import { describe, expect } from "vitest";
import { asyncProgram, expectNoSecrets, SECOND, test, withoutCredentials } from "./support/accounts";
import { changes } from "./support/project";

describe("an explicit provider", () => {
  test("serves a second account beside the stack's: by itself, in components, by get, in refresh and destroy", async ({
    project,
    simulator,
    other,
  }) => {
    await project.program(`${SECOND}
      const second = account();
      new Share("here", { serviceName, size: 100 });
      new Share("there", { serviceName: s.serviceName, size: 110 }, { provider: second });
      class Pair extends pulumi.ComponentResource {
        constructor(name, opts) {
          super("test:index:Pair", name, {}, opts);
          this.share = new Share("inherited", { serviceName: s.serviceName, size: 120 }, { parent: this });
          new Snapshot("of-it", { serviceName: s.serviceName, shareId: this.share.id }, { parent: this });
        }
      }
      new Pair("pair", { providers: [second] });
      export const found = Share.get("found", s.serviceName + "/" + s.shareId, {}, { provider: second }).name;
    `);

    const preview = await project.preview("--diff");
    expect(preview.code, preview.text).toBe(0);
    const up = await project.up();
    expect(up.code, up.text).toBe(0);
    expect(await project.outputs()).toEqual({ found: "production" });
    const sizes = (of: typeof other) => of.model.shares.map(({ size }) => size).toSorted();
    expect(sizes(simulator)).toEqual([100, 100]);
    expect(sizes(other)).toEqual([100, 110, 120]);

    const exported = await project.exportState();
    expect(exported).toContain('"ciphertext"');
    expectNoSecrets(preview.text + up.text + exported, simulator, other);

    // What follows knows the second account from the state alone.
    delete project.env["SECOND"];
    const refresh = await project.refresh();
    expect(refresh.code, refresh.text).toBe(0);
    expect(changes(refresh)).toEqual([]);
    const destroyed = await project.destroy();
    expect(destroyed.code, destroyed.text).toBe(0);
    expect(sizes(simulator)).toEqual([100]);
    expect(sizes(other)).toEqual([100]);
    expect([...simulator.unmatched, ...other.unmatched]).toEqual([]);
  });

  test("changes no resource when it gets other credentials, and uses them", async ({ project, other }) => {
    const share = `new Share("there", { serviceName: s.serviceName, size: Number(process.env.SIZE) }, { provider: second });`;
    project.env["SIZE"] = "100";
    await project.program(`${SECOND} const second = account(); ${share}`);
    expect((await project.up()).code).toBe(0);

    await project.program(`${SECOND}
      const second = new ovh.Provider("second", { endpoint: s.endpoint, clientId: s.clientId, clientSecret: s.clientSecret });
      ${share}`);
    const preview = await project.preview("--diff");
    expect(changes(preview)).toEqual([]);
    const rotated = await project.up();
    expect(rotated.code, rotated.text).toBe(0);
    expect(changes(rotated)).toEqual([]);
    const exported = await project.exportState();
    expectNoSecrets(preview.text + rotated.text + exported, other);

    project.env["SIZE"] = "150";
    const changed = await project.up();
    expect(changes(changed)).toEqual(["update there"]);
    expect(other.model.shares.map(({ size }) => size)).toEqual([100, 150]);
    expect(other.calls.map(({ path }) => path)).toContain("/auth/oauth2/token");
    expect((await project.destroy()).code).toBe(0);
  });

  test("whose credentials another resource makes is shown in a preview, and works in up", async ({
    project,
    simulator,
    other,
  }) => {
    await asyncProgram(
      project,
      `${SECOND}
      const maker = new Share("maker", { serviceName, size: 100 });
      const made = maker.createdAt.apply(() => s.accessToken); // unknown before the share exists
      const second = new ovh.Provider("second", { endpoint: s.endpoint, accessToken: made });
      new Share("there", { serviceName: s.serviceName, size: 110 }, { provider: second });
      Share.get("found", s.serviceName + "/" + s.shareId, {}, { provider: second });
      export const name = ovh.getShareOutput({ serviceName: s.serviceName, shareId: s.shareId }, { provider: second }).name;
      export const plain = await ovh.getShare({ serviceName: s.serviceName, shareId: s.shareId }, { provider: second }).then(
        () => "found", (error) => error.message);
    `,
    );

    const preview = await project.preview();
    expect(preview.code, preview.text).toBe(0);
    expect(changes(preview).toSorted()).toEqual(["create maker", "create there"]);
    expect(preview.text).toMatch(/name *: \[unknown\]/);
    expect(preview.text).toMatch(
      /plain *: "getShare: The credentials of .* are not known before the resource that makes them exists\./,
    );
    expect(other.calls).toEqual([]);
    const up = await project.up();
    expect(up.code, up.text).toBe(0);
    expect(await project.outputs()).toEqual({ name: "production", plain: "found" });
    expectNoSecrets(preview.text + up.text + (await project.exportState()), simulator, other);
    expect((await project.destroy()).code).toBe(0);
  });

  test("says in one line what is wrong with its arguments, and repeats none of them", async ({
    project,
    simulator,
    other,
  }) => {
    await project.program(`${SECOND}
      new ovh.Provider("second", { clientId: s.clientId, clientSecret: s.clientSecret, accessToken: s.accessToken });`);

    const { code, text } = await project.preview();

    expect(code).not.toBe(0);
    expect(text).toContain(
      'error: There is more than one kind of OVHcloud credentials in ovh.Provider "second": clientId, clientSecret, accessToken. Keep one',
    );
    expect(text).not.toMatch(/unhandled|^\s+at /m);
    expectNoSecrets(text, simulator, other);
  });

  test("fills nothing in from the stack's account when an output turns out to be empty", async ({
    project,
    simulator,
    other,
  }) => {
    const cases = {
      half: "clientId: s.clientId, clientSecret: pulumi.output(Promise.resolve(undefined))",
      none: "accessToken: pulumi.output('')",
      both: "accessToken: pulumi.output(s.accessToken), clientId: pulumi.output(s.clientId)",
    };
    const messages = {
      half: 'The OVHcloud credentials in ovh.Provider "half" are incomplete: there is clientId, but not clientSecret.',
      none: 'ovh.Provider "none" has no OVHcloud credentials: pass applicationKey',
      both: 'There is more than one kind of OVHcloud credentials in ovh.Provider "both": clientId, accessToken.',
    };
    const made = Object.entries(cases).map(
      ([name, args]) => `
      const ${name} = new ovh.Provider("${name}", { endpoint: s.endpoint, ${args} });
      new Share("${name}", { serviceName: s.serviceName, size: 100 }, { provider: ${name} });
      ovh.getShares({ serviceName: s.serviceName }, { provider: ${name} }).catch((e) => pulumi.log.warn(e.message));`,
    );
    await project.program(SECOND + made.join(""));

    const up = await project.up("--continue-on-error");

    expect(up.code).not.toBe(0);
    for (const [name, message] of Object.entries(messages)) {
      expect(up.text).toContain(`Share ${name}: ${message}`);
      expect(up.text).toContain(`getShares: ${message}`);
    }
    expectNoSecrets(up.text, simulator, other);
    expect([...simulator.calls, ...other.calls]).toEqual([]);
  });

  test("that the service refuses is named in the error, without its token", async ({ project, simulator, other }) => {
    withoutCredentials(project);
    await project.program(`${SECOND}
      const second = new ovh.Provider("second", { endpoint: s.endpoint, accessToken: "wrong-" + s.accessToken });
      new Share("there", { serviceName: s.serviceName, size: 100 }, { provider: second });`);

    const up = await project.up();

    expect(up.code).not.toBe(0);
    expect(up.text).toContain('Check the access token (it may have expired) in ovh.Provider "second".');
    expectNoSecrets(up.text, simulator, other);
  });
});
