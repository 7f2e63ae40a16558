/** What the browser keeps of a reader's explanation: the draft, earlier attempts, what they agreed to. */

import { isObject } from "../protocol.js";
import type { Grade, Verdict } from "./grade.js";

export interface Attempt {
  score: number;
  verdicts: Record<string, Verdict>;
  /** The ids of wrong ideas. */
  ideas: string[];
  by: Grade["by"]["kind"];
  nextStep: string;
}

export interface Kept {
  draft: string;
  /** Of the rubric the attempts were graded by. */
  sha: string;
  attempts: Attempt[];
}

/** Where explanations may be sent, as the reader was told. */
export interface Recipient {
  endpoint: string;
  operator: string;
  /** Whose language model they are handed on to; nothing if the operator's own. */
  passesTo: string;
}

const MOST_KEPT = 100_000; // characters; a draft beyond is none of ours
const VERDICTS = ["met", "partly", "missed", "cannot_assess"];
const MAKERS = ["checklist", "model", "self"];

/** The page's storage, or null where the browser has none for it. */
export function storageHere(): Storage | null {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}

/** One course's part of the storage. Where that is denied it forgets with the page, and says so. */
export class Shelf {
  readonly #memory = new Map<string, string>();
  /** Whether all that was put here will be there at the next visit. */
  keeps: boolean;

  constructor(
    private readonly course: string,
    private readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> | null,
  ) {
    this.keeps = storage !== null;
  }

  /** The draft and attempts of a lesson; attempts by another rubric are not comparable. */
  load(lesson: string, sha: string): Kept {
    const kept = parseKept(this.#read(`draft:${lesson}`));
    if (!kept) return { draft: "", sha, attempts: [] };
    return kept.sha === sha ? kept : { ...kept, sha, attempts: [] };
  }

  save(lesson: string, kept: Kept): void {
    this.#write(`draft:${lesson}`, kept);
  }

  /** Whether the reader agreed to send explanations to exactly this address, and through it on. */
  agreed({ endpoint, operator, passesTo }: Recipient): boolean {
    const given = this.#read("grader");
    if (!isObject(given) || given["passesTo"] !== passesTo) return false;
    return given["endpoint"] === endpoint && given["operator"] === operator;
  }

  agree(recipient: Recipient): void {
    this.#write("grader", recipient);
    // What is taken back in one tab is taken back in all.
    if (this.keeps) this.#memory.delete(this.#key("grader"));
  }

  withdraw(): void {
    this.#memory.delete(this.#key("grader"));
    try {
      this.storage?.removeItem(this.#key("grader"));
    } catch {
      this.keeps = false;
    }
  }

  #key(name: string): string {
    return `teachback:${this.course}:${name}`;
  }

  #read(name: string): unknown {
    const key = this.#key(name);
    let text = this.#memory.get(key) ?? null;
    try {
      text ??= this.storage?.getItem(key) ?? null;
      return text === null || text.length > MOST_KEPT ? null : (JSON.parse(text) as unknown);
    } catch (error) {
      if (!(error instanceof SyntaxError)) this.keeps = false;
      return null;
    }
  }

  #write(name: string, value: object): void {
    const [key, text] = [this.#key(name), JSON.stringify(value)];
    this.#memory.set(key, text);
    try {
      this.storage?.setItem(key, text);
      this.keeps = this.storage !== null;
    } catch {
      this.keeps = false;
    }
  }
}

function parseKept(value: unknown): Kept | null {
  if (!isObject(value)) return null;
  const { draft, sha, attempts } = value;
  if (typeof draft !== "string" || typeof sha !== "string" || !Array.isArray(attempts)) return null;
  return attempts.every(isAttempt) ? { draft, sha, attempts } : { draft, sha, attempts: [] };
}

function isAttempt(value: unknown): value is Attempt {
  if (!isObject(value) || !isObject(value["verdicts"]) || !Array.isArray(value["ideas"])) {
    return false;
  }
  const { score, verdicts, ideas, by, nextStep } = value;
  const texts = [...ideas, nextStep].every((each) => typeof each === "string");
  const known = Object.values(verdicts as object).every((each) => VERDICTS.includes(String(each)));
  return typeof score === "number" && texts && known && MAKERS.includes(String(by));
}
