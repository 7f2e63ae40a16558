/** Keeps files of a build: all of them, or those that were seen in an earlier one. */

import { type Entry, entriesOf, entryAt, fetchPlan, type Plan } from "./plan.js";
import { checked, type Shelf } from "./shelf.js";

const AT_A_TIME = 6;

export type Why = "connection" | "moved" | "changed" | "room" | "denied";

/** A file could not be kept. */
export class NotSaved extends Error {
  constructor(
    readonly why: Why,
    readonly path = "",
  ) {
    super(`${path}: ${why}`);
  }
}

type OnProgress = (bytes: number) => void;

/** Keeps all of a build, then says so. What came before a failure stays, unless there is no room. */
export async function saveAll(
  plan: Plan,
  shelf: Shelf,
  scope: URL,
  onProgress: OnProgress = () => {},
  signal?: AbortSignal,
): Promise<void> {
  const added: Entry[] = [];
  let bytes = 0;
  const save = async (entry: Entry) => {
    signal?.throwIfAborted();
    if (await take(entry, shelf, scope)) added.push(entry);
    onProgress((bytes += entry.bytes));
  };
  try {
    await eachOf(entriesOf(plan), save);
    await shelf.keepPlan(plan);
    await shelf.setSaved(plan.build);
  } catch (error) {
    if (isFull(error)) await shelf.forget(added); // other things of the reader need the room
    throw await explained(error, plan, scope);
  }
}

/** Keeps of a build what is kept of earlier ones, as far as it comes. */
export async function saveSeen(plan: Plan, shelf: Shelf, scope: URL): Promise<void> {
  const seen = new Map<string, Entry>();
  for (const older of await shelf.plans()) {
    for (const entry of entriesOf(older)) {
      const now = entryAt(plan, entry.path);
      if (now && (await shelf.has(entry))) seen.set(now.path, now);
    }
  }
  await eachOf([...seen.values()], (entry) => take(entry, shelf, scope).catch(() => false));
}

/** What has a fixed name may be in the browser's own cache; `no-store` also passes the worker by. */
const cacheFor = ({ fixed }: Entry): RequestCache => (fixed ? "default" : "no-store");

/** Keeps one file, unless it is there. Whether it was new. */
export async function take(
  entry: Entry,
  shelf: Shelf,
  scope: URL,
  cache = cacheFor(entry),
): Promise<boolean> {
  if (await shelf.has(entry)) return false;
  const address = new URL(entry.path.split("/").map(encodeURIComponent).join("/"), scope);
  const response = await fetch(address, { cache }).catch(() => {
    throw new NotSaved("connection", entry.path);
  });
  const good = await checked(response, entry);
  if (!good) throw new NotSaved("changed", entry.path);
  await shelf.keep(entry, good);
  return true;
}

/** Acts on all, a few at a time; the first failure ends it, once what has begun is over. */
async function eachOf(entries: Entry[], act: (entry: Entry) => Promise<unknown>): Promise<void> {
  const waiting = entries.values();
  let failed = false;
  const line = async () => {
    for (const entry of waiting) {
      if (failed) return;
      await act(entry).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  const done = await Promise.allSettled(Array.from({ length: AT_A_TIME }, line));
  const failure = done.find((each) => each.status === "rejected");
  if (failure) throw failure.reason;
}

const isFull = (error: unknown) =>
  error instanceof DOMException && error.name === "QuotaExceededError";

/** Another file than expected: is another build there, or does the server change files? */
async function explained(error: unknown, plan: Plan, scope: URL): Promise<unknown> {
  if (isFull(error)) return new NotSaved("room");
  if (error instanceof DOMException && error.name !== "AbortError") return new NotSaved("denied");
  if (!(error instanceof NotSaved) || error.why !== "changed") return error;
  const there = await fetchPlan(scope).catch(() => null);
  return there?.build === plan.build ? error : new NotSaved("moved", error.path);
}
