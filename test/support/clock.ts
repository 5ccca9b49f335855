import type { Clock } from "../../provider/core/clock";

/**
 * A clock that jumps to the next end of a sleep as soon as nothing else goes on: no test waits, and sleeps that run side
 * by side end in their true order. What takes real time (HTTP) goes through `during`, and the clock stands still then.
 */
export class JumpingClock implements Clock {
  time = Date.UTC(2026, 0, 31, 10, 20, 30);
  /** The lengths of all sleeps, in milliseconds. */
  readonly slept: number[] = [];
  #sleepers: { wake: number; end: () => void }[] = [];
  #busy = 0;

  readonly now = (): number => this.time;

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.slept.push(milliseconds);
    await new Promise<void>((resolve, reject) => {
      const sleeper = { wake: this.time + milliseconds, end: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener("abort", () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      });
      this.#jumpWhenIdle();
    });
  }

  /** Does something at a later time, provided that somebody else lets time pass. */
  later(milliseconds: number, action: () => void): void {
    this.#sleepers.push({ wake: this.time + milliseconds, end: action });
  }

  pass(milliseconds: number): void {
    this.time += milliseconds;
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#busy += 1;
    try {
      return await work();
    } finally {
      this.#busy -= 1;
      this.#jumpWhenIdle();
    }
  }

  /** Everything that can go on without time has gone on before `setImmediate` calls back. */
  #jumpWhenIdle(): void {
    setImmediate(() => {
      if (this.#busy > 0) return;
      if (this.#sleepers.length === 0) return;
      this.time = Math.max(this.time, Math.min(...this.#sleepers.map(({ wake }) => wake)));
      const awake = this.#sleepers.filter(({ wake }) => wake <= this.time);
      this.#sleepers = this.#sleepers.filter(({ wake }) => wake > this.time);
      for (const { end } of awake) end();
      this.#jumpWhenIdle();
    });
  }
}
