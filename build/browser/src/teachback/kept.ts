/** What is kept of a reader's explanation, as data that may have come from anywhere: looked at. */

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

const VERDICTS = ["met", "partly", "missed", "cannot_assess"];
const MAKERS = ["checklist", "model", "self"];

export function parseKept(value: unknown): Kept | null {
  if (!isObject(value)) return null;
  const { draft, sha, attempts } = value;
  if (typeof draft !== "string" || typeof sha !== "string" || !Array.isArray(attempts)) return null;
  return attempts.every(isAttempt) ? { draft, sha, attempts } : { draft, sha, attempts: [] };
}

export function parseRecipient(value: unknown): Recipient | null {
  if (!isObject(value)) return null;
  const { endpoint, operator, passesTo } = value;
  if (![endpoint, operator, passesTo].every((each) => typeof each === "string")) return null;
  return { endpoint, operator, passesTo } as Recipient;
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
