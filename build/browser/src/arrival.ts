/** A reader who comes by a link to a demo's settings finds them set; Python runs when they say so. */

import { settingsIn } from "./address.js";
import type { Controls } from "./controls.js";
import { h } from "./dom.js";
import { say } from "./say.js";

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

/** Looks at the page's address, now and whenever it changes; tells what does not fit the demo. */
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
    const words = [
      asks ? this.#offering() : "",
      misfits > 0 ? say("arrival.left-out", { count: misfits }) : "",
    ];
    const text = words.filter(Boolean).join(" ");
    if (!text) return;
    const said = h("p", { role: "status" });
    this.#note = h("div", { class: "cw-arrival" }, asks ? [said, this.#button()] : [said]);
    this.parts.screen.before(this.#note);
    said.textContent = text; // now that it is in the page, it is announced
  }

  #offering(): string {
    const cost = this.parts.cost();
    return cost ? say("arrival.settings-cost", { cost }) : say("arrival.settings");
  }

  #button(): HTMLElement {
    const button = h("button", { type: "button", class: "cw-button cw-main" }, [
      say("arrival.run"),
    ]);
    button.addEventListener("click", () => this.parts.run());
    return button;
  }
}

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
