import { ApiError, ConnectionError, HoldfastError } from "./errors";
import type { Created } from "./lifecycle";
import { printable } from "./printable";
import type { Properties } from "./properties";
import { isRepeatable } from "./retry";

/** Who fails. */
interface Named {
  /** Class and name of the resource: messages begin with it. */
  subject: string;
}

/** Check, diff, read and delete: a failure is one message, without a stack. */
export async function guarded<T, B extends Named>(begun: B, work: (begun: B) => Promise<T>): Promise<T> {
  try {
    return await work(begun);
  } catch (error) {
    throw explained(begun, error);
  }
}

/**
 * An error as the user sees it: it begins with the resource, and a fault of ours says so. Always a new one, for a failed
 * list reaches every wait that shares it, and each resource puts its own name and id on it.
 */
function explained(begun: Named, error: unknown): HoldfastError {
  if (error instanceof HoldfastError) {
    const text = unexplained(error) ? `${error.message.replace(/\.?$/, ".")} ${adviceFor(error)}` : error.message;
    const named = text.startsWith(`${begun.subject}: `);
    return new HoldfastError(printable(named ? text : `${begun.subject}: ${text}`), { cause: error });
  }
  const message = error instanceof Error ? `${error.message}${firstFrame(error)}` : String(error);
  return new HoldfastError(
    printable(`${begun.subject}: an error inside pulumi-holdfast, please report it: ${message}`),
  );
}

const adviceFor = (error: HoldfastError): string =>
  error instanceof ApiError && error.repetition === "useless"
    ? "It stays so until that is changed; if nothing is wrong with it, ask the service's support."
    : "Run the same command again; if it stays so, ask the service's support.";

/** What the service answered, or that it did not, where nobody on the way has found more to say about it. */
const unexplained = (error: HoldfastError): boolean =>
  error instanceof ConnectionError ? error.failure !== "unreachable" : error instanceof ApiError && !error.advised;

const firstFrame = (error: Error): string => {
  const frame = error.stack?.split("\n").find((line) => line.trimStart().startsWith("at "));
  return frame === undefined ? "" : ` (${frame.trim()})`;
};

/** What the SDK's host looks for in an error: with these the engine keeps the resource and asks for update next time. */
type InitFailure = HoldfastError & { id: string; properties: Properties; reasons: string[] };

/** The object exists: the engine must keep it. Without an id, nothing was made and the plain error is right. */
export function keep(
  begun: Named,
  error: unknown,
  known: Created<Properties> | undefined,
  stateOf: (outputs: Properties) => Properties,
): HoldfastError | InitFailure {
  const failure = explained(begun, error);
  if (known === undefined) return failure;
  // Trouble on the way does not tell what became of the object.
  if (isRepeatable("read", error))
    failure.message = `${failure.message.replace(/\.?$/, ".")} The object stays in the state.`;
  return Object.assign(failure, { id: known.id, properties: stateOf(known.outputs), reasons: [failure.message] });
}
