/** A graded explanation: its shape, the check on one that came from elsewhere, and the score. Pure. */

import { isObject } from "../protocol.js";
import { say } from "../say.js";

export type Verdict = "met" | "partly" | "missed" | "cannot_assess";

export interface Criterion {
  id: string;
  points: number;
}

/** What a page asks for: the ids that a grade must be about. */
export interface Task {
  criteria: Criterion[];
  /** The ids of misconceptions. */
  ideas: string[];
}

export interface Judged {
  id: string;
  verdict: Verdict;
  /** The learner's own words, or nothing. */
  quote: string;
  feedback: string;
}

export interface Grade {
  score: number;
  criteria: Judged[];
  misconceptions: { id: string; quote: string }[];
  nextStep: string;
  by: { kind: "checklist" | "model" | "self"; name: string; note: string };
}

export const OUT_OF = 10;
export const MOST_CHARACTERS = 4000;

const EARNS: Record<Verdict, number> = { met: 1, partly: 0.5, missed: 0, cannot_assess: 0 };
const MOST_DEDUCTED = 3;
const LONGEST = 2000; // characters of a sentence that is shown
const LONGEST_NAME = 300;
const LONGEST_QUOTE = 2 * MOST_CHARACTERS; // in units of 16 bits
const SOLID = 8;
const NEARLY = 5;

/** Half of a criterion's points for `partly`, halves round up; a point off for each wrong idea. */
export function scoreOf(criteria: Criterion[], judged: Judged[], wrongIdeas: number): number {
  const total = criteria.reduce((sum, { points }) => sum + points, 0);
  const verdicts = new Map(judged.map(({ id, verdict }) => [id, verdict]));
  const earned = criteria.reduce(
    (sum, { id, points }) => sum + points * EARNS[verdicts.get(id) ?? "missed"],
    0,
  );
  const raw = total ? Math.floor((OUT_OF * earned) / total + 0.5) : 0;
  return Math.max(0, raw - Math.min(wrongIdeas, MOST_DEDUCTED));
}

/** What is said before any number. */
export function band(score: number): string {
  if (score >= SOLID) return say("teach.solid");
  return say(score >= NEARLY ? "teach.nearly" : "teach.not-yet");
}

/** The grade in what somebody answered, or null if it is none: every part of it is looked at. */
export function parseGrade(data: unknown, task: Task): Grade | null {
  if (!isObject(data) || data["out_of"] !== OUT_OF) return null;
  const criteria = parseCriteria(data["criteria"], task.criteria);
  const misconceptions = parseIdeas(data["misconceptions"], task.ideas);
  const by = parseBy(data["graded_by"]);
  const { score, next_step: nextStep } = data;
  if (!criteria || !misconceptions || !by || !isText(nextStep)) return null;
  // Whoever graded did not choose the score: it follows.
  if (score !== scoreOf(task.criteria, criteria, misconceptions.length)) return null;
  return { score, criteria, misconceptions, nextStep, by };
}

/** Exactly the criteria that were asked for, in their order. */
function parseCriteria(given: unknown, wanted: Criterion[]): Judged[] | null {
  if (!Array.isArray(given) || given.length !== wanted.length) return null;
  if (!given.every(isJudged)) return null;
  const byId = new Map(given.map((each) => [each.id, each]));
  const found = wanted.flatMap(({ id }) => byId.get(id) ?? []);
  return found.length === wanted.length ? found : null;
}

function isJudged(value: unknown): value is Judged {
  if (!isObject(value) || !isText(value["id"])) return false;
  const known = typeof value["verdict"] === "string" && Object.hasOwn(EARNS, value["verdict"]);
  return known && isQuote(value["quote"]) && isText(value["feedback"]);
}

function parseIdeas(given: unknown, known: string[]): Grade["misconceptions"] | null {
  if (!Array.isArray(given)) return null;
  const found = given.filter(
    (each): each is { id: string; quote: string } =>
      isObject(each) && isText(each["id"]) && known.includes(each["id"]) && isQuote(each["quote"]),
  );
  const once = new Set(found.map(({ id }) => id)).size === found.length;
  return once && found.length === given.length ? found : null;
}

function parseBy(given: unknown): Grade["by"] | null {
  if (!isObject(given)) return null;
  const { kind, name, note } = given;
  if (kind !== "checklist" && kind !== "model") return null;
  if (!isText(name, LONGEST_NAME) || !isText(note)) return null;
  return { kind, name, note };
}

const isQuote = (value: unknown) => isText(value, LONGEST_QUOTE);

function isText(value: unknown, longest = LONGEST): value is string {
  return typeof value === "string" && value.length <= longest;
}
