import { type Connection, connection } from "../core/connection";
import type { Reached } from "./reach";

/** @param warn tells what the user must know of how the cluster is reached, once */
export const elementConnection = (
  config: (key: string) => string | undefined,
  warn: (message: string) => void,
): Connection<Reached> =>
  connection(async () => {
    const { readElementAccount } = await import("./account.js");
    const { reach } = await import("./reach.js");
    return reach(readElementAccount({ config, environment: process.env }), { warn });
  });

/** Whether any place holds an account. An explicit provider stands for its own, whatever it holds. */
export async function hasAccount(config: (key: string) => string | undefined): Promise<boolean> {
  const { findElementAccount } = await import("./account.js");
  return findElementAccount({ config, environment: process.env }) !== undefined;
}
