/** A plain box for text: what code is written in until CodeMirror is there, or if it never comes. */

import { h } from "./dom.js";
import type { Acts, Surface } from "./surface.js";
import { say } from "./say.js";

const MOST_ROWS = 30;

export class PlainEditor implements Surface {
  readonly element = h("textarea", {
    class: "cw-code",
    "aria-label": say("editor.code"),
    spellcheck: "false",
    autocapitalize: "off",
    autocomplete: "off",
    wrap: "off",
  });
  /** Whether a character is being put together from several keys. */
  composing = false;

  constructor(
    code: string,
    private readonly acts: Acts,
  ) {
    const area = this.element;
    area.value = code;
    this.#fit();
    area.addEventListener("input", () => this.#changed());
    area.addEventListener("keydown", (event) => this.#onKey(event));
    area.addEventListener("compositionstart", () => (this.composing = true));
    area.addEventListener("compositionend", () => (this.composing = false));
  }

  get code(): string {
    return this.element.value;
  }

  set code(code: string) {
    this.element.value = code;
    this.#changed();
  }

  get focused(): boolean {
    return document.activeElement === this.element;
  }

  get selection(): [from: number, to: number] {
    return [this.element.selectionStart, this.element.selectionEnd];
  }

  set selection([from, to]) {
    this.element.setSelectionRange(from, to);
  }

  focus(): void {
    this.element.focus();
  }

  /** A plain box has no way to mark a line: the message says which it is. */
  mark(): void {}

  #changed(): void {
    this.#fit();
    this.acts.change();
  }

  #fit(): void {
    this.element.rows = Math.min(this.code.split("\n").length + 1, MOST_ROWS);
  }

  /** Ctrl or Shift with Enter runs; Tab leaves, as everywhere on the page. */
  #onKey(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey || event.shiftKey) this.acts.run();
    else this.#newLine();
  }

  /** A new line begins below the one before; in a way that can be undone. */
  #newLine(): void {
    const area = this.element;
    const text = `\n${indentation(area.value.slice(0, area.selectionStart))}`;
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only one that Undo knows
    if (document.execCommand("insertText", false, text)) return;
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    this.#changed();
  }
}

/** How far in a line begins that follows some code: as far as the last, or a step into its block. */
export function indentation(before: string): string {
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const spaces = /^ */.exec(line)?.[0] ?? "";
  return /:\s*(#.*)?$/.test(line) ? `${spaces}    ` : spaces;
}
