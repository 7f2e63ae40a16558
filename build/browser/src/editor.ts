/** Code that can be changed: coloured text until it is touched, then a plain box for text. */

import { h } from "./dom.js";

export class Editor {
  readonly #start: string;
  #area: HTMLTextAreaElement | null = null;

  constructor(
    private readonly box: HTMLElement,
    private readonly signal: AbortSignal,
    private readonly run: () => void,
  ) {
    this.#start = textOf(box);
    for (const type of ["click", "focusin"]) {
      box.addEventListener(type, () => this.open(), { signal });
    }
  }

  get code(): string {
    return this.#area?.value ?? this.#start;
  }

  /** What the author wrote. */
  get original(): string {
    return this.#start;
  }

  get changed(): boolean {
    return this.code !== this.#start;
  }

  /** Puts the box for text in the place of the coloured text. */
  open(): void {
    if (this.#area) return;
    const area = h("textarea", {
      class: "cw-code",
      "aria-label": "Python code",
      spellcheck: "false",
      autocapitalize: "off",
      autocomplete: "off",
      wrap: "off",
    });
    area.value = this.#start;
    this.#area = area;
    this.#fit();
    area.addEventListener("input", () => this.#fit(), { signal: this.signal });
    area.addEventListener("keydown", (event) => this.#onKey(event), { signal: this.signal });
    this.box.replaceChildren(area);
    area.focus();
  }

  /** Back to what the author wrote. */
  reset(): void {
    if (!this.#area) return;
    this.#area.value = this.#start;
    this.#fit();
  }

  #fit(): void {
    if (this.#area) this.#area.rows = Math.min(this.#area.value.split("\n").length + 1, 30);
  }

  /** Ctrl or Shift with Enter runs; Tab leaves, as everywhere on the page. */
  #onKey(event: KeyboardEvent): void {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey || event.shiftKey)) return;
    event.preventDefault();
    this.run();
  }
}

/** The code that stands in a part of the page, as it is now. */
export function textOf(root: Element): string {
  const area = root.querySelector<HTMLTextAreaElement>("textarea.cw-code");
  return area?.value ?? root.querySelector("pre")?.textContent.replace(/\n$/, "") ?? "";
}

/** Run and Reset. */
export function editorButtons(
  editor: Editor,
  run: () => void,
  signal: AbortSignal,
  name = "Run",
): HTMLElement {
  const runs = h("button", { type: "button", class: "cw-button" }, [name]);
  const resets = h("button", { type: "button", class: "cw-button cw-quiet" }, ["Reset"]);
  runs.addEventListener("click", run, { signal });
  resets.addEventListener("click", () => editor.reset(), { signal });
  const buttons = h("div", { class: "cw-editor-buttons" }, [runs, resets]);
  signal.addEventListener("abort", () => buttons.remove());
  return buttons;
}
