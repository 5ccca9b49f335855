import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A network that can be cut: what goes to `url` arrives at the service behind it, as long as the gate is open. */
export interface Gate {
  readonly url: string;
  /** `refused`: connections break, and nothing listens. `silent`: they stay, and nothing comes through. */
  cut(how: "refused" | "silent"): Promise<void>;
  mend(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a gate in front of the service at `target`. */
export async function openGate(target: string): Promise<Gate> {
  const { port, pathname } = new URL(target);
  const pairs = new Set<readonly [Socket, Socket]>();
  let silent = false;
  const drop = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  const server = createServer((near) => {
    const far = connect(Number(port), "127.0.0.1");
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on("data", (data) => {
        if (!silent) to.write(data);
      });
      from.on("error", () => {}); // a cut line is what this is for
      from.on("close", () => {
        pairs.delete(pair);
        to.destroy();
      });
    }
  });
  const own = await listen(server, 0);
  return {
    url: `http://127.0.0.1:${own}${pathname}`,
    async cut(how) {
      silent = how === "silent";
      if (silent) return;
      const closed = new Promise((resolve) => server.close(resolve));
      drop();
      await closed;
    },
    async mend() {
      silent = false;
      drop(); // what was swallowed is lost: those connections are of no use any more
      if (!server.listening) await listen(server, own);
    },
    async close() {
      const closed = server.listening ? new Promise((resolve) => server.close(resolve)) : undefined;
      drop();
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  // a TCP server that listens has an AddressInfo
  return (server.address() as AddressInfo).port;
}
