/**
 * The resources of each system under its name, `ovh` for OVHcloud, and the errors of this package. A program that uses one
 * system imports from it directly: `import { Share } from "pulumi-holdfast/ovh"`.
 *
 * @module pulumi-holdfast
 */
export * from "./core/errors";
export * as ovh from "./ovh";
