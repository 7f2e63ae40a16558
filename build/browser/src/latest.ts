/** A queue of one: while work is under way only the newest value waits; older ones are dropped. */

export interface Latest<T> {
  push(value: T): void;
  /** Forgets what waits; what is under way runs to its end. */
  clear(): void;
}

export function latest<T>(work: (value: T) => Promise<void>): Latest<T> {
  let waiting: { value: T } | null = null;
  let busy = false;

  async function drain(): Promise<void> {
    busy = true;
    while (waiting) {
      const { value } = waiting;
      waiting = null;
      await work(value).catch((error: unknown) => console.error(error));
    }
    busy = false;
  }

  return {
    push(value) {
      waiting = { value };
      if (!busy) void drain();
    },
    clear() {
      waiting = null;
    },
  };
}
