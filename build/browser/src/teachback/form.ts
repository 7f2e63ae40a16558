/** Where an explanation is written: the text, how long it is, whether it is kept, what to do next. */

import { h } from "../dom.js";
import { MOST_CHARACTERS } from "./grade.js";
import { say, words } from "../say.js";

export interface Choice {
  label: string;
  act: () => void;
}

const NAMES = { text: "teach_back_text", count: "teach_back_count", kept: "teach_back_kept" };

export class Form {
  readonly element: HTMLElement;
  readonly #area = h("textarea", {
    id: NAMES.text,
    class: "cw-explanation",
    rows: "7",
    "aria-describedby": `${NAMES.count} ${NAMES.kept}`,
  });
  readonly #count = h("span", { id: NAMES.count, class: "cw-count" });
  readonly #kept = h("span", { id: NAMES.kept });
  readonly #before = h("div", { class: "cw-before" });
  readonly #below = h("div", { class: "cw-below" });

  /** `status` is the line in which is said what goes on. */
  constructor(draft: string, status: HTMLElement, changed: () => void, signal: AbortSignal) {
    this.#area.value = draft;
    this.#area.addEventListener("input", () => (this.#measure(), changed()), { signal });
    this.#measure();
    const under = h("p", { class: "cw-under" }, [this.#kept, this.#count]);
    const label = h("label", { class: "cw-label", for: NAMES.text }, [say("teach.label")]);
    const parts = [this.#before, label, this.#area, under, status, this.#below];
    this.element = h("div", { class: "cw-write" }, parts);
  }

  get text(): string {
    return this.#area.value;
  }

  set text(text: string) {
    if (text === this.text) return;
    this.#area.value = text;
    this.#measure();
  }

  /** Whether the text is being written, or waits to be judged. */
  get atWork(): boolean {
    return document.activeElement === this.#area || this.#area.readOnly;
  }

  /** How many characters too long it is, as Python counts them. */
  get excess(): number {
    return Math.max(0, [...this.text].length - MOST_CHARACTERS);
  }

  set keeps(keeps: boolean) {
    const words = say(keeps ? "teach.kept" : "teach.not-kept");
    if (this.#kept.textContent !== words) this.#kept.textContent = words;
    this.#kept.classList.toggle("cw-not-kept", !keeps);
  }

  /** While it is being graded the text stays as it was sent. */
  set busy(busy: boolean) {
    this.#area.readOnly = busy;
  }

  /** What stands above the text: how the last attempt went. */
  above(...nodes: Node[]): void {
    this.#before.replaceChildren(...nodes);
  }

  /** What stands below it: buttons, a question, or what goes on. */
  below(...nodes: Node[]): void {
    this.#below.replaceChildren(...nodes);
  }

  focus(): void {
    this.#area.focus();
  }

  #measure(): void {
    const length = [...this.text].length;
    const over = this.excess;
    this.#count.textContent = say(over ? "teach.too-long" : "teach.characters", {
      length: words.grouped(length),
      most: words.grouped(MOST_CHARACTERS),
      excess: words.grouped(over),
    });
    this.#count.classList.toggle("cw-over", over > 0);
    this.#area.setAttribute("aria-invalid", String(over > 0));
  }
}

/** Buttons in a row: the first is the one to press. */
export function choices(...offered: Choice[]): HTMLElement {
  const buttons = offered.map(({ label, act }, i) => {
    const name = i === 0 ? "cw-button cw-main" : "cw-button";
    const button = h("button", { type: "button", class: name }, [label]);
    button.addEventListener("click", act);
    return button;
  });
  return h("div", { class: "cw-actions" }, buttons);
}

/** A button that reads like a link, for what is not the next thing to do. */
export function quiet({ label, act }: Choice): HTMLElement {
  const button = h("button", { type: "button", class: "cw-textual" }, [label]);
  button.addEventListener("click", act);
  return button;
}

/** A heading that takes the focus when its part of the page appears. */
export function heading(...words: (Node | string)[]): HTMLElement {
  return h("h3", { class: "cw-heading", tabindex: "-1" }, words);
}
