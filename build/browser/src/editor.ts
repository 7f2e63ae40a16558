/** Code that can be changed: coloured text until it is touched, then a plain box for text. */

import { h } from "./dom.js";

export class Editor {
  /** Called when the code has become another. */
  onChange: () => void = () => undefined;
  /** Called when the code is about to be run. */
  onRun: () => void = () => undefined;
  readonly #start: string;
  #area: HTMLTextAreaElement | null = null;

  constructor(
    private readonly box: HTMLElement,
    private readonly signal: AbortSignal,
    private readonly act: () => void,
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

  /** Whether the reader is at it. */
  get focused(): boolean {
    return this.#area !== null && document.activeElement === this.#area;
  }

  run(): void {
    this.onRun();
    this.act();
  }

  focus(): void {
    this.open();
    this.#area?.focus();
  }

  /** Puts something above the code. */
  before(node: Node): void {
    this.box.before(node);
  }

  /** Puts other code there; the focus stays where it is. */
  show(code: string): void {
    this.#area ??= this.#made();
    this.#area.value = code;
    this.#changed();
  }

  /** Puts the box for text in the place of the coloured text. */
  open(): void {
    if (this.#area) return;
    this.#area = this.#made();
    this.#area.focus();
  }

  #made(): HTMLTextAreaElement {
    const area = h("textarea", {
      class: "cw-code",
      "aria-label": "Python code",
      spellcheck: "false",
      autocapitalize: "off",
      autocomplete: "off",
      wrap: "off",
    });
    area.value = this.#start;
    fit(area);
    area.addEventListener("input", () => this.#changed(), { signal: this.signal });
    area.addEventListener("keydown", (event) => this.#onKey(event), { signal: this.signal });
    this.box.replaceChildren(area);
    return area;
  }

  /** Back to what the author wrote. */
  reset(): void {
    if (this.#area) this.show(this.#start);
  }

  #changed(): void {
    if (this.#area) fit(this.#area);
    this.onChange();
  }

  /** Ctrl or Shift with Enter runs; Tab leaves, as everywhere on the page. */
  #onKey(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey || event.shiftKey) this.run();
    else this.#newLine();
  }

  /** A new line begins below the one before; in a way that can be undone. */
  #newLine(): void {
    const area = this.#area;
    if (!area) return;
    const text = `\n${indentation(area.value.slice(0, area.selectionStart))}`;
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only one that Undo knows
    if (document.execCommand("insertText", false, text)) return;
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    this.#changed();
  }
}

function fit(area: HTMLTextAreaElement): void {
  area.rows = Math.min(area.value.split("\n").length + 1, 30);
}

/** How far in a line begins that follows some code: as far as the last, or a step into its block. */
export function indentation(before: string): string {
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const spaces = /^ */.exec(line)?.[0] ?? "";
  return /:\s*(#.*)?$/.test(line) ? `${spaces}    ` : spaces;
}

/** The code that stands in a part of the page, as it is now. */
export function textOf(root: Element): string {
  const area = root.querySelector<HTMLTextAreaElement>("textarea.cw-code");
  return area?.value ?? root.querySelector("pre")?.textContent.replace(/\n$/, "") ?? "";
}

/** Run and Reset; `wasReset` is called after the latter. */
export function editorButtons(
  editor: Editor,
  signal: AbortSignal,
  name = "Run",
  wasReset: () => void = () => undefined,
): HTMLElement {
  const runs = h("button", { type: "button", class: "cw-button" }, [name]);
  const resets = h("button", { type: "button", class: "cw-button cw-quiet" }, ["Reset"]);
  runs.addEventListener("click", () => editor.run(), { signal });
  const reset = () => {
    editor.reset();
    wasReset();
  };
  resets.addEventListener("click", reset, { signal });
  const buttons = h("div", { class: "cw-editor-buttons" }, [runs, resets]);
  signal.addEventListener("abort", () => buttons.remove());
  return buttons;
}
