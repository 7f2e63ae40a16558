/** A reader's explanation in the store: the draft, earlier attempts, what they agreed to. */

import type { Store } from "../state/store.js";
import type { Kept, Recipient } from "./kept.js";

const BLOCK = "teach-back";

export class Shelf {
  constructor(
    private readonly store: Store,
    private readonly lesson: string,
  ) {}

  /** Whether all that was put here will be there at the next visit. */
  get keeps(): boolean {
    return this.store.keeps;
  }

  /** The draft and attempts of the lesson; attempts by another rubric are not comparable. */
  load(sha: string): Kept {
    const kept = this.store.get(this.lesson, BLOCK, "draft");
    if (!kept) return { draft: "", sha, attempts: [] };
    return kept.sha === sha ? kept : { ...kept, sha, attempts: [] };
  }

  save(kept: Kept): void {
    const empty = !kept.draft && kept.attempts.length === 0;
    this.store.set(this.lesson, BLOCK, "draft", empty ? null : kept);
  }

  /** Calls back when another tab has written here, and when it is found whether anything is kept. */
  watch(written: () => void, keeping: () => void, signal: AbortSignal): void {
    this.store.watch(this.lesson, BLOCK, "draft", written, signal);
    this.store.watchKeeping(keeping, signal);
  }

  /** The explanation was judged, in whatever way. */
  done(): void {
    this.store.set(this.lesson, BLOCK, "done", true);
  }

  /** Whether the reader agreed to send explanations to exactly this address, and through it on. */
  agreed({ endpoint, operator, passesTo }: Recipient): boolean {
    const given = this.store.get("", "", "grader");
    if (given?.passesTo !== passesTo) return false;
    return given.endpoint === endpoint && given.operator === operator;
  }

  agree({ endpoint, operator, passesTo }: Recipient): void {
    this.store.set("", "", "grader", { endpoint, operator, passesTo });
  }

  withdraw(): void {
    this.store.set("", "", "grader", null);
  }
}
