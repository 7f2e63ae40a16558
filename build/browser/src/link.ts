/** "Copy link": an address of this page that carries a demo's settings. */

import { fragmentOf } from "./address.js";
import type { Controls } from "./controls.js";
import { h } from "./dom.js";
import type { StatusLine } from "./status.js";
import { say } from "./say.js";

const COPIED_MILLISECONDS = 3000;

interface LinkParts {
  root: HTMLElement;
  controls: Controls | null;
  /** Where the button stands. */
  actions: HTMLElement;
  line: StatusLine;
  edited: () => boolean;
}

/** The button that copies the link. */
export function offerLink(parts: LinkParts, signal: AbortSignal): void {
  const { root, controls, actions, line, edited } = parts;
  const button = h("button", { type: "button", class: "cw-button" }, [say("link.copy")]);
  let back: ReturnType<typeof setTimeout> | undefined;
  const copy = async () => {
    const url = new URL(location.href);
    url.search = ""; // what was searched for, perhaps
    url.hash = fragmentOf(root.id, controls?.moved ?? []);
    actions.querySelector("input")?.remove();
    if (!(await copied(url.href))) return showField(actions, url.href);
    const words = say(edited() ? "link.copied-without" : "link.copied");
    button.textContent = words;
    line.speakSoon(words);
    clearTimeout(back);
    back = setTimeout(() => (button.textContent = say("link.copy")), COPIED_MILLISECONDS);
  };
  button.addEventListener("click", () => void copy(), { signal });
  // A link shown to be copied by hand is one to the settings as they were.
  const moves = ({ target }: Event) => {
    if (!actions.contains(target as Node)) actions.querySelector("input")?.remove();
  };
  for (const type of ["input", "click"]) root.addEventListener(type, moves, { signal });
  signal.addEventListener("abort", () => clearTimeout(back));
  actions.append(button);
}

/** Whether the text is on the clipboard now; a browser may refuse, and off https there is none. */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** The link to be copied by hand. */
function showField(actions: HTMLElement, url: string): void {
  const label = say("link.field");
  const field = h("input", { type: "text", class: "cw-link", readonly: "", "aria-label": label });
  field.value = url;
  actions.append(field);
  field.select();
}
