import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { cacheFolder } from "../../../provider/cli/engine";
import { npm } from "./tools";

/**
 * The environment in which every package manager uses the registry, the proxies and the certificates that the user has
 * configured for npm, and a cache that lasts: the programs themselves have an empty home.
 */
export function registryEnvironment(): Promise<Record<string, string>> {
  known ??= read();
  return known;
}
let known: Promise<Record<string, string>> | undefined;

async function read(): Promise<Record<string, string>> {
  const config: Record<string, unknown> = JSON.parse(await npm(["config", "list", "--long", "--json"], tmpdir()));
  const setting = (name: string) => {
    const value = config[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const registry = setting("registry")?.replace(/\/$/, "");
  // npm takes a relative one from its working folder
  const certificates = [setting("cafile")].find((file) => file !== undefined && isAbsolute(file));
  const proxy = setting("https-proxy") ?? setting("proxy");
  const stores = join(cacheFolder(), "stores");
  const wanted = {
    npm_config_registry: registry,
    npm_config_cafile: certificates,
    npm_config_https_proxy: proxy,
    npm_config_noproxy: setting("noproxy"),
    npm_config_userconfig: setting("userconfig"), // credentials are in these two files
    npm_config_globalconfig: setting("globalconfig"),
    npm_config_cache: setting("cache"),
    npm_config_update_notifier: "false",
    npm_config_fund: "false",
    npm_config_audit: "false",
    pnpm_config_registry: registry,
    pnpm_config_cafile: certificates,
    pnpm_config_https_proxy: proxy,
    pnpm_config_noproxy: setting("noproxy"),
    pnpm_config_store_dir: join(stores, "pnpm"),
    npm_config_store_dir: join(stores, "pnpm"), // the name before pnpm 11
    YARN_REGISTRY: registry,
    YARN_CACHE_FOLDER: join(stores, "yarn"),
    YARN_GLOBAL_FOLDER: join(stores, "yarn-4"),
    YARN_ENABLE_GLOBAL_CACHE: "true",
    YARN_NPM_REGISTRY_SERVER: registry,
    YARN_HTTPS_CA_FILE_PATH: certificates,
    YARN_HTTPS_PROXY: proxy,
    YARN_ENABLE_TELEMETRY: "0",
    YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
    YARN_UNSAFE_HTTP_WHITELIST: registry?.startsWith("http:") ? new URL(registry).hostname : undefined,
    BUN_CONFIG_REGISTRY: registry,
    BUN_INSTALL_CACHE_DIR: join(stores, "bun"),
    NODE_EXTRA_CA_CERTS: process.env["NODE_EXTRA_CA_CERTS"] ?? certificates,
  };
  return Object.fromEntries(
    Object.entries(wanted).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
