import { readFileSync } from "node:fs";
import { EXPLICIT_KEY } from "../core/credentials";
import { ConfigurationError } from "../core/errors";
import { isLoopback } from "../core/http";
import { flag, parseAs } from "../core/settings";
import {
  ALL_FIELDS,
  configKey,
  type ElementField,
  type ElementWording,
  inConfiguration,
  incomplete,
  inEnvironment,
  inProvider,
  isVersion,
  noneFound,
  noneGiven,
  REQUIRED_FIELDS,
  variableOf,
} from "./credentials";

/** A cluster, and who calls it. */
export interface ElementAccount {
  /** The management address: `https://mvip.example.com`, without a path. */
  endpoint: URL;
  username: string;
  password: string;
  /** The version of the API to use; `undefined` for the newest that the cluster has. */
  apiVersion: string | undefined;
  /** Certificates in PEM that are trusted alone. */
  caCert: string | undefined;
  /** False takes any certificate. */
  verifyCertificate: boolean;
  /** Where it was found, for messages. */
  wording: ElementWording;
}

/** Where an account may be found. */
export interface ElementSources {
  /** Value of a key such as `element:endpoint`: the stack's configuration, or an explicit provider's own. */
  config: (key: string) => string | undefined;
  environment: NodeJS.ProcessEnv;
}

/**
 * The account, taken whole from the first place that holds a part of it: configuration, then environment. Never merged: a
 * password from the shell for an endpoint that somebody else wrote down would be sent to a cluster that nobody named.
 * @throws ConfigurationError where there is none, or a part of it
 */
export function readElementAccount(sources: ElementSources): ElementAccount {
  const found = findElementAccount(sources);
  if (found !== undefined) return found;
  const provider = sources.config(EXPLICIT_KEY);
  throw new ConfigurationError(
    provider === undefined ? noneFound() : noneGiven(provider),
    REQUIRED_FIELDS.map(provider === undefined ? configKey : (field) => field),
  );
}

/** As {@link readElementAccount}; `undefined` where no place holds any of the parts that make an account. */
export function findElementAccount({ config, environment }: ElementSources): ElementAccount | undefined {
  const provider = config(EXPLICIT_KEY);
  const configured = {
    wording: provider === undefined ? inConfiguration : inProvider(provider),
    get: (field: ElementField) => config(configKey(field)),
  };
  const exported = { wording: inEnvironment, get: (field: ElementField) => environment[variableOf(field)] };
  for (const { wording, get } of provider === undefined ? [configured, exported] : [configured]) {
    const value = (field: ElementField) => get(field)?.trim() || undefined; // empty means not set
    if (REQUIRED_FIELDS.some(value)) return accountFrom(wording, value);
  }
  return undefined;
}

function accountFrom(wording: ElementWording, value: (field: ElementField) => string | undefined): ElementAccount {
  const missing = REQUIRED_FIELDS.filter((field) => value(field) === undefined);
  const {
    endpoint = "",
    username = "",
    password = "",
    apiVersion,
    caCert,
    verifyCertificate,
  } = Object.fromEntries(ALL_FIELDS.map((field) => [field, value(field)]));
  if (missing.length > 0) {
    const present = REQUIRED_FIELDS.filter((field) => !missing.includes(field));
    throw new ConfigurationError(incomplete(wording, present, missing), missing.map(wording.spell));
  }
  const verify = parseAs(flag(), verifyCertificate ?? "", wording.spell("verifyCertificate")) ?? true;
  const label = (field: ElementField) => `${wording.spell(field)} in ${wording.place}`;
  return {
    endpoint: endpointOf(endpoint, label("endpoint")),
    username,
    password,
    apiVersion: apiVersion && versionOf(apiVersion, label("apiVersion")),
    caCert: caCert && certificatesOf(caCert, label("caCert")),
    verifyCertificate: verify,
    wording,
  };
}

/** A path that ends in the API's own is what people copy from elsewhere, the address alone what the vendor's tools take. */
function endpointOf(text: string, label: string): URL {
  const wrong = (why: string) =>
    new ConfigurationError(
      `${label} ${why}. Set it to the cluster's management address (MVIP), such as https://mvip.example.com.`,
    );
  let url: URL;
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  } catch {
    throw wrong("is no address");
  }
  // The text is not told: it may hold a password.
  if (url.username !== "" || url.password !== "")
    throw wrong("has credentials in it, which belong in a place of their own");
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    throw wrong(`begins with ${url.protocol}//, by which credentials would travel unprotected`);
  }
  if (!/^\/(json-rpc(\/[\d.]*\/?)?)?$/.test(url.pathname) || url.search !== "" || url.hash !== "") {
    throw wrong(`is "${text}", with more than an address`);
  }
  return new URL(url.origin);
}

function versionOf(text: string, label: string): string {
  if (isVersion(text)) return text;
  throw new ConfigurationError(
    `${label} is "${text}", but must be a version such as 12.5. Set it so, or remove it: the newest that the cluster has is used then.`,
  );
}

/** The certificate itself, or the path of a file that holds it. */
function certificatesOf(text: string, label: string): string {
  const pem = text.includes("-----BEGIN CERTIFICATE-----") ? text : readText(text, label);
  if (/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.test(pem)) return pem;
  throw new ConfigurationError(
    `${label} holds no certificate in PEM: it must be one, beginning with -----BEGIN CERTIFICATE-----, or the path of a file that holds one.`,
  );
}

function readText(path: string, label: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? ` (${error.code})` : "";
    throw new ConfigurationError(
      `${label} is neither a certificate in PEM nor the path of a file that can be read${reason}: ${path.slice(0, 200)}`,
    );
  }
}
