/** The parts of the vendor's package that are used here; it ships no types of its own. */
declare module "ovh/lib/endpoints" {
  const endpoints: Record<string, { host: string /** Without the final `oauth2/token`. */; tokenURL?: string }>;
  export = endpoints;
}

declare module "ovh" {
  interface Signer {
    signRequest(method: string, url: string, body: string, timestamp: number): string;
  }
  function ovh(params: { appKey: string; appSecret: string; consumerKey: string }): Signer;
  export = ovh;
}
