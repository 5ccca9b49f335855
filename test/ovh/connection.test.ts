import { expect, test } from "vitest";
import { ovhConnection } from "../../provider/ovh/connection";

test("missing credentials are explained in full once in a process, and named in one line after that", async () => {
  const connection = ovhConnection((key) => (key === "ovh:applicationKey" ? "half" : undefined));

  await expect(connection()).rejects.toThrow(/are incomplete: .* Add what is missing in the same place/);
  await expect(connection()).rejects.toThrow(
    /^The OVHcloud credentials in the stack configuration are incomplete: [^.]*\. The first such message tells what to do\.$/,
  );
});

test("a caller who asks quietly takes nothing from the explanation that others get", async () => {
  const connection = ovhConnection((key) => (key === "ovh:applicationKey" ? "half" : undefined));

  await expect(connection({ quietly: true })).rejects.toThrow(/are incomplete/);

  await expect(connection()).rejects.toThrow(/Add what is missing in the same place/);
});
