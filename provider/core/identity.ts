import { createHash } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { homedir, hostname } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Properties } from "./properties";

/** What tells a resource from every other one: of another stack, another backend, another developer. */
export interface Identity {
  /** Address of the state backend, or `undefined` where it can't be determined. */
  backend: string | undefined;
  organization: string;
  urn: string;
}

/** 65 bits in lower-case base 32: enough that two resources never share one, short enough for a name. */
const MARKER_LENGTH = 13;
const BASE_32 = "abcdefghijklmnopqrstuvwxyz234567";

/** What a marker looks like, for expressions. */
export const MARKER = `[a-z2-7]{${MARKER_LENGTH}}`;

/** A short text that only this resource, with these create-only inputs, has. It tells nothing about them. */
export function marker(identity: Identity, createOnlyInputs: Properties): string {
  const content = JSON.stringify([
    identity.backend ?? null,
    identity.organization,
    identity.urn,
    sorted(createOnlyInputs),
  ]);
  const digest = createHash("sha256").update(content).digest();
  return Array.from({ length: MARKER_LENGTH }, (_, index) => BASE_32[(digest[index] ?? 0) % 32]).join("");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, member]) => [key, sorted(member)]);
}

/**
 * The backend that keeps the present stack's state: `PULUMI_BACKEND_URL`, Pulumi.yaml, or the address (only that) which
 * the CLI has stored as current. A local backend is its real path and the host's name: two developers with equal
 * project and stack names must not share an identity.
 */
export function backendAddress(environment: NodeJS.ProcessEnv, directory: string): string | undefined {
  const address = environment["PULUMI_BACKEND_URL"] || projectBackend(directory) || storedBackend(environment);
  return address?.startsWith("file:") ? `${hostname()}:${realPath(localPath(address, directory))}` : address;
}

function localPath(address: string, directory: string): string {
  if (address.startsWith("file://~")) return join(homedir(), address.slice("file://~".length));
  try {
    return fileURLToPath(address);
  } catch {
    return resolve(directory, address.replace(/^file:\/\//, "")); // the URL class takes `file://./state` for a host
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** `backend.url` of the nearest Pulumi.yaml. */
function projectBackend(directory: string): string | undefined {
  const text = readText(join(directory, "Pulumi.yaml")) ?? readText(join(directory, "Pulumi.yml"));
  if (text === undefined) return dirname(directory) === directory ? undefined : projectBackend(dirname(directory));
  const flow = /^backend:[^\S\n]*\{[^}]*\burl:[^\S\n]*["']?([^\s"',}]+)/m.exec(text)?.[1];
  if (flow !== undefined) return flow;
  return /^backend:[^\S\n]*(?:#.*)?\n(?:[^\S\n]+.*\n)*?[^\S\n]+url:[^\S\n]*["']?([^\s"'#]+)/m.exec(`${text}\n`)?.[1];
}

function storedBackend(environment: NodeJS.ProcessEnv): string | undefined {
  const home = environment["PULUMI_HOME"] || join(homedir(), ".pulumi");
  try {
    const stored: unknown = JSON.parse(readText(join(home, "credentials.json")) ?? "null");
    if (typeof stored !== "object" || stored === null || !("current" in stored)) return undefined;
    return typeof stored.current === "string" && stored.current !== "" ? stored.current : undefined;
  } catch {
    return undefined; // not ours to complain about: the CLI itself will
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
