/**
 * Keeps a demo's training run while it goes on, and offers to go on with it: after a reload, or
 * when its Python was stopped. What goes on from a checkpoint gives the numbers, bit for bit, of a
 * run that was never interrupted.
 */

import type { Controls } from "../controls.js";
import { h } from "../dom.js";
import { isObject } from "../protocol.js";
import { RunError, type Runtime } from "../runtime.js";
import type { Keeper, KeptRun, Stream } from "../stream.js";
import { hashOf } from "./hash.js";
import { Runs, type SavedRun } from "./runs.js";
import { subjectIn } from "./subject.js";
import { say } from "../say.js";

const KEPT = "application/vnd.nudge.kept+json";
const EVERY_MILLISECONDS = 1000; // while it plays; whenever it rests, at once

export interface RunParts {
  root: HTMLElement;
  /** Stands above what the demo shows. */
  screen: HTMLElement;
  stream: Stream;
  controls: Controls | null;
  runtime: Runtime;
  /** All that has to be the same for a run to go on: the demo's controls, the code it ran. */
  ran: () => string;
  /** The same, with the code that stands in the demo, run or not. */
  stands: () => string;
  /** Has what stands there run from now on. */
  adopt: () => void;
}

export function keepRun(parts: RunParts, signal: AbortSignal): void {
  const keeping = new Keeping(parts, signal);
  parts.stream.keeper = keeping;
  signal.addEventListener("abort", () => (parts.stream.keeper = null));
  void keeping.recall();
}

class Keeping implements Keeper {
  readonly #runs: Runs;
  readonly #name: string;
  #latest: SavedRun | null = null;
  #last = 0;
  #busy = false;
  #offer: HTMLElement | null = null;

  constructor(
    private readonly parts: RunParts,
    private readonly signal: AbortSignal,
  ) {
    const { root } = parts;
    const { lesson, block } = subjectIn(root);
    this.#runs = new Runs(root.dataset["course"] ?? "");
    this.#name = `${lesson}/${block}`;
    const hidden = () => document.hidden && (this.#last = 0); // the tab may be about to go
    document.addEventListener("visibilitychange", hidden, { signal });
    signal.addEventListener("abort", () => this.#withdraw());
  }

  latest(): KeptRun | null {
    return this.#latest;
  }

  /** Offers the run that was kept, if nothing that it depends on has changed since. */
  async recall(): Promise<void> {
    const saved = await this.#runs.get(this.#name);
    if (this.parts.stream.steps === null) await this.#offerIfSame(saved);
  }

  came(): void {
    this.#withdraw();
    const due = performance.now() - this.#last > EVERY_MILLISECONDS;
    if (!this.#busy && (due || !this.parts.stream.playing)) void this.#keep();
  }

  failed(): void {
    void this.#offerIfSame(this.#latest);
  }

  async #offerIfSame(saved: SavedRun | null): Promise<void> {
    const now = saved ? await this.#hash(this.parts.stands()).catch(() => null) : null;
    if (saved && saved.of === now && !this.signal.aborted) this.#show(saved);
  }

  async #keep(): Promise<void> {
    const { stream, controls } = this.parts;
    this.#busy = true;
    this.#last = performance.now();
    const [run, moved] = [stream.run, controls?.moved ?? []];
    const settings = controls?.settings(controls.values).filter(({ name }) => isIn(moved, name));
    const words = settings?.map((setting) => setting.words).join(", ") ?? "";
    try {
      const kept = await this.#ask();
      // A run that was begun meanwhile has other settings than these.
      if (!kept || run === null || stream.run !== run) return;
      this.#latest = { ...kept, moved, words, of: await this.#hash(this.parts.ran()) };
      await this.#runs.set(this.#name, this.#latest).then(
        () => stream.note(""),
        () => stream.note(say("run.no-storage")),
      );
    } catch (error) {
      // Whatever else it may be, such as a Stop, is told elsewhere.
      if (error instanceof RunError && stream.run === run) stream.note(say("run.no-checkpoint"));
    } finally {
      this.#busy = false;
    }
  }

  async #ask(): Promise<KeptRun | null> {
    const { displays } = await this.parts.runtime.run("@keep", { stream: this.parts.root.id });
    const kept = displays[0]?.[KEPT];
    return isObject(kept) ? (kept as unknown as KeptRun) : null;
  }

  async #hash(made: string): Promise<string> {
    return hashOf(`${await this.parts.runtime.build()}\n${made}`);
  }

  #show(saved: SavedRun): void {
    this.#withdraw();
    const resume = button(say("run.resume"));
    const forget = button(say("run.forget"));
    resume.addEventListener("click", () => this.#resume(saved));
    forget.addEventListener("click", () => this.#forget());
    const said = h("p", { role: "status", tabindex: "-1" });
    const buttons = h("div", { class: "cw-actions" }, [resume, forget]);
    this.#offer = h("div", { class: "cw-arrival" }, [said, buttons]);
    this.parts.screen.before(this.#offer);
    said.textContent = offering(saved); // now that it is in the page, it is announced
  }

  #resume(saved: SavedRun): void {
    const { stream, controls, adopt } = this.parts;
    this.#latest = saved;
    controls?.take(new Map(saved.moved));
    adopt();
    this.#withdraw();
    stream.resume(saved);
  }

  #forget(): void {
    this.#latest = null;
    this.#withdraw();
    void this.#runs.set(this.#name, null).catch(() => undefined);
  }

  /** Takes the offer away; whoever is at it is led to the buttons of the stream. */
  #withdraw(): void {
    if (this.#offer?.contains(document.activeElement)) this.parts.stream.focus();
    this.#offer?.remove();
    this.#offer = null;
  }
}

const isIn = (pairs: [string, string][], name: string) => pairs.some(([each]) => each === name);

const offering = ({ steps, words }: SavedRun) =>
  say(words ? "run.kept-settings" : "run.kept", { count: steps, settings: words });

const button = (words: string) => h("button", { type: "button", class: "cw-button" }, [words]);
