/** The cards that are due, one after another; their texts come from the site when they are wanted. */

import { h } from "../dom.js";
import { isObject } from "../protocol.js";
import type { Due } from "./due.js";
import { nodesOf } from "./markup.js";
import { rateable } from "./rate.js";
import type { Store } from "./store.js";
import { say } from "../say.js";

type Texts = Record<string, unknown>;

export function review(
  box: HTMLElement,
  due: Due[],
  site: URL,
  store: Store,
  signal: AbortSignal,
): void {
  const files = new Map<string, Promise<Texts>>();
  const textsOf = (lesson: string) => {
    const known =
      files.get(lesson) ?? fetchTexts(new URL(`assets/reader/cards/${lesson}.json`, site));
    files.set(lesson, known);
    return known;
  };
  const title = h("p", { class: "cw-heading", tabindex: "-1" });
  const place = h("div", { class: "cw-review-card" });
  const next = h("button", { type: "button", class: "cw-button cw-main" }, [say("cards.next")]);
  const below = h("div", { class: "cw-actions" }, [next]);
  box.replaceChildren(h("div", { class: "cw-review" }, [title, place, below]));
  let index = -1;
  const show = async () => {
    below.hidden = true;
    const card = due[++index];
    if (!card) return end(title, place);
    title.textContent = say("cards.card-of", { card: index + 1, of: due.length });
    const base = new URL(`lessons/${card.lesson}/`, site);
    const texts = await textsOf(card.lesson).catch((): Texts => ({}));
    if (signal.aborted) return;
    const details = fillCard(place, texts[card.block], base);
    const rated = () => {
      below.hidden = false;
      next.textContent = say(due[index + 1] ? "cards.next" : "cards.done");
      next.focus();
    };
    if (details) rateable(store, { ...card, details }, signal, rated);
    else below.hidden = false;
    title.focus();
  };
  next.addEventListener("click", () => void show(), { signal });
  void show();
}

async function fetchTexts(address: URL): Promise<Texts> {
  const response = await fetch(address, { cache: "no-cache" });
  const texts: unknown = await response.json();
  return isObject(texts) ? texts : {};
}

/** Shows a card as in its lesson; null if it is not there any more. */
function fillCard(place: HTMLElement, texts: unknown, base: URL): HTMLDetailsElement | null {
  const [front, back]: unknown[] = Array.isArray(texts) ? texts : [];
  if (typeof front !== "string" || typeof back !== "string") {
    place.replaceChildren(h("p", {}, [say("cards.not-loaded")]));
    return null;
  }
  const summary = h("summary", {}, [say("cards.show")]);
  const details = h("details", { class: "cw-answer" }, [summary, ...nodesOf(back, base)]);
  const shown = h("div", { class: "cw-front" }, nodesOf(front, base));
  place.replaceChildren(h("div", { class: "cw-card" }, [shown, details]));
  return details;
}

function end(title: HTMLElement, place: HTMLElement): void {
  title.textContent = say("cards.last");
  place.replaceChildren();
  title.focus();
}
