/** Training runs that are kept in this browser, apart from the rest: they are large. */

import { isObject } from "../protocol.js";
import type { KeptRun } from "../stream.js";
import { Database } from "./database.js";

export interface SavedRun extends KeptRun {
  /** The hash of all that has to be the same for it to go on. */
  of: string;
  /** Its controls that were moved, as a link has them. */
  moved: [name: string, value: string][];
  /** The same as the page says it. */
  words: string;
}

export class Runs {
  readonly #place: Database;

  constructor(course: string) {
    this.#place = new Database(`runs:${course}`);
  }

  /** The run kept for a part of the page; null if there is none, or if it cannot be read. */
  async get(name: string): Promise<SavedRun | null> {
    return parsed(await this.#place.get(name).catch(() => null));
  }

  /** Keeps a run; null forgets it. Throws where nothing can be stored. */
  async set(name: string, run: SavedRun | null): Promise<void> {
    await this.#place.write(new Map([[name, run]]));
  }

  async count(): Promise<number> {
    return (await this.#place.names().catch(() => [])).length;
  }

  async clear(): Promise<void> {
    const names = await this.#place.names().catch(() => []);
    await this.#place.write(new Map(names.map((name) => [name, null]))).catch(() => undefined);
  }
}

function parsed(stored: unknown): SavedRun | null {
  if (!isObject(stored)) return null;
  const { of, steps, checkpoints, moved, words } = stored;
  if (!areTexts([of, words]) || typeof steps !== "number") return null;
  if (!areTexts(checkpoints) || !Array.isArray(moved)) return null;
  if (!moved.every((pair) => areTexts(pair) && pair.length === 2)) return null;
  return stored as unknown as SavedRun;
}

function areTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
