/** What a page needs of the reader's state: one chunk, loaded once the page is shown. */

import { Database } from "./database.js";
import { migrate, oldStorage } from "./migrate.js";
import { tellWhenNotKept } from "./notice.js";
import { Store } from "./store.js";

export { keepAnswer } from "./answers.js";
export { keepCode } from "./code.js";
export { keepRun } from "./keep-run.js";
export { done } from "./subject.js";

const opening = new Map<string, Promise<Store>>();

/** The store of a course, with all that is kept in it. */
export function storeOf(course: string): Promise<Store> {
  const store = opening.get(course) ?? open(course);
  opening.set(course, store);
  return store;
}

async function open(course: string): Promise<Store> {
  const line =
    "BroadcastChannel" in globalThis ? new BroadcastChannel(`coursewright:${course}`) : null;
  const store = await new Store(course, new Database(course), line).load();
  tellWhenNotKept(store);
  await migrate(store, oldStorage());
  // A page that comes back from the browser's memory has not heard what happened meanwhile.
  addEventListener("pageshow", ({ persisted }) => persisted && void store.load());
  return store;
}
