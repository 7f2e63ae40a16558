/** What is kept of a reader, by its kind; and whether something that was stored really is that. */

import { isObject } from "../protocol.js";
import { type Kept, parseKept, parseRecipient, type Recipient } from "../teachback/kept.js";

/** Code that was edited, and the hash of what the author had written there. */
export interface Code {
  code: string;
  template: string;
}

/** An answer that was given: options or an order by their numbers, or what was typed. */
export interface Answer {
  given: number[] | string;
  /** The hash of the question: of another one it says nothing. */
  of: string;
}

/** What the scheduler knows of a card; times in milliseconds since 1970. */
export interface Scheduled {
  due: number;
  last: number;
  stability: number;
  difficulty: number;
  reps: number;
  lapses: number;
}

export interface Values {
  code: Code;
  answer: Answer;
  card: Scheduled;
  /** Something the reader has done, once. */
  done: true;
  draft: Kept;
  /** The part of a lesson that was read last. */
  place: string;
  grader: Recipient;
}

export type Kind = keyof Values;

const MOST_CHARACTERS = 1_000_000; // of anything a reader writes
const MOST_ITEMS = 100;
const CARD = ["due", "last", "stability", "difficulty", "reps", "lapses"] as const;

const parsers: { [K in Kind]: (value: unknown) => Values[K] | null } = {
  code: (value) => {
    if (!isObject(value) || !isText(value["code"]) || !isText(value["template"])) return null;
    return { code: value["code"], template: value["template"] };
  },
  answer: (value) => {
    if (!isObject(value) || !isText(value["of"])) return null;
    const { given, of } = value;
    return isText(given) || areNumbers(given) ? { given, of } : null;
  },
  card: (value) => {
    if (!isObject(value) || !CARD.every((name) => isCount(value[name]))) return null;
    const card = Object.fromEntries(
      CARD.map((name) => [name, value[name]]),
    ) as unknown as Scheduled;
    return card.stability > 0 && card.difficulty >= 1 && card.difficulty <= 10 ? card : null;
  },
  done: (value) => (value === true ? true : null),
  draft: (value) => {
    const kept = parseKept(value);
    return kept && isText(kept.draft) ? kept : null;
  },
  place: (value) => (isText(value) ? value : null),
  grader: parseRecipient,
};

export const isKind = (name: string): name is Kind => Object.hasOwn(parsers, name);

/** A value of some kind, without anything that does not belong to it; null if it is not one. */
export function parsed<K extends Kind>(kind: K, value: unknown): Values[K] | null {
  return parsers[kind](value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= MOST_CHARACTERS;
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function areNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= MOST_ITEMS && value.every(isCount);
}
