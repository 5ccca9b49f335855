export * from "./core/errors";
export * as ovh from "./ovh";
