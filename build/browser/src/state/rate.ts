/** Below a card's answer: Again or Good, and then when it comes back. */

import { h } from "../dom.js";
import { comesBack, type Due, isDue } from "./due.js";
import type { Store } from "./store.js";

export interface Rateable extends Due {
  /** Holds the answer. */
  details: HTMLDetailsElement;
}

/** Offers to rate a card when its answer is shown; `rated` may say what comes next. */
export function rateable(
  store: Store,
  { lesson, block, details }: Rateable,
  signal: AbortSignal,
  rated: () => void = () => undefined,
): void {
  const said = h("p", { class: "cw-comes", role: "status", tabindex: "-1" });
  const again = h("button", { type: "button", class: "cw-button" }, ["Again"]);
  const good = h("button", { type: "button", class: "cw-button" }, ["Good"]);
  const question = h("span", { class: "cw-did-you" }, ["Did you know it?"]);
  const buttons = h("div", { class: "cw-actions cw-rate" }, [question, again, good]);
  details.after(buttons, said);
  const show = () => {
    const card = store.get(lesson, block, "card");
    const waits = card !== null && !isDue(card, Date.now());
    buttons.hidden = waits || !details.open;
    const words = waits ? comesBack(card, Date.now()) : "";
    if (said.textContent !== words) said.textContent = words;
  };
  const rate = async (remembered: boolean) => {
    const { scheduled } = await import("./fsrs.js");
    if (signal.aborted) return;
    const card = scheduled(store.get(lesson, block, "card"), remembered, Date.now());
    store.set(lesson, block, "card", card);
    said.focus(); // the buttons are gone
    rated();
  };
  again.addEventListener("click", () => void rate(false), { signal });
  good.addEventListener("click", () => void rate(true), { signal });
  const toggled = () => {
    if (details.open) store.set(lesson, block, "done", true);
    show();
  };
  details.addEventListener("toggle", toggled, { signal });
  store.watch(lesson, block, "card", show, signal);
  signal.addEventListener("abort", () => (buttons.remove(), said.remove()));
  toggled(); // it may be open already
}
