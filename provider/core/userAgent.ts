import { createRequire } from "node:module";

let cachedUserAgent: string | undefined;

/** How every call of ours calls itself. */
export function userAgent(): string {
  // By the package's own name, because the way up from here differs between the sources and dist.
  const load = createRequire(__filename);
  // The file is ours: it has a version.
  cachedUserAgent ??= `pulumi-holdfast/${(load("pulumi-holdfast/package.json") as { version: string }).version}`;
  return cachedUserAgent;
}
