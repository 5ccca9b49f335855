import type { HostedProvider } from "../../provider/core/host";
import type { ResourceKind } from "../../provider/kinds";
import type { JumpingClock } from "./clock";

/** What a provider process of one `pulumi` command is made of, with everything real but the engine and the clock. */
export interface ProviderProcess {
  readonly clock: JumpingClock;
  /** What the SDK's host would call. */
  host(kind: ResourceKind): HostedProvider;
  /** As the first Ctrl-C does. */
  interrupt(): void;
  readonly logs: { urn: string | undefined; message: string; severity: string }[];
  close(): Promise<void>;
}
