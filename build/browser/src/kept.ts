/** Results that a reader keeps to compare the next ones with: which there are, and what each is called. */

import type { Setting } from "./controls.js";
import type { Fields } from "./curves.js";
import { DASHES } from "./overlay.js";
import { say } from "./say.js";

export interface Result {
  settings: Setting[];
  /** How far a stream got. */
  steps: number | null;
  /** Its charts in order, each with the table of its data. */
  charts: { spec: Fields; table: Node | null }[];
}

export interface KeptResult extends Result {
  /** Which dashes its curves have. */
  look: number;
}

export class Kept {
  #results: KeptResult[] = [];

  get results(): readonly KeptResult[] {
    return this.#results;
  }

  has({ charts }: Result): boolean {
    const drawn = JSON.stringify(charts.map(({ spec }) => spec));
    return this.#results.some((kept) => JSON.stringify(kept.charts.map((c) => c.spec)) === drawn);
  }

  /** Keeps one more; as there are as many dashes as may be told apart, the oldest may have to go. */
  add(result: Result): void {
    if (this.#results.length === DASHES.length) this.#results = this.#results.slice(1);
    const used = this.#results.map(({ look }) => look);
    const look = DASHES.findIndex((_, i) => !used.includes(i));
    this.#results = [...this.#results, { ...result, look }];
  }

  forget(): void {
    this.#results = [];
  }
}

/** What tells each kept result from the others and from the new one: "learning rate 0.3, picture 40". */
export function namesOf(kept: readonly Result[], now: Setting[]): string[] {
  const all = [now, ...kept.map(({ settings }) => settings)];
  const differs = ({ name }: Setting) => new Set(all.map((each) => wordsFor(each, name))).size > 1;
  return kept.map(({ settings, steps }) => {
    const telling = settings.filter(differs);
    const far = steps === null ? [] : [say("stream.picture", { count: steps })];
    const some = telling.length + far.length > 0 ? telling : settings;
    return [...some.map(({ words }) => words), ...far].join(", ") || say("keep.earlier");
  });
}

const wordsFor = (settings: Setting[], wanted: string) =>
  settings.find(({ name }) => name === wanted)?.words;
