/**
 * What is kept of a course's reader: all of it in memory, written to the browser's storage behind.
 *
 *     set ─▶ memory ─▶ watchers of this page
 *                ├──▶ storage, at once: the page may be left; what failed waits for the next
 *                └──▶ the other tabs ─▶ their memory ─▶ their watchers
 *
 * Where there is no storage the page goes on with its memory, and says once that nothing is saved.
 */

import { isObject } from "../protocol.js";
import type { Place } from "./database.js";
import type { Kind, Values } from "./kinds.js";
import { type Kept, nameOf, parseRecord, type Subject, subjectOf } from "./records.js";

/** A way to other tabs: a BroadcastChannel. */
export interface Line {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent<unknown>) => void) | null;
}

type Changes = Map<string, Kept | null>;

export class Store {
  readonly #records = new Map<string, Kept>();
  readonly #watchers = new EventTarget();
  /** Names of what is not yet under way to the storage, or came back from there. */
  readonly #waiting = new Set<string>();
  #starting: Promise<void> | null = null;
  readonly #writing = new Set<Promise<void>>();
  #keeps = true;

  constructor(
    readonly course: string,
    private readonly place: Place,
    private readonly line: Line | null = null,
  ) {
    if (line) line.onmessage = ({ data }) => this.#hear(data);
  }

  /** Takes in what is stored, also later again; what is damaged there is as if it were not. */
  async load(): Promise<this> {
    const before = new Map(this.#records);
    try {
      const stored = new Map(await this.place.load());
      // What was changed while the storage was read is newer than what was read.
      const same = (name: string) => this.#records.get(name) === before.get(name);
      for (const [name, each] of stored) {
        const record = parseRecord(name, each);
        if (record && same(name) && isNewer(record, before.get(name))) this.#take(name, record);
      }
      const gone = [...before.keys()].filter((name) => !stored.has(name) && same(name));
      for (const name of gone) if (!this.#waiting.has(name)) this.#take(name, null);
    } catch {
      this.#say(false);
    }
    return this;
  }

  /** Whether all that was put here will be there at the next visit. */
  get keeps(): boolean {
    return this.#keeps;
  }

  get<K extends Kind>(lesson: string, block: string, kind: K): Values[K] | null {
    const record = this.#records.get(nameOf({ lesson, block, kind }));
    return (record?.value as Values[K] | undefined) ?? null;
  }

  /** Everything there is. */
  *all(): Generator<[Subject, Kept]> {
    for (const [name, record] of this.#records) yield [subjectOf(name)!, record];
  }

  /** Keeps a value; null forgets it. */
  set<K extends Kind>(lesson: string, block: string, kind: K, value: Values[K] | null): void {
    const name = nameOf({ lesson, block, kind });
    const before = this.#records.get(name);
    if (JSON.stringify(before?.value ?? null) === JSON.stringify(value)) return;
    const at = Math.max(Date.now(), (before?.at ?? 0) + 1);
    this.#put(new Map([[name, value === null ? null : { value, at }]]));
  }

  /** Takes in records that came in a file; of two, the later one holds. How many were new. */
  add(records: ReadonlyMap<string, Kept>): number {
    const later = [...records].filter(([name, record]) => {
      return isNewer(record, this.#records.get(name));
    });
    this.#put(new Map(later));
    return later.length;
  }

  /** Forgets everything. */
  clear(): void {
    this.#put(new Map(Array.from(this.#records.keys(), (name) => [name, null])));
  }

  /** Resolves when all that was put here is stored, or could not be. */
  async settled(): Promise<void> {
    while (this.#starting || this.#writing.size > 0) {
      await this.#starting;
      await Promise.all(this.#writing);
    }
  }

  /** Calls back when a value has changed, here or in another tab. */
  watch(lesson: string, block: string, kind: Kind, act: () => void, signal: AbortSignal): void {
    this.#watchers.addEventListener(nameOf({ lesson, block, kind }), act, { signal });
  }

  /** Calls back when anything has changed. */
  watchAll(act: () => void, signal: AbortSignal): void {
    this.#watchers.addEventListener("all", act, { signal });
  }

  /** Calls back when it is found that nothing is kept, or that something is again. */
  watchKeeping(act: () => void, signal: AbortSignal): void {
    this.#watchers.addEventListener("keeping", act, { signal });
  }

  #put(changes: Changes): void {
    for (const [name, record] of changes) {
      this.#waiting.add(name);
      this.line?.postMessage({ name, record });
      this.#take(name, record);
    }
    this.#starting ??= this.#start();
  }

  #take(name: string, record: Kept | null): void {
    if (record) this.#records.set(name, record);
    else this.#records.delete(name);
    for (const type of [name, "all"]) this.#watchers.dispatchEvent(new Event(type));
  }

  async #start(): Promise<void> {
    await null; // what is put here at one go is stored at one go
    this.#starting = null;
    const names = [...this.#waiting];
    this.#waiting.clear();
    if (names.length === 0) return;
    const writing = this.#write(names).then(() => void this.#writing.delete(writing));
    this.#writing.add(writing);
  }

  async #write(names: string[]): Promise<void> {
    try {
      await this.place.write(new Map(names.map((name) => [name, this.#records.get(name) ?? null])));
      if (this.#waiting.size === 0) this.#say(true);
    } catch {
      names.forEach((name) => this.#waiting.add(name));
      this.#say(false);
    }
  }

  #say(keeps: boolean): void {
    if (this.#keeps === keeps) return;
    this.#keeps = keeps;
    this.#watchers.dispatchEvent(new Event("keeping"));
  }

  /** Another tab has written: it is stored there. */
  #hear(message: unknown): void {
    if (!isObject(message) || typeof message["name"] !== "string") return;
    const { name, record } = message;
    if (record === null && subjectOf(name)) return this.#take(name, null);
    const kept = parseRecord(name, record);
    if (kept && isNewer(kept, this.#records.get(name))) this.#take(name, kept);
  }
}

const isNewer = (record: Kept, known: Kept | undefined) => record.at > (known?.at ?? -Infinity);
