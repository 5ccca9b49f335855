import { credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { vi } from "vitest";
import { type PackOptions, policyPack } from "../../../policies/index";

/*
 * The pack as the engine runs it: its own server, on a loopback port, and the engine's messages on the wire. Only the engine
 * itself is played here, as it stands in `resource/plugin/analyzer_plugin.go` and `resource/analyzer/config.go`.
 */

/** What a rule said, of which resource, and how strictly. */
export interface Verdict {
  rule: string;
  level: "advisory" | "mandatory" | "disabled" | "remediate";
  message: string;
  /** Name of the resource that it is shown with. */
  of: string;
}

/** A resource as a test puts it: `kind` is the whole type, or the end of one of ours. */
export interface Given {
  kind: string;
  name: string;
  props?: Record<string, unknown>;
  /** What the program gave, where that is not all: a resource rule sees no more, of what exists, too. @default props */
  inputs?: Record<string, unknown> | undefined;
  /** Names of the resources that a property was made from. */
  from?: Record<string, string[]>;
  protect?: boolean;
  /** Name of an explicit provider. */
  provider?: string;
  /** Type of the component that it is in. */
  inside?: string;
}

const typeOf = (kind: string) => (kind.includes(":") ? kind : `pulumi-nodejs:dynamic/ovh:${kind}`);
const urnOf = ({ kind, name, inside }: Given) =>
  `urn:pulumi:test::e2e::${inside === undefined ? "" : `${inside}$`}${typeOf(kind)}::${name}`;

/** Plain JSON: what a test writes down. What it sets to undefined is not there. */
const struct = (value: object): Struct =>
  Struct.fromJavaScript(JSON.parse(JSON.stringify(value)) as Record<string, JavaScriptValue>);

const LEVELS = ["advisory", "mandatory", "disabled", "remediate"] as const;

export interface Analyzer {
  /** Sends the configuration on top of what the pack brings along, and of the defaults of the schema. */
  configure(
    config?: Record<string, { [setting: string]: unknown; enforcementLevel?: Verdict["level"] }>,
  ): Promise<void>;
  /** What the pack brings along. */
  info(): Promise<{ initialConfig: Record<string, { level: string; settings: object }> }>;
  /** As an engine that knows no configuration. */
  unconfigured(): Promise<void>;
  /** What resource rules say to the inputs. */
  analyze(resource: Given): Promise<Verdict[]>;
  /** What stack rules say to the outputs. */
  analyzeStack(resources: Given[]): Promise<Verdict[]>;
  /** Both, as a preview, an update and `policy analyze` have it. */
  all(resources: Given[]): Promise<Verdict[]>;
  close(): void;
}

/** Starts the pack's server. Only one can run in a process, and vitest gives each test file its own. */
export async function startPack(name: string, options?: PackOptions): Promise<Analyzer> {
  const port = await new Promise<string>((resolve) => {
    const log = vi.spyOn(console, "log").mockImplementation((line: string) => {
      log.mockRestore();
      resolve(line);
    });
    policyPack(name, options);
  });
  const client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
  type Answer<T> = (error: Error | null, answer: T) => void;
  const answerOf = <T>(call: (done: Answer<T>) => void) =>
    new Promise<T>((resolve, reject) => call((error, answer) => (error ? reject(error) : resolve(answer))));

  const fill = <T extends messages.AnalyzeRequest | messages.AnalyzerResource>(message: T, given: Given): T => {
    message.setType(typeOf(given.kind));
    message.setName(given.name);
    message.setUrn(urnOf(given));
    message.setProperties(struct(given.props ?? {}));
    const options = new messages.AnalyzerResourceOptions();
    options.setProtect(given.protect === true);
    message.setOptions(options);
    if (given.provider !== undefined) {
      const provider = new messages.AnalyzerProviderResource();
      provider.setType("pulumi:providers:pulumi-nodejs");
      provider.setName(given.provider);
      provider.setUrn(`urn:pulumi:test::e2e::pulumi:providers:pulumi-nodejs::${given.provider}`);
      provider.setProperties(struct({}));
      message.setProvider(provider);
    }
    return message;
  };
  const verdicts = (answer: messages.AnalyzeResponse, urn = ""): Verdict[] =>
    answer.getDiagnosticsList().map((one) => ({
      rule: one.getPolicyname(),
      level: LEVELS[one.getEnforcementlevel()] ?? "disabled",
      message: one.getMessage(),
      of: (one.getUrn() || urn).split("::").at(-1) ?? "",
    }));

  const analyzer: Analyzer = {
    async configure(config = {}) {
      const info = await answerOf<messages.AnalyzerInfo>((done) => client.getAnalyzerInfo(new Empty(), done));
      const policies = new Map(info.getPoliciesList().map((policy) => [policy.getName(), policy]));
      const request = new messages.ConfigureAnalyzerRequest();
      for (const rule of new Set([...policies.keys(), ...Object.keys(config)])) {
        const policy = policies.get(rule);
        const schema = policy?.getConfigschema()?.getProperties()?.toJavaScript() ?? {};
        const defaults = Object.entries(schema).map(([key, value]) => [key, Reflect.get(Object(value), "default")]);
        const brought = info.getInitialconfigMap().get(rule);
        const { enforcementLevel, ...settings } = { ...brought?.getProperties()?.toJavaScript(), ...config[rule] };
        const one = new messages.PolicyConfig();
        const own = brought?.getEnforcementlevel() ?? policy?.getEnforcementlevel() ?? 0;
        one.setEnforcementlevel(enforcementLevel === undefined ? own : LEVELS.indexOf(enforcementLevel));
        one.setProperties(struct({ ...Object.fromEntries(defaults), ...settings }));
        request.getPolicyconfigMap().set(rule, one);
      }
      await answerOf<Empty>((done) => client.configure(request, done));
    },
    async info() {
      const info = await answerOf<messages.AnalyzerInfo>((done) => client.getAnalyzerInfo(new Empty(), done));
      const brought = [...info.getInitialconfigMap().entries()].map(([rule, one]) => [
        rule,
        { level: LEVELS[one.getEnforcementlevel()], settings: one.getProperties()?.toJavaScript() ?? {} },
      ]);
      return { initialConfig: Object.fromEntries(brought) };
    },
    async unconfigured() {
      await answerOf<Empty>((done) => client.configure(new messages.ConfigureAnalyzerRequest(), done));
    },
    async analyze(given) {
      const request = fill(new messages.AnalyzeRequest(), { ...given, props: given.inputs ?? given.props ?? {} });
      return verdicts(await answerOf((done) => client.analyze(request, done)), urnOf(given));
    },
    async analyzeStack(resources) {
      const request = new messages.AnalyzeStackRequest();
      const urns = new Map(resources.map((one) => [one.name, urnOf(one)]));
      request.setResourcesList(
        resources.map((given) => {
          const message = fill(new messages.AnalyzerResource(), given);
          for (const [key, names] of Object.entries(given.from ?? {})) {
            const dependencies = new messages.AnalyzerPropertyDependencies();
            dependencies.setUrnsList(names.map((name) => urns.get(name) ?? `urn:pulumi:test::e2e::gone::${name}`));
            message.getPropertydependenciesMap().set(key, dependencies);
          }
          return message;
        }),
      );
      return verdicts(await answerOf((done) => client.analyzeStack(request, done)));
    },
    async all(resources) {
      const own = await Promise.all(resources.map((resource) => analyzer.analyze(resource)));
      return [...own.flat(), ...(await analyzer.analyzeStack(resources))];
    },
    close: () => client.close(),
  };
  await analyzer.configure();
  return analyzer;
}

/** What the engine sends for a value that a preview does not know yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What the engine sends for a secret. */
export const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});
