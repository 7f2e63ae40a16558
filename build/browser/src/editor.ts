/**
 * Code that can be changed. It is coloured text until it is touched, then a plain box for text, and
 * CodeMirror as soon as that has come; where it does not come, the plain box stays.
 */

import { h } from "./dom.js";
import { PlainEditor } from "./plain-editor.js";
import type { Acts, Surface } from "./surface.js";
import { say } from "./say.js";

const editors = new WeakMap<Element, Editor>();

export class Editor {
  /** Called when the code has become another. */
  onChange: () => void = () => undefined;
  /** Called when the code is about to be run. */
  onRun: () => void = () => undefined;
  readonly #start: string;
  readonly #acts: Acts = { change: () => this.onChange(), run: () => this.run() };
  #surface: Surface | null = null;
  #upgrading: Promise<void> | null = null;

  constructor(
    private readonly box: HTMLElement,
    private readonly signal: AbortSignal,
    private readonly act: () => void,
  ) {
    this.#start = writtenIn(box);
    editors.set(box, this);
    box.addEventListener("click", () => this.open(), { signal });
    // A pointer that is pressed may be about to select text: only its click opens.
    const reached = ({ target }: Event) => (target as Element).matches(":focus-visible");
    box.addEventListener("focusin", (event) => reached(event) && this.open(), { signal });
  }

  get code(): string {
    return this.#surface?.code ?? this.#start;
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
    return this.#surface?.focused ?? false;
  }

  run(): void {
    this.onRun();
    this.mark([]);
    this.act();
  }

  focus(): void {
    this.open();
    this.#surface?.focus();
  }

  /** Puts something above the code. */
  before(node: Node): void {
    this.box.before(node);
  }

  /** Puts other code there; the focus stays where it is. */
  show(code: string): void {
    this.#plain().code = code;
  }

  /** Marks lines that went wrong. */
  mark(lines: number[]): void {
    if (lines.length === 0) return this.#surface?.mark([]);
    this.#plain();
    void this.#upgrade().then(() => this.#surface?.mark(lines));
  }

  /** Puts an editor in the place of the coloured text, with the caret where that was touched. */
  open(): void {
    if (!this.#surface) {
      const caret = caretIn(this.box);
      const surface = this.#plain();
      surface.selection = [caret, caret];
      surface.focus();
    }
    void this.#upgrade();
  }

  /** Back to what the author wrote. */
  reset(): void {
    this.mark([]);
    if (this.#surface) this.show(this.#start);
  }

  #plain(): Surface {
    if (this.#surface) return this.#surface;
    this.#surface = new PlainEditor(this.#start, this.#acts);
    this.box.replaceChildren(this.#surface.element);
    return this.#surface;
  }

  /** CodeMirror in the place of the plain box, once; without a connection it is tried again later. */
  #upgrade(): Promise<void> {
    this.#upgrading ??= this.#replace().catch(() => void (this.#upgrading = null));
    return this.#upgrading;
  }

  async #replace(): Promise<void> {
    const { CodeEditor } = await import("./code-editor.js");
    const plain = this.#surface;
    if (!(plain instanceof PlainEditor) || this.signal.aborted) return;
    if (plain.composing) await once(plain.element, "compositionend");
    const { code, selection, focused } = plain;
    const surface = new CodeEditor(this.#start, code, this.#acts);
    this.#surface = surface;
    this.box.replaceChildren(surface.element);
    surface.selection = selection;
    if (focused) surface.focus();
  }
}

const once = (element: HTMLElement, type: string) =>
  new Promise((resolve) => element.addEventListener(type, resolve, { once: true }));

/** The code in a part of the page as its author wrote it. */
const writtenIn = (root: Element) =>
  root.querySelector("pre")?.textContent.replace(/\n$/, "") ?? "";

/** Where in the coloured text the reader has clicked, in characters; its beginning if they did not. */
function caretIn(box: HTMLElement): number {
  const pre = box.querySelector("pre");
  const selection = getSelection();
  if (!pre || !selection?.focusNode || !pre.contains(selection.focusNode)) return 0;
  const before = document.createRange();
  before.setStart(pre, 0);
  before.setEnd(selection.focusNode, selection.focusOffset);
  return before.toString().length;
}

/** The editor of a part of the page that is one's own code: a cell, say. */
export function editorIn(root: Element): Editor | undefined {
  const box = root.querySelector(".highlight");
  return box ? editors.get(box) : undefined;
}

/** The code that stands in a part of the page, as it is now. */
export const textOf = (root: Element) => editorIn(root)?.code ?? writtenIn(root);

/** Run and Reset; `wasReset` is called after the latter. */
export function editorButtons(
  editor: Editor,
  signal: AbortSignal,
  name = say("editor.run"),
  wasReset: () => void = () => undefined,
): HTMLElement {
  const runs = h("button", { type: "button", class: "cw-button" }, [name]);
  const resets = h("button", { type: "button", class: "cw-button cw-quiet" }, [
    say("editor.reset"),
  ]);
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
