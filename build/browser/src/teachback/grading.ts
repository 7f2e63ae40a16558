/** One grading: by the service if it is to be asked and answers, else by the checklist. */

import { describe, type Words } from "../words.js";
import { ask, NotGraded } from "./ask.js";
import type { Grade } from "./grade.js";
import { checkHere, type RubricText } from "./here.js";
import type { Lesson } from "./lesson.js";
import type { Recipient } from "./kept.js";
import { say } from "../say.js";

export interface Graded {
  grade: Grade;
  /** Why it is not the service that graded; or nothing. */
  reason: string;
}

export interface Waiting {
  /** Something began: what to say; `instead` goes on without the service, where that is asked. */
  began: (words: string, instead?: () => void) => void;
  goesOn: (words: Words) => void;
}

/** Throws words on what failed; or an AbortError when the signal ended it. */
export async function graded(
  lesson: Lesson,
  rubric: RubricText,
  answer: string,
  recipient: Recipient | null,
  { began, goesOn }: Waiting,
  signal: AbortSignal,
): Promise<Graded> {
  const asked = recipient ? await byService(lesson, answer, recipient, began, signal) : null;
  if (typeof asked === "object" && asked) return { grade: asked, reason: "" };
  began(say("teach.preparing"));
  const { checklist, task } = lesson;
  const tell = (status: Parameters<typeof describe>[0]) =>
    goesOn(
      status.phase === "ready" ? { said: say("teach.checking"), shown: "" } : describe(status),
    );
  const grade = await checkHere(checklist, rubric, answer, task, tell, signal);
  return { grade, reason: asked ? say("teach.graded-here", { why: asked }) : "" };
}

/** The service's grade; or a sentence on why there is none. */
async function byService(
  { course, lesson, sha, task }: Lesson,
  answer: string,
  { endpoint, operator }: Recipient,
  began: Waiting["began"],
  signal: AbortSignal,
): Promise<Grade | string> {
  const asking = new AbortController();
  const end = () => asking.abort();
  signal.addEventListener("abort", end, { once: true });
  began(say("teach.sent", { operator }), end);
  try {
    const question = { course, lesson, rubric_sha: sha, answer };
    return await ask(endpoint, question, task, { signal: asking.signal });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof NotGraded)) return say("teach.not-waited", { operator });
    const offline = navigator.onLine === false;
    const key = offline ? "teach.grader-failed-offline" : "teach.grader-failed";
    return say(key, { operator, why: error.message });
  } finally {
    signal.removeEventListener("abort", end);
  }
}
