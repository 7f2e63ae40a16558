/**
 * <cw-teach-back>, once it is near: the form, its result, and the way between them.
 *
 *     write ─▶ (asked once) ─▶ a service grades ─▶ result ─▶ revise ─▶ write
 *        │                          │ fails: says why
 *        ├──────────────────────────┴─▶ the checklist, in Python on this device ─▶ result
 *        └─▶ mark it yourself, which needs nothing ─▶ result
 */

import { h } from "../dom.js";
import type { Words } from "../words.js";
import { comparison } from "./compare.js";
import { choices, Form, quiet } from "./form.js";
import { band, type Grade, OUT_OF } from "./grade.js";
import { graded } from "./grading.js";
import { RubricText } from "./here.js";
import { storeOf } from "../state/page.js";
import type { Attempt, Kept } from "./kept.js";
import { type Lesson, lessonIn } from "./lesson.js";
import { consent, failed, Progress, ways } from "./panels.js";
import { next, resultParts } from "./result.js";
import { selfMarking } from "./selfmark.js";
import { Shelf } from "./shelf.js";
import { say, words } from "../say.js";

export async function enhance(root: HTMLElement, signal: AbortSignal): Promise<void> {
  const lesson = lessonIn(root);
  if (!lesson) return;
  const shelf = new Shelf(await storeOf(lesson.course), lesson.lesson);
  if (!signal.aborted) new TeachBack(lesson, shelf, signal);
}

class TeachBack {
  readonly #stage = h("div", { class: "cw-stage" });
  readonly #rubric: RubricText;
  readonly #progress = new Progress();
  readonly #form: Form;
  #kept: Kept;
  #failed = false;

  constructor(
    private readonly lesson: Lesson,
    private readonly shelf: Shelf,
    private readonly signal: AbortSignal,
  ) {
    this.#rubric = new RubricText(lesson.checklist);
    this.#kept = shelf.load(lesson.sha);
    const changed = () => this.#changed();
    this.#form = new Form(this.#kept.draft, this.#progress.element, changed, signal);
    this.#form.keeps = shelf.keeps;
    const keeping = () => (this.#form.keeps = shelf.keeps);
    shelf.watch(() => this.#heard(), keeping, signal);
    this.#form.element.addEventListener("focusin", () => this.#prepare(), { once: true, signal });
    this.#reveal(this.#kept.attempts.length > 0);
    this.#write();
    lesson.root.querySelector(":scope > .cw-teach")?.after(this.#stage);
    signal.addEventListener("abort", () => (this.#stage.remove(), this.#reveal(true)));
  }

  /** A connection may be gone by the time the text is written. */
  #prepare(): void {
    void this.#rubric.get().catch(() => {});
  }

  /** What was said of the text before is not about this one. */
  #changed(): void {
    if (this.#failed) this.#idle();
    this.#progress.say("");
    this.#save();
  }

  #save(): void {
    this.#kept = { ...this.#kept, draft: this.#form.text };
    this.shelf.save(this.#kept);
  }

  /** Another tab has written. The text here is left alone while it is being written or judged. */
  #heard(): void {
    this.#kept = this.shelf.load(this.lesson.sha);
    if (!this.#form.atWork) this.#form.text = this.#kept.draft;
  }

  /** The model answer would spoil the first attempt. */
  #reveal(shown: boolean): void {
    this.lesson.model.hidden = this.lesson.followUp.hidden = !shown;
  }

  /** The form, and above it how the last attempt went. */
  #write(): void {
    const last = this.#kept.attempts.at(-1);
    const how = last && { band: band(last.score), score: last.score, of: OUT_OF };
    const summary = how && say("teach.last-time", how);
    this.#form.above(...(last ? [h("p", {}, [summary ?? ""]), next(last.nextStep)] : []));
    this.#idle();
    this.#stage.replaceChildren(this.#form.element);
  }

  /** What can be done with the text now. */
  #idle(said = ""): void {
    const { grader } = this.lesson;
    this.#form.busy = this.#failed = false;
    this.#progress.say(said);
    const acts = {
      grade: () => this.#whenWritten(() => this.#send()),
      here: () => this.#whenWritten(() => void this.#grade(false)),
      yourself: () => this.#whenWritten(() => this.#markYourself()),
      withdraw: () => this.#withdraw(),
    };
    const agreed = grader !== null && this.shelf.agreed(grader);
    this.#form.below(...ways(this.lesson, agreed, acts));
  }

  #whenWritten(act: () => void): void {
    const excess = this.#form.excess;
    if (this.#form.text.trim() && !excess) return act();
    const shorten = say("teach.shorten", { count: excess, number: words.grouped(excess) });
    this.#progress.say(excess ? shorten : say("teach.write-first"));
    this.#form.focus();
  }

  /** Nothing is sent before the reader has agreed. */
  #send(): void {
    const grader = this.lesson.grader!;
    if (this.shelf.agreed(grader)) return void this.#grade(true);
    const panel = consent(this.lesson, {
      send: () => (this.shelf.agree(grader), void this.#grade(true)),
      here: () => void this.#grade(false),
      cancel: () => this.#back(say("teach.nothing-sent")),
    });
    this.#progress.say("");
    this.#form.below(panel);
    panel.querySelector<HTMLElement>(".cw-heading")?.focus();
  }

  #withdraw(): void {
    this.shelf.withdraw();
    this.#back(say("teach.withdrawn"));
  }

  async #grade(byService: boolean): Promise<void> {
    const ending = new AbortController();
    const end = () => ending.abort();
    this.signal.addEventListener("abort", end, { once: true });
    const answer = this.#form.text;
    const recipient = byService ? this.lesson.grader : null;
    const waiting = {
      began: (words: string, instead?: () => void) => this.#wait(words, end, instead),
      goesOn: ({ said, shown }: Words) => this.#progress.say(said, shown),
    };
    this.#form.busy = true;
    try {
      const { lesson } = this;
      const made = await graded(lesson, this.#rubric, answer, recipient, waiting, ending.signal);
      this.#finish(answer, made.grade, made.reason);
    } catch (error) {
      if (this.signal.aborted) return;
      if (ending.signal.aborted) this.#back(say("teach.cancelled"));
      else this.#fail(error, byService);
    } finally {
      this.signal.removeEventListener("abort", end);
    }
  }

  /** What goes on, and the buttons that end it. */
  #wait(words: string, end: () => void, instead?: () => void): void {
    const buttons = [quiet({ label: say("teach.cancel"), act: end })];
    if (instead) buttons.push(quiet({ label: say("teach.here-now"), act: instead }));
    const row = h("div", { class: "cw-actions" }, buttons);
    const had = this.#form.element.contains(document.activeElement);
    this.#form.below(row);
    this.#progress.say(words);
    if (had) buttons[0]?.focus(); // the button that was pressed is gone
  }

  #back(said: string): void {
    this.#idle(said);
    this.#form.focus();
  }

  #fail(error: unknown, byService: boolean): void {
    this.#idle();
    const why = error instanceof Error ? error.message : String(error);
    const words = say("teach.as-it-was", { why: sentence(why) });
    const box = failed(
      words,
      { label: say("teach.yourself"), act: () => this.#markYourself() },
      { label: say("python.try-again"), act: () => void this.#grade(byService) },
    );
    this.#failed = true;
    this.#form.below(box);
    box.querySelector("button")?.focus();
  }

  #markYourself(): void {
    const answer = this.#form.text;
    const view = selfMarking(this.lesson, answer, {
      done: (grade) => this.#finish(answer, grade, ""),
      back: () => this.#revise(),
    });
    this.lesson.model.hidden = true; // it stands in the view
    this.#stage.replaceChildren(view);
    view.querySelector<HTMLElement>(".cw-heading")?.focus();
  }

  #finish(answer: string, grade: Grade, reason: string): void {
    const before = this.#kept.attempts.at(-1);
    const now = attemptOf(grade);
    this.#kept = { ...this.#kept, attempts: [...this.#kept.attempts, now].slice(-2) };
    this.#save();
    this.shelf.done();
    this.#reveal(true);
    const parts = resultParts(this.lesson, answer, grade, reason);
    if (before) parts.push(comparison(this.lesson, before, now));
    const buttons = choices(
      { label: say("teach.revise"), act: () => this.#revise() },
      { label: say("teach.compare"), act: () => this.#openModel() },
    );
    const result = h("section", { class: "cw-result", "aria-label": say("teach.result") }, [
      ...parts,
      buttons,
    ]);
    this.#stage.replaceChildren(result);
    result.querySelector<HTMLElement>(".cw-heading")?.focus();
  }

  #revise(): void {
    this.#reveal(this.#kept.attempts.length > 0);
    this.#write();
    this.#form.focus();
  }

  #openModel(): void {
    const details = this.lesson.model.querySelector("details");
    if (details) details.open = true;
    details?.querySelector("summary")?.focus();
  }
}

function attemptOf({ score, criteria, misconceptions, nextStep, by }: Grade): Attempt {
  const verdicts = Object.fromEntries(criteria.map(({ id, verdict }) => [id, verdict]));
  return { score, verdicts, ideas: misconceptions.map(({ id }) => id), by: by.kind, nextStep };
}

/** Words as a sentence of their own. */
function sentence(words: string): string {
  const text = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
