import type { ResourceKind } from "../kinds";

// What the engine is told of a kind. Apart from the class, which loads the SDK.

/** What each state entry carries instead of code: constant, so an upgrade of the package rewrites nothing. */
export const providerText = (kind: ResourceKind): string =>
  `exports.handler=()=>{try{return require("module").createRequire(process.cwd()+"/")("pulumi-holdfast/runtime").provider("${kind}")}catch(e){e.stack="";e.message+="\\nIn "+process.cwd()+" run: npm install pulumi-holdfast";throw e}}`;

/** The type under which the engine knows a kind. */
export const typeOf = (kind: ResourceKind): `pulumi-nodejs:dynamic/${ResourceKind}` => `pulumi-nodejs:dynamic/${kind}`;
