/** What is said about an answer. Pure: no page needed. */

import { say } from "./say.js";

export interface Verdict {
  is: "right" | "wrong" | "unanswered";
  words: string;
}

const RIGHT: Verdict = { is: "right", words: say("quiz.right") };
const NUMBER = /(-?\d+(?:\.\d*)?(?:e[-+]?\d+)?)/;
const THOUSANDS = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/;
const ROUNDING = 1e-9; // of the answer: 0.1 + 0.2 must count as 0.3

/** Options chosen, against those that are right. */
export function judge(chosen: number[], right: number[], several: boolean): Verdict {
  if (chosen.length === 0) return { is: "unanswered", words: say("quiz.choose") };
  const wrong = chosen.some((index) => !right.includes(index));
  const missing = right.filter((index) => !chosen.includes(index)).length;
  if (wrong) return { is: "wrong", words: say("quiz.wrong") };
  if (missing && several) return { is: "wrong", words: say("quiz.partly") };
  return RIGHT;
}

/** A number as typed, with a point or a comma, against the answer. */
export function judgeNumber(typed: string, answer: number, tolerance: number): Verdict {
  const plain = typed.trim().replace("−", "-");
  const text = plain.replace(",", ".");
  const inThousands = THOUSANDS.test(plain) ? Number(plain.replaceAll(",", "")) : NaN;
  const value = Math.abs(inThousands - answer) <= tolerance ? inThousands : Number(text);
  if (text === "" || !Number.isFinite(value)) {
    return { is: "unanswered", words: say("quiz.type") };
  }
  const off = value - answer;
  if (Math.abs(off) <= tolerance + ROUNDING * Math.abs(answer)) return RIGHT;
  return { is: "wrong", words: say(off > 0 ? "quiz.too-large" : "quiz.too-small") };
}

/** Whether two results read alike: as written, but for the last digits of their numbers. */
export function alike(some: string, others: string): boolean {
  if (some === others) return true;
  const [a, b] = [some, others].map((text) => text.split(NUMBER));
  return a?.length === b?.length && !!a?.every((part, i) => close(part, b?.[i] ?? ""));
}

function close(some: string, other: string): boolean {
  if (some === other) return true;
  const [a, b] = [Number(some), Number(other)];
  return some !== "" && other !== "" && Math.abs(a - b) <= ROUNDING * Math.max(1, Math.abs(b));
}

/** Items as they stand; each is the number of its right place. */
export function judgeOrder(items: number[]): Verdict {
  const placed = items.filter((item, place) => item === place).length;
  if (placed === items.length) return RIGHT;
  return { is: "wrong", words: say("quiz.order", { placed, of: items.length }) };
}
