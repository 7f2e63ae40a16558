/** <cw-cards>: the cards of a lesson; those that were rated come back, by themselves or here. */

import { storeOf } from "./page.js";
import { rateable } from "./rate.js";
import { subjectIn } from "./subject.js";

export async function cards(root: HTMLElement, signal: AbortSignal): Promise<void> {
  const store = await storeOf(root.dataset["course"] ?? "");
  if (signal.aborted) return;
  for (const card of root.querySelectorAll<HTMLElement>(".cw-card")) {
    const details = card.querySelector("details");
    const { block } = subjectIn(card);
    const { lesson } = subjectIn(root);
    if (details) rateable(store, { lesson, block, details }, signal);
  }
}
