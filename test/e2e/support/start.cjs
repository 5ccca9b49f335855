// Node loads this first in the processes that the engine starts. Half of what a command costs is the start of the SDK, of
// its program and of its provider: of what it loads, much serves to serialize functions, which dynamic resources of a
// package don't need, and here that loads when it is asked for. `createProject({ plain: true })` does without.
const { createRequire, flushCompileCache } = require("node:module");
const { join } = require("node:path");
const { setFlagsFromString } = require("node:v8");

// The SDK sets it while it loads, and V8 takes compiled code only under the flags that it was made with: processes that
// load in another order would throw away each other's.
setFlagsFromString("--allow-natives-syntax");

// Node keeps compiled code when a process ends by itself. The engine ends providers and policy packs by a signal.
setInterval(flushCompileCache, 200).unref();

const sdk = createRequire(join(__dirname, "../../../node_modules/@pulumi/pulumi/package.json"));

/** In place of a module that is not loaded yet. */
function keep(file, exports) {
  require.cache[file] = { id: file, filename: file, loaded: true, exports, children: [], paths: [] };
}

function loadLater(file) {
  let loaded;
  const real = () => {
    if (loaded === undefined) {
      delete require.cache[file];
      loaded = { exports: require(file) };
    }
    return loaded.exports;
  };
  const get = (_, key) => {
    if (key === "__esModule") return true; // or the SDK would copy each of its properties at once
    return key === "default" ? (real().default ?? real()) : real()[key];
  };
  keep(file, new Proxy({}, { get, has: (_, key) => key in real() }));
}

const SERIALIZING = ["typescript", "@npmcli/arborist", "normalize-package-data"];
for (const name of [...SERIALIZING, "@pulumi/pulumi/automation"]) loadLater(sdk.resolve(name));

// Without --tracing there is no exporter, and spans are the interface's own.
const newSpan = (name) => sdk("@opentelemetry/api").trace.getTracer("none").startSpan(name);
keep(sdk.resolve("@pulumi/pulumi/cmd/run/tracing"), { newSpan });

// Reads the SDK's source maps, to tell the engine where in its sources a resource was registered.
keep(sdk.resolve("source-map-support/register"), {});
