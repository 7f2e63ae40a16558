/** "Copy link": an address of this page that carries a demo's settings, and arriving by one. */

import { fragmentOf, settingsIn } from "./address.js";
import type { Controls } from "./controls.js";
import { h } from "./dom.js";
import type { StatusLine } from "./status.js";

const COPIED_MILLISECONDS = 3000;

interface CopyParts {
  root: HTMLElement;
  controls: Controls | null;
  /** Where the button stands. */
  actions: HTMLElement;
  line: StatusLine;
  edited: () => boolean;
}

/** The button that copies the link. */
export function offerLink(parts: CopyParts, signal: AbortSignal): void {
  const { root, controls, actions, line, edited } = parts;
  const button = h("button", { type: "button", class: "cw-button" }, ["Copy link"]);
  let back: ReturnType<typeof setTimeout> | undefined;
  const copy = async () => {
    const url = new URL(location.href);
    url.search = ""; // what was searched for, perhaps
    url.hash = fragmentOf(root.id, controls?.moved ?? []);
    actions.querySelector("input")?.remove();
    if (!(await copied(url.href))) return showField(actions, url.href);
    const words = edited() ? "Link copied, without your Python" : "Link copied";
    button.textContent = words;
    line.speakSoon(words);
    clearTimeout(back);
    back = setTimeout(() => (button.textContent = "Copy link"), COPIED_MILLISECONDS);
  };
  button.addEventListener("click", () => void copy(), { signal });
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
  const label = "Link to these settings, to copy";
  const field = h("input", { type: "text", class: "cw-link", readonly: "", "aria-label": label });
  field.value = url;
  actions.append(field);
  field.select();
}

interface ArrivalParts {
  root: HTMLElement;
  /** Stands above what the demo shows. */
  screen: HTMLElement;
  controls: Controls | null;
  /** The controls have just been set. */
  set: () => void;
  /** Whether the answer to the controls is shown: as it was, or because it takes no Python. */
  isAnswered: () => Promise<boolean>;
  run: () => void;
  /** What running would load, in words. */
  cost: () => string;
}

/** A reader who comes by a link to a demo's settings finds them set, and what does not fit told. */
export class Arrival {
  #note: HTMLElement | null = null;

  constructor(
    private readonly parts: ArrivalParts,
    signal: AbortSignal,
  ) {
    const look = () => void this.#arrive();
    window.addEventListener("hashchange", look, { signal });
    signal.addEventListener("abort", () => this.end());
    look();
  }

  /** The reader has gone on: what was said of the link is over. */
  end(): void {
    if (this.#note?.contains(document.activeElement)) focusTitle(this.parts.root);
    this.#note?.remove();
    this.#note = null;
  }

  async #arrive(): Promise<void> {
    const { root, controls, set, isAnswered } = this.parts;
    const given = settingsIn(location.hash.slice(1), root.id);
    if (!given) return;
    const misfits = controls?.take(given) ?? given.size;
    set();
    await Promise.resolve(); // the rest of the page takes its room first
    goTo(root);
    this.#tell(misfits, !(await isAnswered()));
  }

  #tell(misfits: number, asks: boolean): void {
    this.end();
    const words = [misfits > 0 ? leftOut(misfits) : "", asks ? this.#offering() : ""];
    const text = words.filter(Boolean).join(" ");
    if (!text) return;
    const said = h("p", { role: "status" });
    this.#note = h("div", { class: "cw-arrival" }, asks ? [said, this.#button()] : [said]);
    this.parts.screen.before(this.#note);
    said.textContent = text; // now that it is in the page, it is announced
  }

  #offering(): string {
    const cost = this.parts.cost();
    return `The controls stand as in the link; below is not their answer yet.${cost && ` ${cost}.`}`;
  }

  #button(): HTMLElement {
    const button = h("button", { type: "button", class: "cw-button cw-main" }, [
      "Run these settings",
    ]);
    button.addEventListener("click", () => this.parts.run());
    return button;
  }
}

const leftOut = (count: number) =>
  count === 1
    ? "One setting in the link does not fit this demo and was left out."
    : `${count} settings in the link do not fit this demo and were left out.`;

/** What a browser does for an address that names a part of the page. */
function goTo(root: HTMLElement): void {
  root.scrollIntoView();
  focusTitle(root);
}

function focusTitle(root: HTMLElement): void {
  const title = root.querySelector<HTMLElement>(".cw-demo-head h3");
  if (!title) return;
  title.tabIndex = -1;
  title.focus({ preventScroll: true });
}
