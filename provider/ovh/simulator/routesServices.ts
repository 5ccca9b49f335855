import { requiredText } from "../../simulator/fields";
import { findNetwork, findService } from "./lookup";
import type { NetworkRecord, ServiceRecord } from "./records";
import type { Renderer } from "./render";
import { id, input, list, ok, type Route, shown } from "./route";
import { changeContacts, confirmTermination, terminate, updateRenewal } from "./services";
import { tagFilter } from "./tagFilters";

const SERVICE = "/storage/netapp/{serviceName}";

const withIam = (render: Renderer, service: ServiceRecord) => ({
  ...render.service(service),
  iam: render.iam(service),
});

/** Everything in a service's administration but its renewal is read-only. */
const infoFields = [
  "canDeleteAtExpiration",
  "contactAdmin",
  "contactBilling",
  "contactTech",
  "creation",
  "domain",
  "engagedUpTo",
  "expiration",
  "possibleRenewPeriod",
  "renewalType",
  "serviceId",
  "status",
];

/** Services, their networks and their administration. */
export const SERVICE_ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: "/storage/netapp",
    action: "get",
    run({ world, render, query }) {
      const fits = tagFilter(query.get("iamTags"));
      const services = [...world.state.services.values()].filter((one) => fits(one.administration.tags));
      return ok(services.map((one) => shown(one, () => withIam(render, one))));
    },
  },
  {
    method: "GET",
    path: SERVICE,
    action: "get",
    run(call) {
      const service = findService(call.world, id(call, "serviceName"));
      return ok(shown(service, () => withIam(call.render, service)));
    },
  },
  {
    method: "PUT",
    path: SERVICE,
    action: "edit",
    run(call) {
      const service = findService(call.world, id(call, "serviceName"));
      service.name = requiredText(input(call), "name");
      call.world.commit();
      return ok(call.render.service(service));
    },
  },
  {
    method: "GET",
    path: `${SERVICE}/network`,
    action: "network/get",
    run(call) {
      const networks: NetworkRecord[] = [findService(call.world, id(call, "serviceName")).network];
      return list(call, networks, call.render.network);
    },
  },
  {
    method: "GET",
    path: `${SERVICE}/network/{networkId}`,
    action: "network/get",
    run: (call) => ok(call.render.network(findNetwork(call.world, id(call, "serviceName"), id(call, "networkId")))),
  },
  {
    method: "POST",
    path: `${SERVICE}/changeContact`,
    action: "changeContact",
    run: (call) => ok(changeContacts(call.world, findService(call.world, id(call, "serviceName")), input(call))),
  },
  {
    method: "POST",
    path: `${SERVICE}/terminate`,
    action: "terminate",
    run: (call) => ok(terminate(call.world, findService(call.world, id(call, "serviceName")))),
  },
  {
    method: "POST",
    path: `${SERVICE}/confirmTermination`,
    action: "confirmTermination",
    run: (call) => ok(confirmTermination(call.world, findService(call.world, id(call, "serviceName")), input(call))),
  },
  {
    method: "GET",
    path: `${SERVICE}/serviceInfos`,
    action: "serviceInfos/get",
    run(call) {
      const service = findService(call.world, id(call, "serviceName"));
      return ok(call.render.serviceInfos(service, call.world.now()));
    },
  },
  {
    method: "PUT",
    path: `${SERVICE}/serviceInfos`,
    action: "serviceInfos/edit",
    run(call) {
      updateRenewal(call.world, findService(call.world, id(call, "serviceName")), input(call, infoFields));
      return { status: 200, empty: true };
    },
  },
];
