import type { OvhModel } from "./model";
import { renderer } from "./render";

/**
 * What the service remembers, as the API writes it, with what the API does not show: used space, a snapshot's size and share, the
 * clone's source. No credentials, no content of files. Looking does not count as a read that moves an operation on.
 */
export function stateOf(model: OvhModel) {
  const { settings } = model.world;
  const render = renderer(settings);
  return {
    now: new Date(model.now).toISOString(),
    deniedActions: [...model.deniedActions],
    services: model.services.map((service) => ({
      ...render.service(service),
      network: render.network(service.network),
      serviceInfos: render.serviceInfos(service, model.now),
      contactTasks: service.administration.contactTasks,
      /** What `terminate` has sent by mail. */
      terminationToken: service.administration.termination?.token ?? null,
      freeQuota: model.freeQuotaGiB(service.id),
    })),
    shares: model.shares.map((share) => ({
      ...render.share(share),
      serviceName: share.serviceId,
      usedGiB: share.usedGiB,
      sourceShareId: share.sourceShareId,
      accessPaths: share.accessPaths,
      rules: share.rules.map(render.rule),
      snapshotPolicy: render.sharePolicy(share),
      snapshotReserve: render.shareReserve(share),
    })),
    snapshots: model.snapshots.map((snapshot) => ({
      ...render.snapshot(snapshot),
      shareId: snapshot.shareId,
      size: snapshot.size,
      usedGiB: snapshot.usedGiB,
      rule: snapshot.rule,
      heldFrom: snapshot.heldFrom,
      heldAs: snapshot.heldAs,
    })),
    snapshotPolicies: model.policies.map((policy) => ({ ...render.policy(policy), serviceName: policy.serviceId })),
  };
}
