/** A call that a simulator refuses, with the answer it gives. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  /** HTTP status. */
  readonly status: number;
  /** Answer body; without one the simulator writes the message as its service would. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
  constructor(status: number, message: string, body?: Readonly<Record<string, unknown>>) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

/** A refusal in the service's plain form. */
export const refuse = (status: number, message: string): Refusal => new Refusal(status, message);

/** The words of an error. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
