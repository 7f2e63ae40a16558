/** Edited code, kept with the hash of what the author wrote: it is there again after a reload. */

import { h } from "../dom.js";
import type { Editor } from "../editor.js";
import { hashOf } from "./hash.js";
import type { Store } from "./store.js";
import { subjectIn } from "./subject.js";
import { say } from "../say.js";

/** Restores what the reader wrote in a block, and keeps what they write from now on. */
export function keepCode(
  store: Store,
  root: HTMLElement,
  editor: Editor,
  signal: AbortSignal,
): void {
  const { lesson, block } = subjectIn(root);
  const template = hashOf(editor.original);
  // What is shown below is still of the author's code.
  const unrun = h("span", { class: "cw-unrun" }, [say("editor.unrun")]);
  const keep = () => {
    if (!editor.changed) unrun.remove();
    const value = editor.changed ? { code: editor.code, template } : null;
    store.set(lesson, block, "code", value);
  };
  const restore = () => {
    const kept = store.get(lesson, block, "code");
    const code = kept?.code ?? editor.original;
    if (code !== editor.code) {
      quietly(editor, () => editor.show(code));
      if (kept) root.querySelector(".cw-editor-buttons")?.append(unrun);
      else unrun.remove();
    }
    return kept;
  };
  if (editor.changed)
    keep(); // whoever was quicker than the storage is right
  else if (outdated(restore()?.template, template)) ask(editor, keep, signal);
  editor.onChange = keep;
  editor.onRun = () => unrun.remove();
  // While it is written here, another tab does not write into it.
  const heard = () => void (editor.focused || restore());
  store.watch(lesson, block, "code", heard, signal);
  signal.addEventListener("abort", () => {
    editor.onChange = editor.onRun = () => undefined;
    unrun.remove();
  });
}

/** What is shown because it was kept is no change of the reader's. */
function quietly(editor: Editor, act: () => void): void {
  const { onChange } = editor;
  editor.onChange = () => undefined;
  act();
  editor.onChange = onChange;
}

const outdated = (kept: string | undefined, now: string) => kept !== undefined && kept !== now;

/** Whose code is it to be? Nothing is lost before the reader has said so. */
function ask(editor: Editor, keep: () => void, signal: AbortSignal): void {
  const mine = h("button", { type: "button", class: "cw-button" }, [say("editor.keep-mine")]);
  const theirs = h("button", { type: "button", class: "cw-button" }, [say("editor.take-theirs")]);
  const buttons = h("div", { class: "cw-actions" }, [mine, theirs]);
  const box = h("div", { class: "cw-changed" }, [
    h("p", {}, [say("editor.author-changed")]),
    buttons,
  ]);
  const end = (act: () => void) => () => {
    act();
    box.remove();
    editor.focus();
  };
  mine.addEventListener("click", end(keep));
  theirs.addEventListener(
    "click",
    end(() => editor.reset()),
  );
  signal.addEventListener("abort", () => box.remove());
  editor.before(box);
}
