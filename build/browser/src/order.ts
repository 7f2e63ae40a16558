/** A list whose items can be moved up and down, by buttons: mouse, finger and keyboard alike. */

import { h } from "./dom.js";
import { say } from "./say.js";

export function moveable(list: HTMLElement, signal: AbortSignal): void {
  for (const item of list.children) {
    const name = item.textContent.trim();
    item.append(mover("Up", name), mover("Down", name));
  }
  signal.addEventListener("abort", () => {
    for (const button of list.querySelectorAll("button")) button.remove();
  });
  mark(list);
  list.addEventListener(
    "click",
    (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      const item = button?.closest("li");
      if (button && item) move(list, item, button);
    },
    { signal },
  );
}

function mover(direction: "Up" | "Down", name: string): HTMLElement {
  const arrow = direction === "Up" ? "↑" : "↓";
  const label = say(direction === "Up" ? "quiz.up" : "quiz.down", { item: name });
  return h("button", { type: "button", "aria-label": label, "data-to": direction }, [arrow]);
}

function move(list: HTMLElement, item: HTMLElement, button: HTMLElement): void {
  if (button.dataset["to"] === "Up") item.previousElementSibling?.before(item);
  else item.nextElementSibling?.after(item);
  mark(list);
  const place = Array.from(list.children).indexOf(item) + 1;
  item.setAttribute("aria-label", say("quiz.place", { place, of: list.children.length }));
  // An item at the end cannot go further; the focus stays on it.
  const focused = (button as HTMLButtonElement).disabled
    ? item.querySelector<HTMLElement>("button:not([disabled])")
    : button;
  focused?.focus();
  list.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Puts the items in a given order, if it is one of them all. */
export function reorder(list: HTMLElement, order: number[]): void {
  const items = new Map(Array.from(list.children, (item) => [numberOf(item), item]));
  const found = order.flatMap((number) => items.get(number) ?? []);
  if (new Set(found).size !== items.size) return;
  list.append(...found);
  mark(list);
}

const numberOf = (item: Element) => Number((item as HTMLElement).dataset["item"]);

/** The first cannot go up, the last not down. */
function mark(list: HTMLElement): void {
  for (const button of list.querySelectorAll("button")) {
    const end = button.dataset["to"] === "Up" ? list.firstElementChild : list.lastElementChild;
    button.disabled = button.closest("li") === end;
  }
}
