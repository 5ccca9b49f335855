import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect } from "vitest";
import { asyncProgram, expectNoSecrets, SECOND, test, withoutCredentials } from "./support/accounts";

describe("look-ups in a program", () => {
  test("ask the stack's account, a given provider's and an inherited one's, in both forms", async ({
    project,
    simulator,
    other,
  }) => {
    withoutCredentials(project);
    await project.pulumi("config", "set", "ovh:endpoint", simulator.url);
    await project.pulumi("config", "set", "--secret", "ovh:accessToken", simulator.credentials.accessToken);
    await asyncProgram(
      project,
      `${SECOND}
      const second = account();
      export const service = (await ovh.getService()).id;
      export const snapshot = ovh.getSnapshotOutput({ serviceName, shareId: process.env.SHARE }).type;
      export const there = (await ovh.getShare({ serviceName: s.serviceName, name: "production" }, { provider: second })).id;
      const made = new Share("made", { serviceName: s.serviceName, size: 150 }, { provider: second });
      // The service's name is known before the share exists: the answer has to wait for it all the same.
      export const madeSize = ovh.getSharesOutput({ serviceName: made.serviceName }, { provider: second }).shares.apply(
        (all) => all.filter(({ size }) => size === 150).length);
      class Inheriting extends pulumi.ComponentResource {
        constructor(name, opts) {
          super("test:index:Inheriting", name, {}, opts);
          const children = new pulumi.ComponentResource("test:index:Children", name + "-children", {}, { parent: this });
          new Share("child", { serviceName: s.serviceName, size: 200 }, { parent: children });
          const sizes = ({ shares }) => shares.map(({ size }) => size).filter((size) => size > 150);
          this.sizes = ovh.getSharesOutput({ serviceName: s.serviceName }, { parent: this, dependsOn: children }).apply(sizes);
          this.plain = ovh.getShares({ serviceName: s.serviceName }, { parent: this }).then(({ serviceName }) => serviceName);
        }
      }
      const component = new Inheriting("component", { providers: [second] });
      export const sizes = component.sizes;
      export const inherited = await component.plain;
      export const hidden = ovh.getShareOutput({ serviceName: pulumi.secret(serviceName), name: "production" }).name;
    `,
    );

    const preview = await project.preview();
    expect(preview.code, preview.text).toBe(0);
    expect(preview.text).toMatch(/madeSize *: \[unknown\]/);
    expect(preview.text).toMatch(/sizes *: \[unknown\]/);
    expect(preview.text).toMatch(/snapshot *: "automatic"/);
    const up = await project.up();
    expect(up.code, up.text).toBe(0);
    expect(up.text).not.toMatch(/warning/i);
    expect(await project.outputs()).toEqual({
      service: simulator.serviceName,
      snapshot: "automatic",
      there: other.shareId,
      madeSize: 1,
      sizes: [200],
      inherited: other.serviceName,
      hidden: "[secret]",
    });
    expectNoSecrets(preview.text + up.text + (await project.exportState()), simulator, other);
    expect((await project.destroy()).code).toBe(0);
  });

  test("are unknown in a preview that is offline or has no credentials, and errors in plain form and in up", async ({
    project,
    simulator,
  }) => {
    const program = (throwing: string) =>
      asyncProgram(
        project,
        `import * as ovh from "pulumi-holdfast/ovh";
        const share = ovh.getShareOutput({ serviceName, name: "production" });
        export const size = share.size;
        export const count = ovh.getSharesOutput({ serviceName }).shares.length;
        ${throwing}`,
      );
    const caught = `await ovh.getService().catch((error) => pulumi.log.warn(error.message));`;
    const told = "Look-ups of OVHcloud file storage are unknown in this preview.";

    project.env["HOLDFAST_OFFLINE"] = "1";
    await program(caught);
    const offline = await project.preview();
    expect(offline.code, offline.text).toBe(0);
    expect(offline.text).toMatch(/size *: \[unknown\]/);
    expect(offline.diagnostics.filter(({ message }) => message.includes(told))).toHaveLength(1);
    expect(offline.text).toContain(`${told} HOLDFAST_OFFLINE is set, so nothing is looked up.`);
    expect(offline.text).toContain(
      "getService: HOLDFAST_OFFLINE is set, so nothing is looked up. getServiceOutput is unknown in such a preview, and does not fail.",
    );
    const offlineUp = await project.up();
    expect(offlineUp.code).not.toBe(0);
    const cannot = "HOLDFAST_OFFLINE is set, so nothing can be looked up. Unset it, or only preview.";
    expect(offlineUp.text).toContain(`getService: ${cannot}`);
    expect(offlineUp.text).toMatch(new RegExp(`error: get(Share|Shares): ${cannot}`));

    delete project.env["HOLDFAST_OFFLINE"];
    withoutCredentials(project);
    await program("");
    const without = await project.preview();
    expect(without.code, without.text).toBe(0);
    expect(without.diagnostics.filter(({ message }) => message.includes(told))).toHaveLength(1);
    expect(without.text).toContain(`${told} No OVHcloud credentials were found.`);
    await program("await ovh.getService();");
    const plain = await project.preview();
    expect(plain.code).not.toBe(0);
    expect(plain.text).toContain("error: getService: No OVHcloud credentials found. Set one of these");
    await program("");
    const up = await project.up();
    expect(up.code).not.toBe(0);
    expect(up.text).toMatch(/error: get(Share|Shares): No OVHcloud credentials found\. Set one of these/);
    expect(up.text).not.toMatch(/unhandled|^\s+at /m);
    expect(simulator.calls).toEqual([]);
  });

  test("fail in a preview where the service can't be reached or the provider is none of ours", async ({ project }) => {
    await asyncProgram(
      project,
      `import * as ovh from "pulumi-holdfast/ovh";
      const foreign = new pulumi.ProviderResource("pulumi-nodejs", "foreign", { "ovh:accessToken": "x" });
      export const wrong = await ovh.getService({}, { provider: foreign }).catch((error) => pulumi.log.warn(error.message));
      export const size = ovh.getServiceOutput().quota;`,
    );
    project.env["OVH_ENDPOINT"] = `http://127.0.0.1:${await closedPort()}/1.0`;

    const preview = await project.preview();

    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain(
      "getService: its provider is a ProviderResource, which is no account of OVHcloud file storage. Pass an ovh.Provider.",
    );
    expect(preview.text).toMatch(/error: getService: .*connection refused.*set HOLDFAST_OFFLINE=1\./);
  });

  test("do not keep Ctrl-C waiting for a service that does not answer", async ({ project, simulator }) => {
    const path = "/storage/netapp/{serviceName}/share";
    simulator.faults.add({ path, times: Number.POSITIVE_INFINITY, fault: { kind: "slow", ms: 60_000 } });
    await project.program(`import { getSharesOutput } from "pulumi-holdfast/ovh";
      export const count = getSharesOutput({ serviceName }).shares.length;`);

    const run = project.start(["up", "--yes", "--skip-preview"]);
    while (!simulator.calls.some((call) => call.path.endsWith("/share"))) await delay(20);
    const interrupted = performance.now();
    run.process.kill("SIGINT");

    expect((await run.ended).code).not.toBe(0);
    expect(performance.now() - interrupted).toBeLessThan(20_000);
  });
});

/** A port where nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
