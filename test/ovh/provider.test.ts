import { expect, test } from "vitest";
import { ConfigurationError } from "../../provider/core/errors";
import { readProviderAccount } from "../../provider/ovh/account";
import { Provider, type ProviderArgs } from "../../provider/ovh/provider";

/** The constructor's error. It looks at the arguments before it tells the engine of anything. */
function refusal(args: object): string {
  try {
    // As a program in JavaScript could pass them.
    new Provider("second", args as ProviderArgs);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  throw new Error("expected a ConfigurationError");
}

const keys = { applicationKey: "the-key", applicationSecret: "the-secret", consumerKey: "the-consumer" };
const account = { clientId: "the-id", clientSecret: "the-client-secret" };
const token = { accessToken: "the-token" };

test("two kinds of credentials are refused", () => {
  for (const args of [
    { ...keys, ...token },
    { ...account, ...token },
    { ...keys, ...account },
    { ...token, clientId: "x" },
  ]) {
    expect(refusal(args)).toMatch(
      /^There is more than one kind of OVHcloud credentials in ovh\.Provider "second": .*Keep one/,
    );
  }
});

test("an incomplete kind is refused with what is missing; empty is missing, and an output counts as there", () => {
  expect(refusal({ clientId: "the-id" })).toBe(
    'The OVHcloud credentials in ovh.Provider "second" are incomplete: there is clientId, but not clientSecret. Add what is missing in the same place; nothing is taken from elsewhere.',
  );
  expect(refusal({ ...keys, applicationSecret: " " })).toContain("but not applicationSecret.");
  expect(refusal({ applicationKey: Promise.resolve("the-key"), consumerKey: undefined })).toContain(
    "there is applicationKey, but not applicationSecret and consumerKey.",
  );
});

test("none at all is refused, and nothing else is looked through", () => {
  expect(refusal({ endpoint: "ovh-eu" })).toBe(
    'ovh.Provider "second" has no OVHcloud credentials: pass applicationKey + applicationSecret + consumerKey, or clientId + clientSecret, or accessToken. Nothing is taken from the stack configuration, the environment or a file.',
  );
});

test("a misspelt argument and one that is no text are named", () => {
  expect(refusal({ accesstoken: "the-token" })).toBe(
    'ovh.Provider "second": accesstoken is not known here. Did you mean accessToken?',
  );
  expect(refusal({ ...token, region: "x" })).toBe(
    'ovh.Provider "second": region is not known here. It takes endpoint, applicationKey, applicationSecret, consumerKey, clientId, clientSecret, accessToken, requestsPerSecond, adoptWithinMinutes, descriptionMark.',
  );
  expect(refusal({ accessToken: 4711 })).toBe('ovh.Provider "second": accessToken must be a text.');
});

test("a rate that is none is refused; an output and none at all are not looked at", () => {
  for (const [requestsPerSecond, shown] of [
    [0, "0"],
    [-5, "-5"],
    [Number.NaN, "NaN"],
    ["many", "many"],
  ]) {
    expect(refusal({ ...token, requestsPerSecond })).toBe(
      `ovh.Provider "second": requestsPerSecond is "${shown}", but must be a number above 0, such as 10. Set it so, or remove it.`,
    );
  }
  expect(refusal({ ...token, requestspersecond: 5 })).toContain("Did you mean requestsPerSecond?");
  expect(refusal({ ...token, adoptWithinMinutes: -1 })).toContain('"-1", but must be a number from 0 on, such as 60.');
  expect(refusal({ ...token, descriptionMark: "no" })).toContain('"no", but must be true or false.');
  for (const requestsPerSecond of [10, "10", undefined, Promise.resolve(0)]) {
    expect(refusal({ requestsPerSecond })).toContain("has no OVHcloud credentials");
  }
});

test("no message repeats a credential", () => {
  for (const args of [
    { ...keys, ...token },
    { clientSecret: "the-client-secret" },
    { ...token, accesstoken: "the-x" },
  ]) {
    expect(refusal(args)).not.toContain("the-");
  }
});

const NAME = 'ovh.Provider "second"';
const read = (settings: Record<string, string>) =>
  readProviderAccount(NAME, (key) => settings[`${key}`.replace("ovh:", "")]);

test("the provider process takes endpoint and credentials from the provider alone", () => {
  process.env["OVH_ENDPOINT"] = "ovh-ca";
  process.env["OVH_CLIENT_SECRET"] = "e-secret";
  try {
    expect(read(token)).toMatchObject({
      endpoint: "ovh-eu",
      credentials: { kind: "accessToken", accessToken: "the-token" },
      source: NAME,
    });
    expect(() => read({ clientId: "the-id" })).toThrow(
      `in ${NAME} are incomplete: there is clientId, but not clientSecret.`,
    );
  } finally {
    delete process.env["OVH_ENDPOINT"];
    delete process.env["OVH_CLIENT_SECRET"];
  }
});

test("the provider process names the provider for a wrong endpoint, two kinds, none, and what is no credential", () => {
  expect(() => read({ ...token, endpoint: "mars" })).toThrow(`endpoint (${NAME}) names no known endpoint`);
  expect(() => read({ ...token, endpoint: "http://example.com/1.0" })).toThrow(
    `endpoint (${NAME}) must be a plain https URL`,
  );
  expect(() => read({ ...token, ...keys })).toThrow(`There is more than one kind of OVHcloud credentials in ${NAME}:`);
  expect(() => read({ endpoint: "ovh-eu", accessToken: "" })).toThrow(`${NAME} has no OVHcloud credentials: pass`);
  expect(() => read({ accessToken: "with space" })).toThrow(`accessToken (${NAME}) contains spaces`);
  expect(() => read({ ...account, endpoint: "kimsufi-eu" })).toThrow(
    `The endpoint kimsufi-eu (${NAME}) has no known OAuth2 service, so clientId and clientSecret can't be used with it.`,
  );
});

test("only an ovh.Provider is an instance", () => {
  expect(Provider.isInstance({ ...token })).toBe(false);
  expect(Provider.isInstance(undefined)).toBe(false);
});
