/** What the elements of a page call to have something kept. The store itself comes in a chunk. */

import type * as Page from "./page.js";
import type { Store } from "./store.js";

type Act = (store: Store, page: typeof Page) => void;

let page: Promise<typeof Page> | undefined;

/** Calls back with the store of the course that a part of the page belongs to, if there is one. */
export function withStore({ dataset }: HTMLElement, act: Act, signal?: AbortSignal): void {
  const { course } = dataset;
  if (!course) return;
  page ??= import("./page.js");
  const opened = async (loaded: typeof Page) => {
    const store = await loaded.storeOf(course);
    if (!signal?.aborted) act(store, loaded);
  };
  // A chunk that does not come leaves the page as it would be with an empty store.
  void page.then(opened, () => undefined);
}

/** The reader has done what a part of the page is there for. */
export function did(root: HTMLElement): void {
  withStore(root, (store, { done }) => done(store, root));
}
