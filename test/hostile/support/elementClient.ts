import { onTestFinished } from "vitest";
import { createHttp, type Http } from "../../../provider/core/http";
import { createElement, type Element } from "../../../provider/element/client";
import { inConfiguration } from "../../../provider/element/credentials";
import { reach } from "../../../provider/element/reach";
import { JumpingClock } from "../../support/clock";
import { TOKEN } from "./client";

/** What goes over the wire in the place of the password. */
export const BASIC = Buffer.from(`admin:${TOKEN}`).toString("base64");

/** The real client for a server on this machine, on a clock that jumps over pauses. */
export function elementOf(origin: string): { element: () => Element; clock: JumpingClock; warned: string[] } {
  const clock = new JumpingClock();
  const http = createHttp({ requestTimeoutSeconds: 30 });
  onTestFinished(() => http.close());
  const exchange: Http["exchange"] = (request) => clock.during(() => http.exchange(request));
  const { signal } = new AbortController();
  const warned: string[] = [];
  const warn = (message: string) => void warned.push(message);
  const account = {
    endpoint: new URL(origin),
    username: "admin",
    password: TOKEN,
    apiVersion: undefined,
    caCert: undefined,
    verifyCertificate: true,
    wording: inConfiguration,
  };
  // Nothing is remembered from one to the next: each asks the cluster anew.
  const element = () =>
    createElement({
      connection: () => reach(account, { warn, clock, signal, http: { ...http, exchange } }),
      clock,
      signal,
      warn,
    });
  return { element, clock, warned };
}

/** Every call that the client makes. */
export const CALLS: Record<string, (element: Element) => Promise<unknown>> = {
  GetAPI: (element) => element.apiVersion(),
  GetClusterInfo: (element) => element.cluster(),
  GetLimits: (element) => element.limits(),
  ListVolumes: (element) => element.volumes.recent(0),
  ListSnapshots: (element) => element.snapshotsOf(1).recent(0),
  ListSyncJobs: (element) => element.syncJobs.recent(0),
  ListAsyncResults: (element) => element.asyncHandles.recent(0),
  GetAsyncResult: (element) => element.asyncResult(1),
  CloneVolume: (element) => element.cloneVolume({ volumeID: 1, name: "copy", attributes: {} }),
  CancelClone: (element) => element.cancelClone(1),
  ModifyVolume: (element) => element.modifyVolume(1, { access: "locked" }),
  DeleteVolume: (element) => element.deleteVolume(1),
  PurgeDeletedVolume: (element) => element.purgeVolume(1),
  AddVolumesToVolumeAccessGroup: (element) => element.joinAccessGroup(1, 2),
  RemoveVolumesFromVolumeAccessGroup: (element) => element.leaveAccessGroup(1, 2),
  CreateSnapshot: (element) => element.createSnapshot({ volumeID: 1, name: "point", attributes: {} }),
  ModifySnapshot: (element) => element.modifySnapshot(1, { name: "new" }),
  DeleteSnapshot: (element) => element.deleteSnapshot(1),
};
