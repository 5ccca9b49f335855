/**
 * The resources of each system under its name, `element` for NetApp Element and `ovh` for OVHcloud, and the errors of this
 * package. A program that uses one system imports from it directly: `import { Share } from "pulumi-holdfast/ovh"`.
 *
 * @module pulumi-holdfast
 */
export * from "./core/errors";
export * as element from "./element";
export * as ovh from "./ovh";
