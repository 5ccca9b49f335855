import { subscribe } from "node:diagnostics_channel";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { printable } from "./printable";

/** What a provider process knows of the engine that started it. */
export interface Engine {
  /** Aborted when the user interrupts (Ctrl-C), or the engine is gone: ends waits, never requests. */
  readonly interrupted: AbortSignal;
  /** Shows a message on the resource's row, or on the stack's where the URN is unknown. Never fails. */
  log(urn: string | undefined, message: string, severity: "status" | "info" | "warning"): void;
}

/** An engine that is not there: in tests and outside a provider process. */
const noEngine = (): Engine => ({ interrupted: new AbortController().signal, log: () => {} });

/** How often, in milliseconds, a provider process looks whether its engine still lives. */
const WATCH_INTERVAL_MS = 1000;
/** This many refused connections in a row mean that the engine is dead. */
const WATCH_REFUSALS = 3;

/** Connects this provider process with its engine, whose address the SDK's host got as first argument, and ends with it. */
export function connectEngine(
  argv: readonly string[] = process.argv,
  onDeath: () => void = () => process.exit(1),
): Engine {
  const [, hostScript, address] = argv;
  if (hostScript === undefined || address === undefined || !/^[\w.[\]-]+:\d+$/.test(address)) return noEngine();
  const interruption = new AbortController();
  onCancel(() => interruption.abort());
  // Whoever killed the CLI may start the next one at once: what waits must not begin to make something meanwhile.
  watch(address, { onSilence: () => interruption.abort(), onDeath });
  return { interrupted: interruption.signal, log: logger(hostScript, address) };
}

/**
 * The SDK's host answers the engine's Cancel by itself and offers no hook, but Node tells of every incoming HTTP/2
 * stream: on the first Ctrl-C the engine calls Cancel at once and then waits for running creates without limit.
 */
function onCancel(cancelled: () => void): void {
  subscribe("http2.server.stream.start", (message) => {
    const headers =
      typeof message === "object" && message !== null && "headers" in message ? message.headers : undefined;
    const path = typeof headers === "object" && headers !== null ? Reflect.get(headers, ":path") : undefined;
    if (path === "/pulumirpc.ResourceProvider/Cancel") cancelled();
  });
}

/** Notices that the engine is gone: a killed CLI leaves its providers behind, waiting for ever. */
function watch(address: string, { onSilence, onDeath }: { onSilence: () => void; onDeath: () => void }): void {
  const separator = address.lastIndexOf(":");
  const host = address.slice(0, separator).replace(/^\[|\]$/g, "");
  const port = Number(address.slice(separator + 1));
  let refusals = 0;
  const timer = setInterval(() => {
    const socket = connect({ host, port });
    socket.setTimeout(WATCH_INTERVAL_MS, () => socket.destroy());
    socket.once("connect", () => {
      refusals = 0;
      socket.destroy();
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      refusals = error.code === "ECONNREFUSED" ? refusals + 1 : 0;
      if (refusals > 0) onSilence();
      if (refusals < WATCH_REFUSALS) return;
      clearInterval(timer);
      onDeath();
    });
  }, WATCH_INTERVAL_MS);
  timer.unref();
}

/** The parts of the SDK's generated client that we use. */
interface LogRequest {
  setSeverity(value: number): void;
  setMessage(value: string): void;
  setUrn(value: string): void;
  setStreamid(value: number): void;
  setEphemeral(value: boolean): void;
}
interface EngineClient {
  log(request: LogRequest, done: () => void): void;
}
interface EngineModules {
  grpc: { credentials: { createInsecure(): unknown } };
  services: { EngineClient: new (address: string, credentials: unknown) => EngineClient };
  messages: { LogRequest: new () => LogRequest; LogSeverity: { INFO: number; WARNING: number } };
}

/** A malformed URN makes the whole CLI panic. */
const URN = /^urn:pulumi:[^:]+::[^:]+::[^:]+(:[^:]+)*::.+$/;

function logger(hostScript: string, address: string): Engine["log"] {
  let modules: EngineModules | undefined;
  let client: EngineClient | undefined;
  return (urn, message, severity) => {
    try {
      modules ??= loadModules(hostScript);
      client ??= new modules.services.EngineClient(address, modules.grpc.credentials.createInsecure());
      const request = new modules.messages.LogRequest();
      request.setSeverity(
        severity === "warning" ? modules.messages.LogSeverity.WARNING : modules.messages.LogSeverity.INFO,
      );
      request.setMessage(printable(message));
      request.setUrn(urn !== undefined && URN.test(urn) ? urn : "");
      request.setStreamid(0);
      request.setEphemeral(severity === "status");
      client.log(request, () => {});
    } catch {
      // Progress is a comfort: an SDK without these modules, or an engine that is going away, must not fail the operation.
    }
  };
}

/** From the SDK whose host runs this process, so that there is one grpc and one protobuf. */
function loadModules(hostScript: string): EngineModules {
  const load = createRequire(hostScript);
  // `require` is untyped; the three interfaces above name what the generated modules are known to export.
  return {
    grpc: load("@grpc/grpc-js") as EngineModules["grpc"],
    services: load("@pulumi/pulumi/proto/engine_grpc_pb") as EngineModules["services"],
    messages: load("@pulumi/pulumi/proto/engine_pb") as EngineModules["messages"],
  };
}
