/** Answers that were given: there again at the next visit, as long as the question is the same. */

import { subjectIn } from "./subject.js";
import type { Store } from "./store.js";

/** A question of the page: what is answered can be read and set. */
export interface Answerable {
  root: HTMLElement;
  given: () => number[] | string;
  /** Sets an answer as if it had been given; null takes it back. */
  set: (given: number[] | string | null) => void;
}

/** Restores the answer that was given; returns what keeps the next one. */
export function keepAnswer(
  store: Store,
  question: Answerable,
  signal: AbortSignal,
): (answered: boolean) => void {
  const { root, given, set } = question;
  const { lesson, block } = subjectIn(root);
  const of = root.dataset["of"] ?? "";
  const known = () => {
    const answer = store.get(lesson, block, "answer");
    return answer?.of === of ? answer.given : null;
  };
  const first = known();
  if (first !== null) set(first);
  let writing = false;
  const heard = () => void (writing || set(known()));
  store.watch(lesson, block, "answer", heard, signal);
  return (answered) => {
    writing = true;
    store.set(lesson, block, "answer", answered ? { given: given(), of } : null);
    writing = false;
  };
}
