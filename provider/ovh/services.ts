import { z } from "zod";
import { type Collection, createCollection } from "../core/collection";
import { type ClientOptions, caller } from "./client";
import { type ServiceModel, serviceModel } from "./models";

/** The services that an account's credentials may see. */
export const createServices = (options: ClientOptions): Collection<ServiceModel> => {
  const call = caller(options);
  return createCollection(options.clock, () => call(z.array(serviceModel), "read", "GET", "/storage/netapp"));
};
