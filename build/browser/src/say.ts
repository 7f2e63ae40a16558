/**
 * What a reader is told, by its key in the catalogue: English, or what the page brings instead.
 *
 *     say("quiz.order", { placed: 2, of: 3 })     "Not yet: 2 of 3 are in their place."
 *
 * Where a count changes the words, the catalogue has a form for each category of `Intl.PluralRules`
 * and the value `count` chooses. The generator writes the page's own words from the same file.
 */

import english from "../../coursewright/words/en.json";

/** What only the generator says is left out of the bundle (esbuild.mjs). */
export type Key = Exclude<keyof typeof english, `${"page" | "notebook" | "checklist"}.${string}`>;
type Forms = Record<string, string>;
type Value = string | number;

const PLACEHOLDER = /\{([a-z]+)\}/;

export class Catalogue {
  readonly #plain: Intl.NumberFormat;
  readonly #forms: Intl.PluralRules;
  readonly #englishForms = new Intl.PluralRules("en");

  constructor(
    readonly language = "en",
    readonly own: Readonly<Record<string, string | Forms>> = {},
  ) {
    this.#plain = new Intl.NumberFormat(language, {
      useGrouping: false,
      maximumFractionDigits: 20,
    });
    this.#forms = new Intl.PluralRules(language);
  }

  /** A text with its values put in; numbers as the language writes them. */
  say(key: Key, values: Record<string, Value> = {}): string {
    return this.pieces(key, values).join("");
  }

  /** The same in pieces, where a value is a part of the page: a link, say. */
  pieces<T extends Value | Node>(key: Key, values: Record<string, T>): (T | string)[] {
    const parts = this.#template(key, values["count"]).split(PLACEHOLDER);
    const pieces = parts.map((part, i) => (i % 2 === 0 ? part : this.#written(values[part])));
    return pieces.filter((piece) => piece !== "");
  }

  /** A number with so many digits behind the point. */
  decimal(value: number, digits: number): string {
    const fixed = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    return value.toLocaleString(this.language, { useGrouping: false, ...fixed });
  }

  /** A whole number with its thousands parted. */
  grouped(count: number): string {
    return count.toLocaleString(this.language);
  }

  #template(key: Key, count: unknown): string {
    const own = this.own[key];
    const text = own ?? (english as Record<string, string | Forms>)[key] ?? key;
    if (typeof text === "string") return text;
    const rules = own === undefined ? this.#englishForms : this.#forms;
    return text[rules.select(Number(count))] ?? text["other"] ?? key;
  }

  #written<T extends Value | Node>(value: T | undefined): T | string {
    return typeof value === "number" ? this.#plain.format(value) : (value ?? "");
  }

  /** The words of some group of keys that are not English, for who speaks elsewhere. */
  ownOf(group: string): Record<string, string | Forms> | null {
    const found = Object.entries(this.own).filter(([key]) => key.startsWith(`${group}.`));
    return found.length > 0 ? Object.fromEntries(found) : null;
  }
}

/** The words that the page brings, in a data block that no policy has to allow. */
function brought(): Catalogue {
  const block = globalThis.document?.getElementById("coursewright-words");
  if (!block) return new Catalogue();
  return new Catalogue(block.lang, JSON.parse(block.textContent) as Catalogue["own"]);
}

export const words = brought();
export const say = words.say.bind(words);

/** `say` where parts of the page stand among the words. */
export const sayAround = (key: Key, values: Record<string, Node | string>): (Node | string)[] =>
  words.pieces(key, values);

/** `1.5 s`, or `12 ms` of what is quick. */
export function duration(milliseconds: number): string {
  const rounded = Math.max(1, Math.round(milliseconds));
  if (rounded < 1000) return say("time.milliseconds", { number: rounded });
  return say("time.seconds", { number: words.decimal(milliseconds / 1000, 1) });
}

export const megabytes = (bytes: number) => words.decimal(bytes / 1e6, 1);
