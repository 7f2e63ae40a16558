/** Explanations were once kept in `localStorage`: what is there moves into the store, once. */

import { parsed } from "./kinds.js";
import type { Store } from "./store.js";

type Old = Pick<Storage, "length" | "key" | "getItem" | "removeItem">;

/** The page's old storage, or null where the browser has none for it. */
export function oldStorage(): Old | null {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}

/** Nothing is removed before it stands in the store; what is damaged stays where it is. */
export async function migrate(store: Store, old: Old | null): Promise<void> {
  if (!old) return;
  try {
    const moved = keysOf(old, `teachback:${store.course}:`).filter((key) => move(store, old, key));
    await store.settled();
    if (store.keeps) moved.forEach((key) => old.removeItem(key));
  } catch {
    // A storage that refuses has nothing that could be lost.
  }
}

function keysOf(old: Old, prefix: string): string[] {
  const keys = Array.from({ length: old.length }, (_, i) => old.key(i) ?? "");
  return keys.filter((key) => key.startsWith(prefix));
}

/** Whether an entry is in the store now, or something later is. */
function move(store: Store, old: Old, key: string): boolean {
  const [, , name, lesson = ""] = key.split(":");
  const value = json(old.getItem(key) ?? "");
  if (name === "draft") {
    const draft = parsed("draft", value);
    if (draft && !store.get(lesson, "teach-back", "draft")) {
      store.set(lesson, "teach-back", "draft", draft);
      if (draft.attempts.length > 0) store.set(lesson, "teach-back", "done", true);
    }
    return draft !== null;
  }
  const grader = name === "grader" ? parsed("grader", value) : null;
  if (grader && !store.get("", "", "grader")) store.set("", "", "grader", grader);
  return grader !== null;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
