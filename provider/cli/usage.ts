/** Words after a command that make no sense. The message is for the user, without a full stop. */
export class UsageError extends Error {}

/** Where a command writes. */
interface Writers {
  out(text: string): void;
  err(text: string): void;
}

/** What a command reads and writes besides the service; a parameter so that tests can stand in for the terminal. */
export interface CommandHost extends Writers {
  environment: NodeJS.ProcessEnv;
  /** The folder of the Pulumi program. */
  folder: string;
}

export const terminal = (): CommandHost => ({
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  environment: process.env,
  folder: process.cwd(),
});

/** Runs `parseArgs`, which explains in its first sentence what is wrong. */
export function explained<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split(/\.\s/)[0] ?? error.message) : String(error));
  }
}

/** What a command is to do, or its exit code where that is all: 2 for words that make no sense, 0 after its help. */
export function orderOf<Order extends { help: boolean }>(
  command: string,
  usage: string,
  host: Writers,
  parse: () => Order,
): Order | 0 | 2 {
  try {
    const order = parse();
    if (!order.help) return order;
    host.out(usage);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    host.err(`holdfast ${command}: ${error.message}.\n\n${usage}`);
    return 2;
  }
}

/** As a shell takes it. */
export const word = (text: string): string => (/^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
