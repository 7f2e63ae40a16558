/** What there is to do in a course, as its build wrote it; and how much of it is done. */

import { isObject } from "../protocol.js";
import type { Store } from "./store.js";

/** A concept, the quiz, explaining it back, or the cards: where it is, and the acts in it. */
export interface Part {
  id: string;
  title: string;
  acts: string[];
}

export interface LessonOutline {
  id: string;
  title: string;
  parts: Part[];
}

export interface Count {
  done: number;
  of: number;
}

export const isDone = (store: Store, lesson: string, act: string) =>
  store.get(lesson, act, "done") !== null;

/** How many acts of a part are done. */
export function countIn(store: Store, lesson: string, { acts }: Part): Count {
  return { done: acts.filter((act) => isDone(store, lesson, act)).length, of: acts.length };
}

export function countOf(store: Store, { id, parts }: LessonOutline): Count {
  const counts = parts.map((part) => countIn(store, id, part));
  const sum = (what: keyof Count) => counts.reduce((total, count) => total + count[what], 0);
  return { done: sum("done"), of: sum("of") };
}

/** Whether a course has a card: a card that was rated may have been taken out, or changed. */
export function hasCard(lessons: LessonOutline[], lesson: string, card: string): boolean {
  const parts = lessons.find(({ id }) => id === lesson)?.parts ?? [];
  return parts.some(({ acts }) => acts.includes(card));
}

/** The parts of a lesson that are there to be done. */
export function partsIn(written: string | undefined): Part[] {
  return (JSON.parse(written ?? "[]") as Part[]).filter(({ acts }) => acts.length > 0);
}

/** Where the reader was last: the lesson, and the part of it if it still is there. */
export function leftOff(
  store: Store,
  lessons: LessonOutline[],
): { lesson: LessonOutline; part: Part | null } | null {
  let latest: { lesson: LessonOutline; part: Part | null; at: number } | null = null;
  for (const [subject, { value, at }] of store.all()) {
    const lesson = lessons.find(({ id }) => id === subject.lesson);
    if (subject.kind !== "place" || !lesson || at < (latest?.at ?? 0)) continue;
    latest = { lesson, part: lesson.parts.find(({ id }) => id === value) ?? null, at };
  }
  return latest;
}

export async function fetchOutline(address: URL): Promise<LessonOutline[]> {
  const response = await fetch(address, { cache: "no-cache" });
  const outline: unknown = await response.json();
  const lessons = isObject(outline) ? outline["lessons"] : null;
  return Array.isArray(lessons) ? (lessons as LessonOutline[]) : [];
}
