/** <cw-cell>: Python a reader can change and run; the cells of a lesson share their names. */

import { addressIn, h } from "./dom.js";
import { Editor, editorButtons, editorIn, textOf } from "./editor.js";
import { Outputs } from "./outputs.js";
import { isBare } from "./runtime.js";
import { Session } from "./session.js";
import { did, withStore } from "./state/here.js";
import { StatusLine } from "./status.js";
import { linesIn, told } from "./traceback.js";
import { invitation } from "./words.js";
import { say } from "./say.js";

export function enhanceCell(root: HTMLElement, signal: AbortSignal): void {
  const box = root.querySelector<HTMLElement>(".highlight");
  const screen = root.querySelector<HTMLElement>(".cw-outputs");
  const foot = root.querySelector<HTMLElement>(".cw-foot");
  if (!box || !screen || !foot) return;
  const values = () => ({
    lesson: root.dataset["lesson"] ?? "",
    name: root.id,
    code: editor.code,
    above: cellsAbove(root),
  });
  const run = () => {
    did(root);
    session.ask(values());
  };
  const editor = new Editor(box, signal, run);
  const bytes = Number(root.dataset["bytes"]);
  const session = new Session({
    call: (args) => ({ target: "@cell", args }),
    again: say("python.run-again"),
    bare: (args) => isBare("@cell", args),
    runtime: addressIn(root, "runtime"),
    start: values(),
    outputs: new Outputs(screen, signal),
    line: new StatusLine(foot, invitation(bytes, "cell"), signal),
    signal,
    trace: (traceback) => markLines(root, traceback),
  });
  const buttons = editorButtons(editor, signal);
  if (above(root).length > 0) buttons.lastElementChild?.before(runAbove(root, signal));
  box.after(buttons);
  withStore(root, (store, { keepCode }) => keepCode(store, root, editor, signal), signal);
}

/** The cells of the page that stand above one. */
function above(root: HTMLElement): HTMLElement[] {
  const all = Array.from(document.querySelectorAll<HTMLElement>("cw-cell"));
  return all.slice(0, all.indexOf(root));
}

/** The code of the cells above, by id; Python runs those that it has not run yet. */
function cellsAbove(root: HTMLElement): Record<string, string> {
  return Object.fromEntries(above(root).map((cell) => [cell.id, textOf(cell)]));
}

/** A button that runs the cells above, each again, from the first on. */
function runAbove(root: HTMLElement, signal: AbortSignal): HTMLElement {
  const button = h("button", { type: "button", class: "cw-button" }, [say("cell.run-above")]);
  const run = () => above(root).forEach((cell) => editorIn(cell)?.run());
  button.addEventListener("click", run, { signal });
  return button;
}

/** Marks the lines that an error went through: it may have been raised by a cell above. */
function markLines(root: HTMLElement, traceback: string): string {
  for (const cell of above(root)) {
    const lines = linesIn(traceback, fileOf(cell));
    if (lines.length > 0) editorIn(cell)?.mark(lines);
  }
  const own = linesIn(traceback, fileOf(root));
  editorIn(root)?.mark(own);
  return told(own);
}

/** What Python calls the file that a cell is. */
const fileOf = (cell: HTMLElement) => `<cell ${cell.id}>`;
