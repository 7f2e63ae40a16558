/**
 * Ends a call that takes too long from inside: Python looks at this "interrupt buffer" every few
 * bytecodes, and finds Ctrl+C in it once the time is up. The interpreter survives.
 *
 * Each look is also a moment of JavaScript. Without one, WebKit never got to end a worker that was
 * in an endless loop of WebAssembly: it went on after `terminate` and without its frame.
 */

const CONTROL_C = 2;
const GRACE_MILLISECONDS = 1000;

export class TimeLimit {
  #end = Infinity;
  #reached = false;

  /** What the work returned, and whether the time was up meanwhile. */
  during<T>(milliseconds: number, work: () => T): { value: T; reached: boolean } {
    this.#end = performance.now() + milliseconds;
    this.#reached = false;
    try {
      const value = work();
      return { value, reached: this.#reached };
    } finally {
      this.#end = Infinity;
    }
  }

  get 0(): number {
    if (performance.now() < this.#end) return 0;
    this.#reached = true;
    // Python gets a moment to report where it was; code that ignores Ctrl+C gets another one.
    this.#end = performance.now() + GRACE_MILLISECONDS;
    return CONTROL_C;
  }

  /** Python resets what it has read. */
  set 0(_: number) {}
}
