// What an account of a NetApp Element cluster consists of: for programs as well as for provider processes, so this file
// loads nothing.
import type { Wording } from "../core/credentials";

export type ElementField = "endpoint" | "username" | "password" | "apiVersion" | "caCert" | "verifyCertificate";

/** Without these no call can be made. All of it is taken from one place. */
export const REQUIRED_FIELDS: readonly ElementField[] = ["endpoint", "username", "password"];
export const ALL_FIELDS: readonly ElementField[] = [...REQUIRED_FIELDS, "apiVersion", "caCert", "verifyCertificate"];

/** The key under which the engine passes a setting to a provider process, `element:username`. */
export const configKey = (field: ElementField): string => `element:${field}`;

/** The environment variable, `ELEMENT_API_VERSION`. */
export const variableOf = (field: ElementField): string =>
  `ELEMENT_${field.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

/** Whether a text is a version of the API, such as `12.5`. */
export const isVersion = (text: string): boolean => /^\d+\.\d+$/.test(text);

/** A place that can hold an account, and how a field is set there, where a command does it. */
export interface ElementWording extends Wording<ElementField> {
  command?: (field: ElementField) => string;
}

export const inConfiguration: ElementWording = {
  place: "the stack configuration",
  spell: configKey,
  command: (field) => `pulumi config set ${field === "password" ? "--secret " : ""}${configKey(field)}`,
};

export const inEnvironment: ElementWording = { place: "the environment", spell: variableOf };

/** @param provider what messages call it, `element.Provider "second"` */
export const inProvider = (provider: string): ElementWording => ({ place: provider, spell: (field) => field });

/** @param present the fields that are there, none of them optional ones */
export function incomplete(
  { place, spell, command }: ElementWording,
  present: readonly ElementField[],
  missing: readonly ElementField[],
): string {
  const how = command === undefined ? "" : ` (${missing.map((field) => `\`${command(field)}\``).join(", ")})`;
  return `The NetApp Element account in ${place} is incomplete: there is ${present.map(spell).join(" and ")}, but not ${missing.map(spell).join(" and ")}. Add what is missing in the same place${how}; nothing is taken from elsewhere.`;
}

/** An explicit provider without an account. */
export const noneGiven = (provider: string): string =>
  `${provider} has no NetApp Element account: pass ${REQUIRED_FIELDS.join(" + ")}. Nothing is taken from the stack configuration or the environment.`;

/** No place has an account. */
export function noneFound(configName = "stack configuration"): string {
  const all = (spell: (field: ElementField) => string) => REQUIRED_FIELDS.map(spell).join(" + ");
  return [
    "No NetApp Element account found. Set one of these, all of it in one place:",
    `  ${configName}: ${all(configKey)} (the password with \`pulumi config set --secret ${configKey("password")}\`)`,
    `  environment: ${all(variableOf)}`,
    `The endpoint is the cluster's management address (MVIP). A certificate that this machine does not trust is named with ${configKey("caCert")} (${variableOf("caCert")}).`,
    "To try it without a cluster, run `npx pulumi-holdfast simulate element`.",
  ].join("\n");
}
