/** The conversation of one demo with Python: the newest values are asked, the answer is shown. */

import { latest } from "./latest.js";
import type { Values } from "./controls.js";
import type { Outputs } from "./outputs.js";
import type { Answer, RunError, Runtime, Status } from "./runtime.js";
import type { StatusLine } from "./status.js";
import { answered, describe } from "./words.js";

const STOP_MILLISECONDS = 1000;
const FRAME_MILLISECONDS = 100;

export interface SessionParts {
  target: string;
  runtime: URL;
  outputs: Outputs;
  line: StatusLine;
  signal: AbortSignal;
}

export class Session {
  readonly #queue = latest<Values>((values) => this.#answer(values));
  #runtime: Promise<Runtime> | null = null;
  #unanswered: Values | null = null;

  constructor(private readonly parts: SessionParts) {}

  /** Boots Python, if nothing has done so yet. */
  start(): void {
    if (this.#runtime) return;
    this.#connect()
      .then((runtime) => runtime.start())
      .catch(() => {});
  }

  ask(values: Values): void {
    this.#unanswered = values;
    this.#queue.push(values);
  }

  async #answer(values: Values): Promise<void> {
    const { outputs, signal } = this.parts;
    outputs.busy = true;
    try {
      const runtime = await this.#connect();
      await runtime.start();
      const answer = await this.#runWatched(runtime, values);
      if (!signal.aborted) await this.#show(answer);
    } catch (error) {
      if (!signal.aborted) this.#explain(error);
    } finally {
      outputs.busy = false;
    }
    await nextFrame();
  }

  async #runWatched(runtime: Runtime, values: Values): Promise<Answer> {
    const { line, target } = this.parts;
    const stop = () => {
      this.#queue.clear();
      runtime.stop("Move a control to try again.");
    };
    const slow = setTimeout(() => line.offer("Stop", stop), STOP_MILLISECONDS);
    try {
      return await runtime.run(target, values);
    } finally {
      this.#unanswered = null;
      clearTimeout(slow);
      line.withdraw();
    }
  }

  async #show({ displays, milliseconds }: Answer): Promise<void> {
    const { outputs, line } = this.parts;
    await outputs.show(displays);
    line.show({ said: "Ready", shown: answered(milliseconds) });
    line.speakSoon(outputs.words);
  }

  #explain(error: unknown): void {
    const { outputs } = this.parts;
    if (isRunError(error)) return outputs.fail(error.details);
    const message = error instanceof Error ? error.message : String(error);
    // A failed boot is told by the status line, with its button.
    if (this.#unanswered === null) outputs.fail({ type: "Stopped.", message, traceback: "" });
  }

  #connect(): Promise<Runtime> {
    this.#runtime ??= import("./runtime.js").then(({ runtimeAt }) => {
      const runtime = runtimeAt(this.parts.runtime);
      runtime.watch((status) => this.#tell(status), this.parts.signal);
      return runtime;
    });
    return this.#runtime;
  }

  #tell(status: Status): void {
    const { line } = this.parts;
    const words = describe(status);
    if (words.said) line.show(words);
    if (status.phase === "failed") line.offer("Try again", () => this.#retry());
    else line.withdraw();
  }

  #retry(): void {
    if (this.#unanswered) this.#queue.push(this.#unanswered);
    else void this.#connect().then((runtime) => runtime.start().catch(() => {}));
  }
}

// The class is in the lazily loaded runtime; its shape is enough.
function isRunError(error: unknown): error is RunError {
  return error instanceof Error && "details" in error;
}

/** At most one answer per frame; in a hidden tab there are no frames to wait for. */
function nextFrame(): Promise<unknown> {
  return new Promise((resolve) => {
    requestAnimationFrame(resolve);
    setTimeout(resolve, FRAME_MILLISECONDS);
  });
}
