/** What a part of the page is kept as. */

import type { Store } from "./store.js";

/** The lesson it belongs to, and its name there. */
export function subjectIn({ dataset, id }: HTMLElement): { lesson: string; block: string } {
  return { lesson: dataset["lesson"] ?? "", block: dataset["key"] ?? id };
}

/** The reader has done what it is there for. */
export function done(store: Store, root: HTMLElement): void {
  const { lesson, block } = subjectIn(root);
  store.set(lesson, block, "done", true);
}
