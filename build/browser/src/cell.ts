/** <cw-cell>: Python a reader can change and run; the cells of a lesson share their names. */

import { addressIn } from "./dom.js";
import { Editor, editorButtons, textOf } from "./editor.js";
import { Outputs } from "./outputs.js";
import { Session } from "./session.js";
import { did, withStore } from "./state/here.js";
import { StatusLine } from "./status.js";
import { invitation } from "./words.js";

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
    runtime: addressIn(root, "runtime"),
    start: values(),
    outputs: new Outputs(screen, signal),
    line: new StatusLine(foot, invitation(bytes, "run this"), signal),
    signal,
  });
  box.after(editorButtons(editor, signal));
  withStore(root, (store, { keepCode }) => keepCode(store, root, editor, signal), signal);
}

/** The code of the cells above, by id; Python runs those that it has not run yet. */
function cellsAbove(root: HTMLElement): Record<string, string> {
  const all = Array.from(document.querySelectorAll<HTMLElement>("cw-cell"));
  const above = all.slice(0, all.indexOf(root));
  return Object.fromEntries(above.map((cell) => [cell.id, textOf(cell)]));
}
