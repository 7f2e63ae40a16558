/** A demo's own Python, below "Show the Python": it can be changed, and then that is asked. */

import type { Setting, Values } from "./controls.js";
import { Editor, editorButtons } from "./editor.js";
import { withStore } from "./state/here.js";
import { linesIn, told } from "./traceback.js";
import { say } from "./say.js";

export class EditableSource {
  readonly #editor: Editor | null;
  readonly #inline: boolean;
  readonly #file: string;
  #run: string | null = null;

  constructor(root: HTMLElement, signal: AbortSignal, ask: () => void) {
    const box = root.querySelector<HTMLElement>(".cw-source .highlight");
    const run = () => {
      this.adopt();
      ask();
    };
    this.#editor = box ? new Editor(box, signal, run) : null;
    // A demo whose code stands in the lesson is in no module: it is always asked with its code.
    this.#inline = "inline" in root.dataset;
    this.#file = `<${root.dataset["run"]?.split(":")[0]}.py>`;
    const wasReset = () => this.edited && run();
    const editor = this.#editor;
    if (!editor) return;
    box?.after(editorButtons(editor, signal, say("editor.run"), wasReset));
    withStore(root, (store, { keepCode }) => keepCode(store, root, editor, signal), signal);
  }

  /** The code as it was changed and run, or null. */
  get code(): string | null {
    return this.#run ?? (this.#inline ? (this.#editor?.original ?? null) : null);
  }

  get edited(): boolean {
    return this.#run !== null;
  }

  /** What the author wrote. */
  get original(): string {
    return this.#editor?.original ?? "";
  }

  /** The code that stands here, run or not. */
  get written(): string {
    return this.#editor?.code ?? "";
  }

  /** From now on the code that stands here is asked. */
  adopt(): void {
    this.#run = this.#editor?.changed ? this.#editor.code : null;
    this.#editor?.onRun();
  }

  /** What there is to say of it beside the controls' settings. */
  get settings(): Setting[] {
    return this.edited ? [{ name: "", words: say("demo.changed") }] : [];
  }

  /** Marks the lines that an error went through, if they stand here. */
  trace(traceback: string): string {
    const lines = this.code === null ? [] : linesIn(traceback, this.#file);
    this.#editor?.mark(lines);
    return told(lines);
  }

  call(run: string, values: Values, code: string | null): { target: string; args: Values } {
    if (code === null) return { target: run, args: values };
    return { target: "@edited", args: { run, code, arguments: values } };
  }
}
