/** The conversation of one demo with Python: the newest values are asked, the answer is shown. */

import type { Values } from "./controls.js";
import { latest } from "./latest.js";
import type { Outputs } from "./outputs.js";
import type { Bundle, PythonError } from "./protocol.js";
import { type Answer, RunError, type Runtime, runtimeAt, type Status } from "./runtime.js";
import type { StatusLine } from "./status.js";
import { answered, describe, type Words } from "./words.js";
import { say } from "./say.js";

const STOP_MILLISECONDS = 1000;
const STALE_MILLISECONDS = 150;
const FRAME_MILLISECONDS = 100;
const TOO_LATE = /^there was no answer within ([\d.]+) seconds\.$/; // as handler.ts says it
const PLACE = / \(<[^>]+>, line \d+\)$/; // what Python says of where a syntax error is

export interface SessionParts {
  /** The answer to some values that was computed when the page was built, if there is one. */
  baked?: (values: Values) => Promise<Bundle[] | null>;
  /** What values are asked of: a demo's function, or one of the runner's actions. */
  call: (values: Values) => { target: string; args: Values };
  /** What to do once a call was stopped; if it is nothing else, a control is moved. */
  again?: string;
  /** Whether values can be answered before there are packages. */
  bare?: (values: Values) => boolean;
  runtime: URL;
  /** The values whose answer the page came with. */
  start: Values;
  outputs: Outputs;
  line: StatusLine;
  signal: AbortSignal;
  /** Told the traceback of what Python raised; says where that is, to be read after its message. */
  trace?: (traceback: string) => string;
}

export class Session {
  readonly #queue = latest<Values>((values) => this.#answer(values));
  #runtime: Runtime | null = null;
  #unanswered: Values | null = null;
  #answered: Values;
  #late: ReturnType<typeof setTimeout> | undefined;
  #ready = say("python.ready");

  constructor(private readonly parts: SessionParts) {
    this.#answered = parts.start;
    parts.signal.addEventListener("abort", () => clearTimeout(this.#late));
  }

  /** The values that what is shown is the answer to. */
  get answered(): Values {
    return this.#answered;
  }

  /** Whether this demo has asked for Python. */
  get started(): boolean {
    return this.#runtime !== null;
  }

  /** Boots Python, unless this demo has already asked for it. */
  start(): void {
    if (!this.#runtime) void this.#booted();
  }

  ask(values: Values): void {
    this.#unanswered = values;
    this.#queue.push(values);
    this.#watchAge();
  }

  /** What is shown is dimmed when it is not the answer to the controls, and has not been a while. */
  #watchAge(): void {
    if (this.#unanswered && written(this.#unanswered) !== written(this.#answered)) {
      this.#late ??= setTimeout(() => (this.parts.outputs.stale = true), STALE_MILLISECONDS);
      return;
    }
    clearTimeout(this.#late);
    this.#late = undefined;
    this.parts.outputs.stale = false;
  }

  async #answer(values: Values): Promise<void> {
    const { outputs, signal, baked } = this.parts;
    outputs.busy = true;
    const displays = await baked?.(values);
    // If newer values came while that was fetched, they are next.
    if (this.#unanswered === values && !signal.aborted) {
      if (displays) await this.#showBaked(displays, values);
      else await this.#askPython(values);
    }
    outputs.busy = false;
    await nextFrame();
  }

  async #showBaked(displays: Bundle[], values: Values): Promise<void> {
    this.parts.line.withdraw();
    await this.#show(displays, values, { said: say("python.baked"), shown: "" });
    this.#settle(values);
  }

  async #askPython(values: Values): Promise<void> {
    const runtime = await this.#booted(this.parts.bare?.(values));
    if (runtime && !this.parts.signal.aborted) await this.#askNow(runtime, values);
  }

  async #askNow(runtime: Runtime, values: Values): Promise<void> {
    try {
      const { displays, milliseconds } = await this.#run(runtime, values);
      const words = { said: this.#ready, shown: answered(milliseconds) };
      if (!this.parts.signal.aborted) await this.#show(displays, values, words);
    } catch (error) {
      if (!this.parts.signal.aborted) this.#explain(error);
    }
    this.#settle(values);
  }

  /** Nothing more is to come for these values. */
  #settle(values: Values): void {
    if (this.#unanswered === values) this.#unanswered = null;
  }

  async #run(runtime: Runtime, values: Values): Promise<Answer> {
    const { line, call } = this.parts;
    const slow = setTimeout(() => this.#offerStop(runtime), STOP_MILLISECONDS);
    try {
      const { target, args } = call(values);
      return await runtime.run(target, args);
    } finally {
      clearTimeout(slow);
      line.withdraw();
    }
  }

  #offerStop(runtime: Runtime): void {
    const { line } = this.parts;
    line.show({ said: say("python.computing"), shown: "" });
    line.offer(say("python.stop"), () => {
      this.#queue.clear();
      runtime.stop(this.parts.again ?? say("python.move-again"));
    });
  }

  async #show(displays: Bundle[], values: Values, words: Words): Promise<void> {
    const { outputs, line } = this.parts;
    clearTimeout(this.#late);
    this.#late = undefined;
    this.#answered = values;
    await outputs.show(displays);
    this.#watchAge();
    line.show(words);
    line.speakSoon(outputs.words);
  }

  #explain(error: unknown): void {
    this.parts.line.show({ said: this.#ready, shown: "" });
    if (!(error instanceof RunError)) {
      const title = `${say("python.stopped-title")}.`;
      return this.parts.outputs.fail({ title, message: messageOf(error) });
    }
    const { traceback } = error.details;
    const { type, message } = inWords(error.details);
    const where = this.parts.trace?.(traceback) ?? "";
    const said = where ? message.replace(PLACE, "") : message;
    const title = said ? `${type}:` : `${type}.`;
    this.parts.outputs.fail({ title, message: `${said} ${where}`.trim(), traceback });
  }

  /** The runtime, ready; or null when it would not start, which the status line tells. */
  async #booted(bare = false): Promise<Runtime | null> {
    const runtime = (this.#runtime ??= this.#connect());
    try {
      await runtime.start(bare);
      return runtime;
    } catch {
      return null;
    }
  }

  #connect(): Runtime {
    const runtime = runtimeAt(this.parts.runtime);
    runtime.watch((status) => this.#tell(status), this.parts.signal);
    return runtime;
  }

  #tell(status: Status): void {
    const { line, signal } = this.parts;
    if (signal.aborted) return;
    const words = describe(status);
    if (words.said) line.show(words);
    if (status.phase === "ready") this.#ready = words.said;
    if (status.phase === "failed") line.offer(say("python.try-again"), () => this.#retry());
    else line.withdraw();
  }

  #retry(): void {
    if (this.#unanswered) this.#queue.push(this.#unanswered);
    else void this.#booted();
  }
}

/** The worker knows no words of the page: what it says of a call that took too long is said here. */
function inWords({ type, message }: PythonError): { type: string; message: string } {
  const seconds = type === "Stopped" ? TOO_LATE.exec(message)?.[1] : undefined;
  if (seconds === undefined) return { type, message };
  return { type: say("python.stopped-title"), message: say("python.too-late", { seconds }) };
}

const written = (values: Values) => JSON.stringify(values);

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** At most one answer per frame; in a hidden tab there are no frames to wait for. */
function nextFrame(): Promise<unknown> {
  return new Promise((resolve) => {
    requestAnimationFrame(resolve);
    setTimeout(resolve, FRAME_MILLISECONDS);
  });
}
