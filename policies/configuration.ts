import { createRequire } from "node:module";
import type { Policies, PolicyPackConfig } from "@pulumi/policy";
import type { Rule } from "./rule";
import { configError } from "./settings";

/** Throws for a rule or a setting that there isn't: the engine would ignore both, and a gate would silently not be there. */
export function checkConfig(policies: Readonly<Policies>, config: PolicyPackConfig): void {
  const names = policies.map(({ name }) => name);
  for (const [name, given] of Object.entries(config)) {
    if (name === "all") continue;
    const policy = policies.find((one) => one.name === name);
    if (policy === undefined) {
      throw configError(`there is no rule "${name}" in this pack. It has ${names.join(", ")}.`);
    }
    if (typeof given === "string" || !isOurs(policy)) continue;
    const { enforcementLevel: _, ...settings } = given;
    policy.checkSettings(settings);
  }
}

const isOurs = (policy: object): policy is Pick<Rule, "checkSettings"> =>
  "checkSettings" in policy && typeof policy.checkSettings === "function";

/**
 * Has the same checked for the configuration that the engine sends, before it is used. The SDK shows a rule its own settings
 * only, so this looks at the message as it arrives. Where a later SDK receives it in another way, the rules still check their
 * own settings, and only a rule's misspelt name passes.
 */
export function watchConfiguration(policies: Readonly<Policies>): void {
  const load = createRequire(createRequire(__filename).resolve("@pulumi/policy"));
  const service: AnalyzerService | undefined = load("@pulumi/pulumi/proto/analyzer_grpc_pb").AnalyzerService;
  const method = service?.configure;
  if (service === undefined || method === undefined) return;
  service.configure = {
    ...method,
    requestDeserialize: (bytes) => {
      const request = method.requestDeserialize(bytes);
      const map = request.getPolicyconfigMap();
      // Thrown where the SDK reads it, which passes the message on: from here gRPC would keep it to itself.
      request.getPolicyconfigMap = () => {
        const sent = [...map.entries()].map(([name, one]) => [name, one.getProperties().toJavaScript()]);
        checkConfig(policies, Object.fromEntries(sent));
        return map;
      };
      return request;
    },
  };
}

/** The part of the SDK's generated code that is used here. */
interface AnalyzerService {
  configure?: { requestDeserialize(bytes: Uint8Array): ConfigureRequest };
}
interface ConfigureRequest {
  getPolicyconfigMap(): { entries(): Iterable<[string, { getProperties(): { toJavaScript(): object } }]> };
}
