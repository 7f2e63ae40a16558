/** A demo that goes on by itself: Play, Pause, Step, Reset, and how far it is. */

import type { Values } from "./controls.js";
import { h } from "./dom.js";
import { Outputs } from "./outputs.js";
import { type Bundle, isObject } from "./protocol.js";
import { say } from "./say.js";

const STREAM = "application/vnd.nudge.stream+json";
const PLAY_MILLISECONDS = 100; // of Python per answer: at most ten answers a second

interface Progress {
  steps: number;
  ended: boolean;
  /** This Python has not begun it: another one had, and was ended. */
  lost?: boolean;
}

/** What a training run can go on from in another Python, also after the page was left. */
export interface KeptRun {
  steps: number;
  checkpoints: string[];
}

/** Who keeps a stream's training runs. */
export interface Keeper {
  /** An answer has come: something new may be kept. */
  came(): void;
  /** It raised, or was stopped. */
  failed(): void;
  /** The last of the run that was kept. */
  latest(): KeptRun | null;
}

export class Stream {
  readonly #play = button(say("stream.play"), "cw-main");
  readonly #step = button(say("stream.step"));
  readonly #reset = button(say("stream.reset"));
  readonly #count = h("span", { class: "cw-stream-count" });
  readonly #note = h("span", { class: "cw-stream-note" });
  #playing = false;
  #fresh = true;
  #ended = false;
  #asked = 0;
  #steps: number | null = null;
  #begun = 0;
  #kept: KeptRun | null = null;
  keeper: Keeper | null = null;

  constructor(
    root: HTMLElement,
    private readonly id: string,
    private readonly ask: () => void,
    signal: AbortSignal,
  ) {
    const row = h("div", { class: "cw-stream" }, [
      this.#play,
      this.#step,
      this.#reset,
      this.#count,
      this.#note,
    ]);
    root.before(row);
    signal.addEventListener("abort", () => row.remove());
    const on = (element: HTMLElement, act: () => void) =>
      element.addEventListener("click", act, { signal });
    on(this.#play, () => (this.#playing ? this.pause() : this.play()));
    on(this.#step, () => this.#once(false));
    on(this.#reset, () => this.#once(true));
  }

  /** How far it has got, if it has been played or stepped since the page was opened. */
  get steps(): number | null {
    return this.#steps;
  }

  get playing(): boolean {
    return this.#playing;
  }

  /** Which run it is, of those begun since the page was opened; null if another is to begin. */
  get run(): number | null {
    return this.#fresh ? null : this.#begun;
  }

  focus(): void {
    this.#play.focus();
  }

  /** A quiet word beside the buttons. */
  note(words: string): void {
    this.#note.textContent = words;
  }

  /** What is asked of Python for the controls' values: to go on, or to begin anew with them. */
  call(run: string, values: Values, code: string | null): { target: string; args: Values } {
    const milliseconds = this.#playing ? PLAY_MILLISECONDS : 0;
    const [stream, fresh, kept] = [this.id, this.#fresh, this.#kept];
    this.#fresh = false;
    this.#kept = null;
    if (fresh) this.#begun += 1;
    return {
      target: "@stream",
      args: { stream, run, arguments: values, fresh, milliseconds, code, kept },
    };
  }

  /** The controls' values, made distinct: every answer is another. */
  values(values: Values): Values {
    return { ...values, "": ++this.#asked };
  }

  /** A control was moved: the run begins anew, and goes on if it was going. */
  changed(): void {
    this.#anew();
    this.ask();
  }

  /** The controls were set anew: the run halts, and next time it begins with them. */
  renew(): void {
    this.#anew();
    this.pause();
  }

  play(): void {
    if (this.#ended) this.#anew();
    this.#set(true);
    this.ask();
  }

  /** Plays on from what was kept. */
  resume(kept: KeptRun): void {
    this.#anew(kept);
    this.#set(true);
    this.ask();
  }

  pause(): void {
    this.#set(false);
  }

  /** How far it is now; while it plays, the next answer is asked for at once. */
  came({ steps, ended, lost }: Progress): void {
    if (lost) return this.#restore();
    this.#ended = ended;
    this.#steps = steps;
    this.#count.textContent = say(ended ? "stream.ended" : "stream.picture", { count: steps });
    if (ended) this.#set(false);
    if (this.#playing) this.ask();
    if (!ended) this.keeper?.came();
  }

  /** It raised, or was stopped: next time it begins anew. */
  failed(): void {
    this.#anew();
    this.#set(false);
    this.keeper?.failed();
  }

  /** Python was ended meanwhile, by another demo perhaps: goes on from what was kept, or begins. */
  #restore(): void {
    this.#anew(this.keeper?.latest() ?? null);
    this.ask();
  }

  #once(fresh: boolean): void {
    this.#set(false);
    if (fresh || this.#ended) this.#anew();
    this.ask();
  }

  #anew(kept: KeptRun | null = null): void {
    this.#fresh = true;
    this.#kept = kept;
  }

  #set(playing: boolean): void {
    this.#playing = playing;
    this.#play.textContent = say(playing ? "stream.pause" : "stream.play");
  }
}

/** Outputs of a stream: with each come its progress. */
export class StreamOutputs extends Outputs {
  constructor(
    root: HTMLElement,
    signal: AbortSignal,
    private readonly on: { came: (progress: Progress) => void; failed: () => void },
  ) {
    super(root, signal);
  }

  override async show(bundles: Bundle[]): Promise<void> {
    const progress = bundles.at(-1)?.[STREAM];
    const displays = progress ? bundles.slice(0, -1) : bundles;
    // A generator that was at its end shows nothing new: what it showed last stays.
    if (displays.length) await super.show(displays);
    if (isProgress(progress)) this.on.came(progress);
  }

  override fail(failure: Parameters<Outputs["fail"]>[0]): void {
    super.fail(failure);
    this.on.failed();
  }
}

function isProgress(value: unknown): value is Progress {
  return (
    isObject(value) && typeof value["steps"] === "number" && typeof value["ended"] === "boolean"
  );
}

const button = (name: string, look = "") =>
  h("button", { type: "button", class: `cw-button ${look}`.trim() }, [name]);
