/** What is said about an answer. Pure: no page needed. */

export interface Verdict {
  is: "right" | "wrong" | "unanswered";
  words: string;
}

const RIGHT: Verdict = { is: "right", words: "Right." };
const ROUNDING = 1e-9; // of the answer: 0.1 + 0.2 must count as 0.3

/** Options chosen, against those that are right. */
export function judge(chosen: number[], right: number[], several: boolean): Verdict {
  if (chosen.length === 0) return { is: "unanswered", words: "Choose an option first." };
  const wrong = chosen.some((index) => !right.includes(index));
  const missing = right.filter((index) => !chosen.includes(index)).length;
  if (wrong) return { is: "wrong", words: "Not yet. Read why, and try again." };
  if (missing && several) return { is: "wrong", words: "So far right, but not all of it." };
  return RIGHT;
}

/** A number as typed, with a point or a comma, against the answer. */
export function judgeNumber(typed: string, answer: number, tolerance: number): Verdict {
  const text = typed.trim().replace(",", ".").replace("−", "-");
  const value = Number(text);
  if (text === "" || !Number.isFinite(value)) {
    return { is: "unanswered", words: "Type a number, such as 2.5." };
  }
  const off = value - answer;
  if (Math.abs(off) <= tolerance + ROUNDING * Math.abs(answer)) return RIGHT;
  return { is: "wrong", words: `Not yet: that is too ${off > 0 ? "large" : "small"}.` };
}

/** Items as they stand; each is the number of its right place. */
export function judgeOrder(items: number[]): Verdict {
  const placed = items.filter((item, place) => item === place).length;
  if (placed === items.length) return RIGHT;
  return { is: "wrong", words: `Not yet: ${placed} of ${items.length} are in their place.` };
}
