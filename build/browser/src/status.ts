/** The quiet line in a demo's foot: what Python is doing, and the one button that may help. */

import { h } from "./dom.js";
import type { Words } from "./words.js";

const SPEAK_MILLISECONDS = 500;

export class StatusLine {
  readonly #said = h("span");
  // Numbers that change all the time: seen, not announced.
  readonly #shown = h("span", { "aria-hidden": "true" });
  readonly #spoken = h("p", { class: "cw-spoken", "aria-live": "polite" });
  readonly #line: HTMLElement;
  #button: HTMLButtonElement | null = null;
  #speaking: ReturnType<typeof setTimeout> | undefined;

  constructor(foot: HTMLElement, first: string, signal: AbortSignal) {
    this.#line = foot.querySelector<HTMLElement>(".cw-status") ?? h("p", { class: "cw-status" });
    this.#line.textContent = first;
    this.#line.setAttribute("role", "status"); // only now: what stands there is not to be announced
    this.#line.tabIndex = -1;
    foot.append(this.#line, this.#spoken);
    signal.addEventListener("abort", () => {
      clearTimeout(this.#speaking);
      this.#spoken.remove();
      this.withdraw();
    });
  }

  show({ said, shown }: Words): void {
    if (!this.#said.isConnected) this.#line.replaceChildren(this.#said, this.#shown);
    setText(this.#said, said);
    setText(this.#shown, shown);
  }

  /** A button; whoever pressed the last one, and waits at the line, finds it under their hand. */
  offer(label: string, act: () => void): void {
    this.withdraw();
    this.#button = h("button", { type: "button", class: "cw-button" }, [label]);
    this.#button.addEventListener("click", act);
    this.#line.before(this.#button);
    if (document.activeElement === this.#line) this.#button.focus();
  }

  /** Takes the button away. Focus does not fall to the page's top, but stays beside it. */
  withdraw(): void {
    if (this.#button && document.activeElement === this.#button) this.#line.focus();
    this.#button?.remove();
    this.#button = null;
  }

  /** Said once the values rest: a live region on every tick would never fall silent. */
  speakSoon(words: string): void {
    clearTimeout(this.#speaking);
    this.#speaking = setTimeout(() => setText(this.#spoken, words), SPEAK_MILLISECONDS);
  }
}

function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
