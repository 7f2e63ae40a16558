/**
 * CodeMirror, loaded when code is first touched. It stands in a shadow root: there its styles are
 * adopted style sheets, which the page's policy allows; elsewhere they would be inline.
 */

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { looks } from "./code-looks.js";
import { marked, setMarks } from "./code-marks.js";
import { h } from "./dom.js";
import type { Acts, Surface } from "./surface.js";
import { say } from "./say.js";

const ATTRIBUTES = {
  "aria-label": say("editor.code"),
  spellcheck: "false",
  autocapitalize: "off",
  autocomplete: "off",
  autocorrect: "off",
};

export class CodeEditor implements Surface {
  readonly element = h("div", { class: "cw-code" });
  readonly #root = this.element.attachShadow({ mode: "open" });
  readonly #view: EditorView;

  /** `start` is what the author wrote: Undo leads back to it. */
  constructor(start: string, code: string, acts: Acts) {
    let taking = true;
    const changes = EditorView.updateListener.of(({ docChanged }) => {
      if (docChanged && !taking) acts.change();
    });
    const extensions = [commands(acts), editing, looks, marked, changes];
    this.#view = new EditorView({ root: this.#root, parent: this.#root, doc: start, extensions });
    this.code = code;
    taking = false;
  }

  get code(): string {
    return this.#view.state.doc.toString();
  }

  set code(code: string) {
    const { length } = this.#view.state.doc;
    if (code !== this.code) this.#view.dispatch({ changes: { from: 0, to: length, insert: code } });
  }

  get focused(): boolean {
    return this.#root.activeElement !== null;
  }

  get selection(): [from: number, to: number] {
    const { from, to } = this.#view.state.selection.main;
    return [from, to];
  }

  set selection([anchor, head]) {
    this.#view.dispatch({ selection: { anchor, head }, scrollIntoView: true });
  }

  focus(): void {
    this.#view.focus();
  }

  mark(lines: number[]): void {
    this.#view.dispatch({ effects: setMarks.of(lines) });
  }
}

/** Tab is bound to nothing: it leaves, as everywhere on the page. */
const editing = [
  keymap.of([...defaultKeymap, ...historyKeymap]),
  history(),
  pythonLanguage, // without its completions, which are as large as the rest
  indentUnit.of("    "),
  indentOnInput(),
  bracketMatching(),
  lineNumbers(),
  EditorView.contentAttributes.of(ATTRIBUTES),
  EditorView.domEventHandlers({ beforeinput: typeOver }),
];

/** Over a selection Chromium types in its colour, by an inline style, which the policy blocks. */
function typeOver({ inputType, data }: InputEvent, view: EditorView): boolean {
  const [from, to] = selectedIn(view);
  if (inputType !== "insertText" || data === null || view.composing || from === to) return false;
  const selection = { anchor: from + data.length };
  const changes = { from, to, insert: data };
  view.dispatch({ changes, selection, userEvent: "input.type", scrollIntoView: true });
  return true;
}

/** What is selected on the screen: the editor's own state may not have heard of it yet. */
function selectedIn(view: EditorView): [from: number, to: number] {
  const root = view.root as ShadowRoot & { getSelection?(): Selection | null }; // only Chromium's
  const selection = root.getSelection?.();
  if (!selection?.anchorNode || !selection.focusNode) return [0, 0];
  if (!view.contentDOM.contains(selection.anchorNode)) return [0, 0];
  const anchor = view.posAtDOM(selection.anchorNode, selection.anchorOffset);
  const focus = view.posAtDOM(selection.focusNode, selection.focusOffset);
  return [Math.min(anchor, focus), Math.max(anchor, focus)];
}

/** Ctrl or Shift with Enter runs. */
function commands(acts: Acts) {
  const run = () => (acts.run(), true);
  return keymap.of(["Mod-Enter", "Ctrl-Enter", "Shift-Enter"].map((key) => ({ key, run })));
}
