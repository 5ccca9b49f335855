// Which credentials there are and which of them belong together: for programs as well as for provider processes, so this
// file loads nothing.
import type { Wording as CoreWording } from "../core/credentials";

export type CredentialKind = "applicationKeys" | "oauth2" | "accessToken";

export type CredentialField =
  | "applicationKey"
  | "applicationSecret"
  | "consumerKey"
  | "clientId"
  | "clientSecret"
  | "accessToken";

const KINDS: readonly CredentialKind[] = ["applicationKeys", "oauth2", "accessToken"];
export const FIELDS_OF: Record<CredentialKind, readonly CredentialField[]> = {
  applicationKeys: ["applicationKey", "applicationSecret", "consumerKey"],
  oauth2: ["clientId", "clientSecret"],
  accessToken: ["accessToken"],
};
export const ALL_FIELDS: readonly CredentialField[] = KINDS.flatMap((kind) => FIELDS_OF[kind]);

/** The kinds of which at least one of the fields is there. */
export const kindsOf = (present: readonly CredentialField[]): CredentialKind[] =>
  KINDS.filter((kind) => FIELDS_OF[kind].some((field) => present.includes(field)));

export type Wording = CoreWording<CredentialField>;

const listed = ({ spell }: Wording, kind: CredentialKind, separator = ", ") =>
  FIELDS_OF[kind].map(spell).join(separator);

export const tooManyKinds = (wording: Wording, present: readonly CredentialField[]): string =>
  `There is more than one kind of OVHcloud credentials in ${wording.place}: ${present.map(wording.spell).join(", ")}. Keep one: application keys (${listed(wording, "applicationKeys")}), a service account (${listed(wording, "oauth2")}) or an access token (${listed(wording, "accessToken")}).`;

export const incomplete = (
  wording: Wording,
  present: readonly CredentialField[],
  missing: readonly CredentialField[],
): string =>
  `The OVHcloud credentials in ${wording.place} are incomplete: there is ${present.map(wording.spell).join(" and ")}, but not ${missing.map(wording.spell).join(" and ")}. Add what is missing in the same place; nothing is taken from elsewhere.`;

/** All that a source could hold, for the message that it holds none. */
export const choices = (spell: Wording["spell"]): string =>
  KINDS.map((kind) => listed({ place: "", spell }, kind, " + ")).join(", or ");

/** The key under which the engine passes a setting to a provider process, `ovh:applicationKey`. */
export const configKey = (field: CredentialField | "endpoint"): string => `ovh:${field}`;

export const noneGiven = (provider: string): string =>
  `${provider} has no OVHcloud credentials: pass ${choices((field) => field)}. Nothing is taken from the stack configuration, the environment or a file.`;
