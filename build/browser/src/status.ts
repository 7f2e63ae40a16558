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

  constructor(foot: HTMLElement, signal: AbortSignal) {
    this.#line = foot.querySelector<HTMLElement>(".cw-status") ?? h("p", { role: "status" });
    foot.append(this.#spoken);
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

  offer(label: string, act: () => void): void {
    this.withdraw();
    this.#button = h("button", { type: "button", class: "cw-button" }, [label]);
    this.#button.addEventListener("click", act);
    this.#line.before(this.#button);
  }

  withdraw(): void {
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
