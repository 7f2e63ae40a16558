/** Which cards are due, and when the others come back, in words. By days: 23 hours are no reason to wait. */

import type { Scheduled } from "./kinds.js";
import type { Store } from "./store.js";
import { say } from "../say.js";

const DAY_MILLISECONDS = 86_400_000;

export interface Due {
  lesson: string;
  block: string;
}

/** Days from a time's day until another's, where the reader is. */
export function daysUntil(time: number, now: number): number {
  const [then, today] = [new Date(time), new Date(now)].map((date) => date.setHours(0, 0, 0, 0));
  return Math.round((then! - today!) / DAY_MILLISECONDS); // a day may have 23 or 25 hours
}

export const isDue = ({ due }: Scheduled, now: number) => daysUntil(due, now) <= 0;

export function comesBack({ due }: Scheduled, now: number): string {
  const days = daysUntil(due, now);
  if (days <= 0) return say("cards.back-today");
  return days === 1 ? say("cards.back-tomorrow") : say("cards.back", { count: days });
}

/** The cards of a course that are due, the one that waits longest first. */
export function dueIn(store: Store, now: number): Due[] {
  const found: (Due & { due: number })[] = [];
  for (const [{ lesson, block, kind }] of store.all()) {
    const card = kind === "card" ? store.get(lesson, block, kind) : null;
    if (card && isDue(card, now)) found.push({ lesson, block, due: card.due });
  }
  return found.sort((a, b) => a.due - b.due);
}
