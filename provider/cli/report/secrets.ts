import { SECRET, SECRET_KIND, SIGNATURE } from "./values";

/** Shorter ones would blot out half the text; Pulumi's own filter draws the line at the same length. */
const SHORTEST = 3;

/**
 * A secret in a debug message of the SDK, which prints the request's properties in clear, `name,,,value` one after the
 * other: what stands between the mark of a secret and the next name, or the end.
 */
const IN_DEBUG = new RegExp(`${SIGNATURE},+${SECRET_KIND},+value,{2,3}([^,][\\s\\S]*?)(?=,+[\\w-]+,,|,*\\n?$)`, "g");

/** An object or a list is printed without a mark of its end: up to the next secret, or the end, all may belong to it. */
const NESTED = new RegExp(`${SIGNATURE},+${SECRET_KIND},+value,{4,}([\\s\\S]*?)(?=,${SIGNATURE}|$)`, "g");

/** Text in a nested value that is worth hiding; what is shorter is a word of its own too often. */
const SHORTEST_NESTED = 6;

/** What a debug message gives away. Only to know what must not be shown: the message itself is dropped. */
export function secretsIn(debugMessage: string): { certain: string[]; suspected: string[] } {
  if (!debugMessage.includes(SECRET_KIND)) return { certain: [], suspected: [] };
  const certain = [...debugMessage.matchAll(IN_DEBUG)].map(([, secret = ""]) => secret);
  const suspected = [...debugMessage.matchAll(NESTED)]
    .flatMap(([, inside = ""]) => inside.split(/,{2,}/))
    // The name of the next property follows a value after a single comma.
    .flatMap((text) => [text, text.replace(/,[\w-]+$/, "")])
    .filter((text) => text.length >= SHORTEST_NESTED && !text.startsWith("urn:pulumi:"));
  return { certain, suspected };
}

/** A value that is secret, as the engine's own messages print it: in clear, in the form of Go. */
const IN_MESSAGE = /value \{&\{\{([\s\S]*)\}\}\} has a problem/;
const GO_SECRET = /\{?&\{\{[\s\S]*\}\}/g;

/** An error or a warning without the secrets that the engine has put into it, and what they were. */
export function withoutPrinted(message: string): { text: string; secrets: string[] } {
  const [, secret = ""] = IN_MESSAGE.exec(message) ?? [];
  const secrets = secret === "" ? [] : [secret];
  return { text: redactor(secrets)(message).replaceAll(GO_SECRET, SECRET), secrets };
}

/** Variables that hold what nobody may see, by their names. */
const SECRET_NAME = /SECRET|TOKEN|PASSPHRASE|PASSWORD|CONSUMER_KEY|PRIVATE_KEY|ACCESS_KEY|CREDENTIAL/i;

/** The secrets of this process's own environment, of which a program may have printed some. */
export const secretsOf = (environment: NodeJS.ProcessEnv): string[] =>
  Object.entries(environment).flatMap(([name, value = ""]) =>
    SECRET_NAME.test(name) && !/FILE|PATH|URL$/i.test(name) && value.length >= 8 ? [value] : [],
  );

/** Puts a word in place of each secret, the longest first, because one may be part of another. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  // One line of a key is a secret, too.
  const lines = [...secrets].flatMap((secret) => secret.split("\n").filter((line) => line.length >= 8));
  const known = [...new Set([...secrets, ...lines])]
    .map((secret) => secret.trim())
    .filter((secret) => secret.length >= SHORTEST && secret !== SECRET)
    .sort((one, other) => other.length - one.length);
  return (text) => known.reduce((left, secret) => left.replaceAll(secret, SECRET), text);
}
