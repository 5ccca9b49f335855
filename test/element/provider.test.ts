import { expect, test } from "vitest";
import { ConfigurationError } from "../../provider/core/errors";
import { Provider, type ProviderArgs } from "../../provider/element/provider";
import { Provider as OvhProvider } from "../../provider/ovh/provider";

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

const account = { endpoint: "10.1.2.3", username: "the-admin", password: "the-password" };

test("an account that lacks a part is refused with what is missing; empty is missing, and an output counts as there", () => {
  expect(refusal({ ...account, password: " " })).toBe(
    'The NetApp Element account in element.Provider "second" is incomplete: there is endpoint and username, but not password. Add what is missing in the same place; nothing is taken from elsewhere.',
  );
  expect(refusal({ password: Promise.resolve("the-password"), caCert: "/ca.pem" })).toContain(
    "there is password, but not endpoint and username.",
  );
});

test("none at all is refused, and nothing else is looked through", () => {
  process.env["ELEMENT_PASSWORD"] = "e-password";
  try {
    for (const args of [{}, { verifyCertificate: false, apiVersion: "12.5" }]) {
      expect(refusal(args)).toBe(
        'element.Provider "second" has no NetApp Element account: pass endpoint + username + password. Nothing is taken from the stack configuration or the environment.',
      );
    }
  } finally {
    delete process.env["ELEMENT_PASSWORD"];
  }
});

test("a misspelt argument and one that can't be one are named", () => {
  expect(refusal({ ...account, cacert: "x" })).toBe(
    'element.Provider "second": cacert is not known here. Did you mean caCert?',
  );
  expect(refusal({ ...account, requestsPerSecond: 5 })).toBe(
    'element.Provider "second": requestsPerSecond is not known here. It takes endpoint, username, password, apiVersion, caCert, verifyCertificate, adoptWithinMinutes.',
  );
  expect(refusal({ ...account, password: 4711 })).toBe('element.Provider "second": password must be a text.');
  expect(refusal({ ...account, adoptWithinMinutes: -1 })).toContain('"-1", but must be a number from 0 on');
});

test("a version is a text, for the number 12.10 would be another one", () => {
  expect(refusal({ ...account, apiVersion: 12.5 })).toBe('element.Provider "second": apiVersion must be a text.');
  for (const apiVersion of ["12", "latest", "v12.5", "12.5/"]) {
    expect(refusal({ ...account, apiVersion })).toBe(
      `element.Provider "second": apiVersion is "${apiVersion}", but must be a version such as 12.5. Set it so, or remove it.`,
    );
  }
});

test("whether to verify is a boolean, or its word", () => {
  for (const verifyCertificate of ["no", 0, "False", {}]) {
    expect(refusal({ ...account, verifyCertificate })).toMatch(
      /verifyCertificate is ".*", but must be true or false\./,
    );
  }
  for (const verifyCertificate of [false, "true", undefined, Promise.resolve("no")]) {
    expect(refusal({ verifyCertificate })).toContain("has no NetApp Element account");
  }
});

test("no message repeats the password", () => {
  for (const args of [{ password: "the-password" }, { ...account, apiVersion: 1 }, { ...account, Password: "the-x" }]) {
    expect(refusal(args)).not.toMatch(/the-password|the-x/);
  }
});

test("only an element.Provider is an instance", () => {
  for (const value of [undefined, { ...account }, Object.create(OvhProvider.prototype)]) {
    expect(Provider.isInstance(value)).toBe(false);
  }
});
