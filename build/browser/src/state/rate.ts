/** Below a card's answer: Again or Good, and then when it comes back. */

import { h } from "../dom.js";
import { comesBack, type Due, isDue } from "./due.js";
import type { Store } from "./store.js";
import { say } from "../say.js";

export interface Rateable extends Due {
  /** Holds the answer. */
  details: HTMLDetailsElement;
}

/** Offers to rate a card when its answer is shown; `rated`, here or in another tab, may go on. */
export function rateable(
  store: Store,
  { lesson, block, details }: Rateable,
  signal: AbortSignal,
  rated: () => void = () => undefined,
): void {
  const said = h("p", { class: "cw-comes", role: "status", tabindex: "-1" });
  const again = h("button", { type: "button", class: "cw-button" }, [say("cards.again")]);
  const good = h("button", { type: "button", class: "cw-button" }, [say("cards.good")]);
  const question = h("span", { class: "cw-did-you" }, [say("cards.did-you")]);
  const buttons = h("div", { class: "cw-actions cw-rate" }, [question, again, good]);
  details.after(buttons, said);
  const waiting = () => {
    const card = store.get(lesson, block, "card");
    return card && !isDue(card, Date.now()) ? card : null;
  };
  const show = () => {
    const card = waiting();
    buttons.hidden = card !== null || !details.open;
    const words = card ? comesBack(card, Date.now()) : "";
    if (said.textContent !== words) said.textContent = words;
  };
  const rate = async (remembered: boolean) => {
    const { scheduled } = await import("./fsrs.js");
    if (signal.aborted || waiting()) return; // a second click rates nothing
    const card = scheduled(store.get(lesson, block, "card"), remembered, Date.now());
    said.focus(); // the buttons are about to go
    store.set(lesson, block, "card", card);
  };
  const changed = () => {
    show();
    if (waiting()) rated();
  };
  again.addEventListener("click", () => void rate(false), { signal });
  good.addEventListener("click", () => void rate(true), { signal });
  const toggled = () => {
    if (details.open) store.set(lesson, block, "done", true);
    show();
  };
  details.addEventListener("toggle", toggled, { signal });
  store.watch(lesson, block, "card", changed, signal);
  signal.addEventListener("abort", () => (buttons.remove(), said.remove()));
  toggled(); // it may be open already
}
