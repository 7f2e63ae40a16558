/**
 * When a card comes back: FSRS with its default parameters, without its random fuzz.
 *
 * Steps of minutes are left out: one comes back to a course on another day, and "Again" is tomorrow.
 */

import { fsrs, Rating } from "ts-fsrs";
import { daysUntil } from "./due.js";
import type { Scheduled } from "./kinds.js";

const scheduler = fsrs({ enable_fuzz: false });

/** A card after it was remembered or not; null is a card never seen. */
export function scheduled(card: Scheduled | null, remembered: boolean, now: number): Scheduled {
  const days = card ? Math.max(0, daysUntil(now, card.last)) : 0;
  const grade = remembered ? Rating.Good : Rating.Again;
  const { stability, difficulty } = scheduler.next_state(card, days, grade);
  const due = new Date(now);
  due.setDate(due.getDate() + scheduler.next_interval(stability, days));
  const reps = (card?.reps ?? 0) + 1;
  const lapses = (card?.lapses ?? 0) + (card && !remembered ? 1 : 0);
  return { due: due.getTime(), last: now, stability, difficulty, reps, lapses };
}
