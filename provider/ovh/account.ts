import { readFileSync } from "node:fs";
import { placeOf } from "../core/credentials";
import { ConfigurationError } from "../core/errors";
import {
  ALL_FIELDS,
  type CredentialField,
  choices,
  configKey,
  FIELDS_OF,
  incomplete,
  kindsOf,
  noneGiven,
  tooManyKinds,
} from "./credentials";
import { DEFAULT_ENDPOINT, type Endpoint, endpointOf } from "./endpoint";
import { type OvhConf, parseOvhConf } from "./ovhConf";

export { defaultOvhFiles } from "./ovhConf";

export type OvhCredentials =
  | { kind: "applicationKeys"; applicationKey: string; applicationSecret: string; consumerKey: string }
  | { kind: "oauth2"; clientId: string; clientSecret: string }
  | { kind: "accessToken"; accessToken: string };

export interface OvhAccount {
  /** A name of the vendor's table such as `ovh-eu`, or a URL. */
  endpoint: string;
  /** Base of all paths, without a final slash. */
  apiUrl: URL;
  /** Where an OAuth2 client gets its tokens; always set for credentials of kind `oauth2`. */
  tokenUrl?: URL;
  credentials: OvhCredentials;
  /** Where endpoint and credentials were found, for messages: "stack configuration", "environment" or a file. */
  source: string;
}

export interface OvhSources {
  /** Value of a key such as `ovh:applicationKey`. */
  config?: (key: string) => string | undefined;
  /** What messages call `config`. @default "stack configuration" */
  configName?: string;
  environment: NodeJS.ProcessEnv;
  /** In the order of their priority; see `defaultOvhFiles`. */
  files: string[];
  /** Answers `undefined` for a file that doesn't exist. */
  readFile?: (path: string) => string | undefined;
}

/** One place that can hold an endpoint and credentials. */
interface Source {
  name: string;
  /** Spells a field the way this source does. */
  spell: (field: CredentialField | "endpoint") => string;
  endpoint: string | undefined;
  fields: Partial<Record<CredentialField, string>>;
}

const snakeCase = (field: string) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const environmentKey = (field: string) => `OVH_${snakeCase(field).toUpperCase()}`;

/**
 * Endpoint and credentials, taken whole from the first source that holds any credential: configuration, environment,
 * then each file by itself. Never merged: half a key pair from the shell and the other half from a file would sign for
 * an account that nobody named.
 */
export function readOvhAccount(sources: OvhSources): OvhAccount {
  const account = findOvhAccount(sources);
  if (account !== undefined) return account;
  throw nothingFound(sources);
}

/** As {@link readOvhAccount}; `undefined` where no source holds any credential. */
export function findOvhAccount(sources: OvhSources): OvhAccount | undefined {
  const passedOver: Source[] = [];
  for (const source of inOrder(sources)) {
    if (ALL_FIELDS.some((field) => source.fields[field])) return accountFrom(source, passedOver);
    passedOver.push(source);
  }
  return undefined;
}

/** The account of an explicit provider: its own settings and no other source. `name` is what messages call it. */
export function readProviderAccount(name: string, config: (key: string) => string | undefined): OvhAccount {
  const source = sourceOf(
    name,
    (field) => field,
    (field) => config(configKey(field)),
  );
  if (Object.keys(source.fields).length > 0) return accountFrom(source, []);
  throw new ConfigurationError(noneGiven(name), ALL_FIELDS);
}

function* inOrder(sources: OvhSources): Generator<Source> {
  yield configSource(sources);
  yield sourceOf("environment", environmentKey, (field) => sources.environment[environmentKey(field)]);
  for (const path of sources.files) {
    const text = readText(path, sources.readFile ?? readIfPresent);
    if (text !== undefined) yield fileSource(path, parseOvhConf(text));
  }
}

function sourceOf(
  name: string,
  spell: Source["spell"],
  get: (field: CredentialField | "endpoint") => string | undefined,
): Source {
  const value = (field: CredentialField | "endpoint") => get(field)?.trim() || undefined; // empty means not set
  const fields: Source["fields"] = {};
  for (const field of ALL_FIELDS) {
    const found = value(field);
    if (found) fields[field] = found;
  }
  return { name, spell, endpoint: value("endpoint"), fields };
}

function configSource({ config, configName = "stack configuration" }: OvhSources): Source {
  return sourceOf(configName, configKey, (field) => config?.(configKey(field)));
}

/** Keys stand in the section named after the endpoint, which `[default]` sets. */
function fileSource(path: string, conf: OvhConf): Source {
  const endpoint = conf.get("default")?.get("endpoint") || undefined;
  const wanted = withoutSlash(endpoint ?? DEFAULT_ENDPOINT);
  const [section, keys] = [...conf].find(([name]) => withoutSlash(name) === wanted) ?? [wanted, new Map()];
  const source = sourceOf(
    path,
    (field) => (field === "endpoint" ? "endpoint in [default]" : `${snakeCase(field)} in [${section}]`),
    (field) => (field === "endpoint" ? endpoint : keys.get(snakeCase(field))),
  );
  if (Object.keys(source.fields).length > 0) return source;
  const others = [...conf].filter(([, other]) => ALL_FIELDS.some((field) => other.get(snakeCase(field))));
  if (others.length === 0) return source;
  // Going on to the next file would use an account other than the one this file was written for.
  throw new ConfigurationError(
    `${path} has credentials for ${others.map(([name]) => `[${name}]`).join(", ")}, but its endpoint is ${endpoint ? `[${section}]` : `the default, [${section}]`}. Set "endpoint" in its [default] section to the section to use.`,
    ["endpoint in [default]"],
  );
}

const withoutSlash = (text: string) => text.trim().replace(/\/+$/, "");

function accountFrom(source: Source, passedOver: readonly Source[]): OvhAccount {
  const credentials = credentialsFrom(source);
  const endpoint = endpointOf(source.endpoint ?? DEFAULT_ENDPOINT, `${source.spell("endpoint")} (${source.name})`);
  for (const other of passedOver) refuseOtherEndpoint(source, endpoint, other);
  if (credentials.kind === "oauth2" && !endpoint.tokenUrl) {
    throw new ConfigurationError(
      `The endpoint ${endpoint.name} (${source.name}) has no known OAuth2 service, so ${namesOf(source, "oauth2").join(" and ")} can't be used with it. Use ${namesOf(source, "applicationKeys").join(", ")}, or one of the endpoints ovh-eu, ovh-ca, ovh-us.`,
    );
  }
  return {
    endpoint: endpoint.name,
    apiUrl: endpoint.apiUrl,
    ...(endpoint.tokenUrl ? { tokenUrl: endpoint.tokenUrl } : {}),
    credentials,
    source: source.name,
  };
}

/** An endpoint set where people look first: passing over it in silence could change the wrong account. */
function refuseOtherEndpoint(source: Source, endpoint: Endpoint, other: Source): void {
  if (other.endpoint === undefined) return;
  const wanted = endpointOf(other.endpoint, `${other.spell("endpoint")} (${other.name})`);
  if (wanted.apiUrl.href === endpoint.apiUrl.href) return;
  const found = source.endpoint
    ? `which says ${endpoint.name}`
    : `which sets no endpoint and so means ${endpoint.name}`;
  throw new ConfigurationError(
    `${other.spell("endpoint")} (${other.name}) is ${wanted.name}, but the credentials come from ${place(source)}, ${found}. Endpoint and credentials are taken from one place: set ${source.spell("endpoint")} there to the same value, or move the credentials to the ${other.name}.`,
  );
}

function credentialsFrom(source: Source): OvhCredentials {
  const { fields } = source;
  const present = ALL_FIELDS.filter((field) => fields[field]);
  const kinds = kindsOf(present);
  const wording = { place: place(source), spell: source.spell };
  if (kinds.length > 1) throw new ConfigurationError(tooManyKinds(wording, present));
  for (const field of present) {
    // Anything else would fail later as a refused header or a wrong signature.
    if (!/^[\x21-\x7e]+$/.test(fields[field] ?? "")) {
      throw new ConfigurationError(
        `${source.spell(field)} (${source.name}) contains spaces or characters that no OVHcloud credential has. Copy it again.`,
      );
    }
  }
  const { applicationKey, applicationSecret, consumerKey, clientId, clientSecret, accessToken } = fields;
  if (accessToken) return { kind: "accessToken", accessToken };
  if (clientId && clientSecret) return { kind: "oauth2", clientId, clientSecret };
  if (applicationKey && applicationSecret && consumerKey) {
    return { kind: "applicationKeys", applicationKey, applicationSecret, consumerKey };
  }
  const missing = kinds.flatMap((kind) => FIELDS_OF[kind]).filter((field) => !fields[field]);
  throw new ConfigurationError(incomplete(wording, present, missing), missing.map(source.spell));
}

const namesOf = (source: Source, kind: OvhCredentials["kind"]) => FIELDS_OF[kind].map(source.spell);
const place = ({ name }: Source) => placeOf(name);

function nothingFound({ configName = "stack configuration", files }: OvhSources): ConfigurationError {
  const lines = [
    "No OVHcloud credentials found. Set one of these, all of it in one place:",
    `  ${configName}: ${choices(configKey)} (secrets with \`pulumi config set --secret\`)`,
    `  environment: ${choices(environmentKey)}`,
    ...(files.length > 0 ? [`  or a file that OVHcloud's tools read: ${files.join(", ")}`] : []),
    `The endpoint (ovh:endpoint, OVH_ENDPOINT) is ${DEFAULT_ENDPOINT} where that place sets none.`,
    "To try it without an account, run `npx pulumi-holdfast simulate ovh`.",
  ];
  return new ConfigurationError(lines.join("\n"), ALL_FIELDS.map(configKey));
}

function readText(path: string, read: (path: string) => string | undefined): string | undefined {
  try {
    return read(path);
  } catch (error) {
    const code = codeOf(error);
    throw new ConfigurationError(
      `${path} exists but can't be read${code ? ` (${code})` : ""}. Make it readable for this user, or remove it.`,
    );
  }
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
