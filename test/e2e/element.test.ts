import { describe, expect } from "vitest";
import { simulateElement } from "../../provider/simulators";
import { callsOf, databaseOf, test, write } from "./support/element";
import { changes, type Run } from "./support/project";

const GIB = 1024 ** 3;

/** A program of clones, each named after what changes of it. */
const clonesOf = (clones: Record<string, object>) => `
  for (const [name, args] of Object.entries(${JSON.stringify(clones)})) new VolumeClone(name, { volumeID, ...args });
`;

/** What a command did to each resource, and by which properties. */
const differences = ({ steps }: Run, op: string) =>
  Object.fromEntries(steps.filter((step) => step.op === op).map(({ name, differs }) => [name, differs]));

describe("a VolumeClone on a real engine", () => {
  test("is changed in place, or replaced, as its preview shows; drift is mended; destroy keeps or purges", async ({
    project,
    cluster,
  }) => {
    const { model } = cluster;
    const database = databaseOf(cluster);
    const last = database.totalSize / 4096 - 1;
    model.writeBlock(database.volumeID, 0, "start");
    model.writeBlock(database.volumeID, last, "end");
    const other = model.addVolume("other");
    const { accountID } = model.addAccount("second");
    const [policy] = model.qosPolicies;
    const groups = model.accessGroups.map(({ volumeAccessGroupID }) => volumeAccessGroupID);
    const points = [1, 2].map((day) => model.takeSnapshot(database.volumeID, `day-${day}`).snapshotID);
    const bounds = (maxIOPS: number) => ({ minIOPS: 50, maxIOPS, burstIOPS: 2000 });
    const inPlace: Record<string, [object, object]> = {
      access: [{ access: "readOnly" }, { access: "readWrite" }],
      attributes: [{ attributes: { team: "red" } }, { attributes: { team: "blue", purpose: ["qa"] } }],
      enableSnapMirrorReplication: [{}, { enableSnapMirrorReplication: true }],
      newAccountID: [{}, { newAccountID: accountID }],
      newSize: [
        { newSize: 100 * GIB, deletionPolicy: "purge" },
        { newSize: 120 * GIB, deletionPolicy: "purge" },
      ],
      qos: [{ qos: bounds(1000) }, { qos: bounds(1500) }],
      qosPolicyID: [{}, { qosPolicyID: policy?.qosPolicyID }],
      volumeAccessGroupIDs: [{ volumeAccessGroupIDs: groups.slice(0, 1) }, { volumeAccessGroupIDs: groups.slice(1) }],
    };
    const replaced: Record<string, [object, object]> = {
      enable512e: [{ enable512e: true }, { enable512e: false }],
      name: [{ name: "old-name" }, { name: "new-name" }],
      smaller: [{ newSize: 100 * GIB }, { newSize: 60 * GIB }],
      snapshotID: [{ snapshotID: points[0] }, { snapshotID: points[1] }],
      trigger: [{ trigger: { week: 47 } }, { trigger: { week: 48 } }],
      volumeID: [{}, { volumeID: other.volumeID }],
    };
    const program = (which: 0 | 1) =>
      clonesOf({
        half: { newSize: 50 * GIB },
        ...Object.fromEntries(Object.entries({ ...inPlace, ...replaced }).map(([name, pair]) => [name, pair[which]])),
      });
    await write(project, program(0));
    const made = await project.up();
    expect(made.code, made.text).toBe(0);
    const before = await project.state();
    const volumeOf = (name: string) => model.volumes.find(({ volumeID }) => `${volumeID}` === before.get(name)?.id);
    const blocks = model.blocksOf("volume", Number(before.get("half")?.id));
    expect([blocks, model.readBlock(database.volumeID, last)]).toEqual([{ 0: "start" }, "end"]);
    expect(volumeOf("half")?.totalSize).toBe(50 * GIB);

    await write(project, program(1));
    const writes = callsOf(cluster).length;
    const preview = await project.preview("--diff");
    expect(callsOf(cluster)).toHaveLength(writes);
    expect(preview.text).toMatch(/~ access: "readOnly" => "readWrite"/);
    expect(preview.text).toMatch(/~ newSize: 107374182400 => 64424509440/);
    expect(preview.text).toMatch(/~ trigger: \{\s+~ week: 47 => 48\s+\}/);
    const up = await project.up();
    expect(up.code, up.text).toBe(0);
    const own = (clones: object) => Object.fromEntries(Object.keys(clones).map((name) => [name, [name]]));
    for (const run of [preview, up]) {
      expect(differences(run, "update"), run.text).toEqual(own(inPlace));
      expect(differences(run, "create-replacement"), run.text).toEqual({
        ...own(replaced),
        smaller: ["newSize"],
        // What check has found out about the source is another one, too.
        snapshotID: ["snapshotID", "source"],
        volumeID: ["source", "volumeID"],
      });
    }
    const after = await project.state();
    const kept = [...before].filter(([name, { id }]) => after.get(name)?.id === id).map(([name]) => name);
    expect(kept.toSorted()).toEqual(["half", ...Object.keys(inPlace)].toSorted());
    expect([volumeOf("access")?.access, volumeOf("newSize")?.totalSize]).toEqual(["readWrite", 120 * GIB]);
    expect(volumeOf("attributes")?.attributes).toMatchObject({ team: "blue", purpose: ["qa"] });
    expect(volumeOf("enableSnapMirrorReplication")?.enableSnapMirrorReplication).toBe(true);
    expect(volumeOf("newAccountID")?.accountID).toBe(accountID);
    expect(volumeOf("qos")?.qos).toMatchObject(bounds(1500));
    expect(volumeOf("qosPolicyID")?.qosPolicyID).toBe(policy?.qosPolicyID);
    expect(model.accessGroups.map(({ volumes }) => volumes)).toEqual([
      [database.volumeID],
      [Number(after.get("volumeAccessGroupIDs")?.id)],
    ]);
    expect(model.blocksOf("volume", Number(after.get("smaller")?.id))).toEqual({ 0: "start" });

    model.setVolume(Number(after.get("access")?.id), { access: "locked" });
    model.setVolume(Number(after.get("qos")?.id), { qos: { ...database.qos, maxIOPS: 9000 } });
    model.removeVolume(Number(after.get("half")?.id));
    const refreshed = await project.refresh();
    expect(refreshed.code, refreshed.text).toBe(0);
    const drifted = await project.state();
    expect([drifted.has("half"), drifted.get("access")?.outputs?.["access"]]).toEqual([false, "locked"]);
    const mended = await project.up();
    expect(changes(mended).toSorted()).toEqual(["create half", "update access", "update qos"]);
    expect([volumeOf("access")?.access, volumeOf("qos")?.qos.maxIOPS]).toEqual(["readWrite", 1500]);

    const clones = [...(await project.state()).values()].map(({ id }) => Number(id));
    const purged = Number(after.get("newSize")?.id);
    const destroyed = await project.destroy();
    expect(destroyed.code, destroyed.text).toBe(0);
    const left = model.volumes.filter(({ volumeID }) => clones.includes(volumeID));
    expect(new Set(left.map(({ status }) => status))).toEqual(new Set(["deleted"]));
    expect(left.map(({ volumeID }) => volumeID).toSorted()).toEqual(clones.filter((id) => id !== purged).toSorted());
    expect([database.status, other.status, cluster.unmatched]).toEqual(["active", "active", []]);
  });
});

describe("a Snapshot on a real engine", () => {
  test("that has expired is taken and cloned again; of another cluster at the same address nothing is touched", async ({
    project,
    cluster,
  }) => {
    const { model } = cluster;
    await write(
      project,
      `const point = new Snapshot("point", { volumeID, retention: "24:00:00" });
       new VolumeClone("copy", { volumeID, snapshotID: point.snapshotID });`,
    );
    expect((await project.up()).code).toBe(0);
    const [first] = model.snapshots;
    const copy = (await project.state()).get("copy")?.id;

    model.advanceClock(25 * 3_600_000);
    const refreshed = await project.refresh();
    expect(refreshed.code, refreshed.text).toBe(0);
    expect([...(await project.state()).keys()]).toEqual(["copy"]);
    const again = await project.up();
    expect(again.code, again.text).toBe(0);
    expect(changes(again).toSorted()).toEqual(
      ["create point", "create-replacement copy", "delete-replaced copy", "replace copy"].toSorted(),
    );
    expect(model.snapshots.map(({ snapshotID }) => snapshotID)).not.toContain(first?.snapshotID);
    expect((await project.state()).get("copy")?.id).not.toBe(copy);

    const port = Number(new URL(cluster.url).port);
    await cluster.close();
    const stranger = await simulateElement({ port, clusterUniqueID: "zz99" });
    try {
      for (let one = 0; one < 3; one += 1) stranger.model.addVolume(`theirs-${one}`);
      Object.assign(project.env, stranger.environment);
      for (const run of [await project.refresh(), await project.destroy()]) {
        expect(run.code, run.text).not.toBe(0);
        expect(run.text).toContain('the endpoint leads to cluster "zz99", but ');
        expect(run.text).toContain('is in cluster "hf01". Nothing was done.');
      }
      expect([...(await project.state()).keys()].toSorted()).toEqual(["copy", "point"]);
      expect(callsOf(stranger)).toEqual([]);
    } finally {
      await stranger.close();
    }
  });
});

describe("a cluster that can't be used", () => {
  test("is told with the reason and what to do, beside one whose certificate is trusted", async ({
    project,
    cluster,
  }) => {
    const old = await simulateElement({ apiVersion: "8.4" });
    const secure = await simulateElement({ tls: true });
    try {
      const account = ({ url, credentials }: typeof cluster, more: object = {}) => {
        return { endpoint: url, ...credentials, ...more };
      };
      const providers = {
        old: account(old),
        lacking: account(cluster, { apiVersion: "12.9" }),
        wrong: account(cluster, { password: "not-the-password" }),
        untrusted: account(secure),
        trusted: account(secure, { caCert: secure.caCert }),
        unverified: account(secure, { verifyCertificate: false }),
      };
      await write(
        project,
        `for (const [name, args] of Object.entries(${JSON.stringify(providers)})) {
           new VolumeClone(name, { volumeID, name }, { provider: new Provider(name, args) });
         }`,
      );

      const { code, text } = await project.up("--continue-on-error");

      expect(code).not.toBe(0);
      expect([...(await project.state()).keys()].toSorted(), text).toEqual(["trusted", "unverified"]);
      expect([old, cluster].flatMap(({ model }) => model.volumes.map(({ name }) => name))).toEqual([
        "database",
        "database",
      ]);
      expect(secure.model.volumes.map(({ name }) => name).toSorted()).toEqual(["database", "trusted", "unverified"]);
      const { host } = new URL(secure.url);
      for (const message of [
        "is 8.4, but at least 9.0 is needed",
        `apiVersion in element.Provider "lacking" is 12.9, which ${new URL(cluster.url).host} does not have: its newest is 12.5.`,
        'Check username and password in element.Provider "wrong".',
        `${host}: the server's certificate was refused (DEPTH_ZERO_SELF_SIGNED_CERT), nothing was sent. Clusters sign their own: save it in PEM and name the file with caCert.`,
        `verifyCertificate in element.Provider "unverified" is false: the certificate of ${host} is not verified`,
      ]) {
        expect(text.replaceAll(/\s+/g, " ")).toContain(message);
      }
      for (const { password } of Object.values(providers)) expect(text).not.toContain(password);
    } finally {
      await old.close();
      await secure.close();
    }
  });
});
