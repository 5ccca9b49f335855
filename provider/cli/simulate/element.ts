import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { simulateElement } from "../../simulators";
import { UsageError } from "../usage";
import { type System, textOf } from "./system";

/** The variable that names the file of the certificate to trust. */
const CA_CERT = "ELEMENT_CA_CERT";

/** Writes the certificate to a file, to a temporary one unless told otherwise. Answers its name and what takes the temporary one away. */
const keep = (caCert: string, wanted: string | undefined): { file: string; remove: () => void } => {
  if (wanted !== undefined) {
    writeFileSync(wanted, caCert);
    return { file: resolve(wanted), remove: () => {} };
  }
  const folder = mkdtempSync(join(tmpdir(), "holdfast-element-"));
  const file = join(folder, "ca.pem");
  writeFileSync(file, caCert);
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

export const element: System = {
  title: "NetApp Element",
  options: { "api-version": "string", "ca-file": "string", tls: "boolean" },
  prepare(order, err) {
    const { port, stepMs: cloneMs, stateFile, log, own } = order;
    const apiVersion = textOf(order, "api-version");
    const caFile = textOf(order, "ca-file");
    const tls = own["tls"] === true;
    if (apiVersion !== undefined && !/^\d{1,3}\.\d{1,3}$/.test(apiVersion)) {
      throw new UsageError(`--api-version must look like 12.5, not "${apiVersion}"`);
    }
    if (caFile !== undefined && !tls) throw new UsageError("--ca-file goes with --tls");
    const options = {
      port,
      cloneMs,
      tls,
      ...(apiVersion === undefined ? {} : { apiVersion }),
      ...(stateFile === undefined ? {} : { stateFile }),
    };
    return async () => {
      const { environment, caCert, close } = await simulateElement({
        ...options,
        onCall({ httpStatus, method, error }) {
          if (log) err(`${httpStatus || "reset"} ${method}${error === undefined ? "" : ` ${error}`}\n`);
        },
      });
      if (caCert === undefined) return { environment, conflicting: [CA_CERT], close };
      try {
        const { file, remove } = keep(caCert, caFile);
        return {
          environment: { ...environment, [CA_CERT]: file },
          conflicting: [],
          close: () => close().finally(remove),
        };
      } catch (error) {
        await close();
        throw error;
      }
    };
  },
};
