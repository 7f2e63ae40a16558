/** Grades on the reader's own device: the course's checklist, in the Python that demos run in. */

import { type Bundle } from "../protocol.js";
import { NoConnection } from "../download.js";
import { RunError, runtimeAt, type Status } from "../runtime.js";
import { type Grade, parseGrade, type Task } from "./grade.js";
import { say, words } from "../say.js";

export const GRADE = "application/vnd.nudge.grade+json";

export interface Checklist {
  /** Where the rubric is, and the hash that says which one the page is about. */
  rubric: URL;
  sha: string;
  runtime: URL;
}

/** The rubric as it is published; fetched once, since a connection may be gone later. */
export class RubricText {
  #text: Promise<string> | null = null;

  constructor(private readonly checklist: Checklist) {}

  get(): Promise<string> {
    this.#text ??= this.#fetch().catch((error: unknown) => {
      this.#text = null;
      throw error;
    });
    return this.#text;
  }

  async #fetch(): Promise<string> {
    const { rubric, sha } = this.checklist;
    const response = await fetch(rubric, { cache: "no-cache" }).catch(() => null);
    if (!response) throw new Error(say("teach.no-checklist"));
    if (!response.ok) throw new Error(say("teach.missing-checklist", { status: response.status }));
    const bytes = await response.arrayBuffer();
    if (globalThis.crypto?.subtle && (await digest(bytes)) !== sha) {
      throw new Error(say("teach.older"));
    }
    return new TextDecoder().decode(bytes);
  }
}

/** SHA-256 in hexadecimal digits; plain-http pages have none. */
async function digest(bytes: ArrayBuffer): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The checklist's grade. Throws with words on what failed, or an AbortError at the signal. */
export async function checkHere(
  checklist: Checklist,
  rubric: RubricText,
  answer: string,
  task: Task,
  tell: (status: Status) => void,
  signal: AbortSignal,
): Promise<Grade> {
  const text = await rubric.get();
  signal.throwIfAborted();
  const runtime = runtimeAt(checklist.runtime);
  runtime.watch(tell, signal);
  const ended = new Promise<never>((_, reject) =>
    signal.addEventListener("abort", () => reject(new DOMException("", "AbortError")), {
      once: true,
    }),
  );
  // Python that is loading goes on loading: the next to ask will be glad of it.
  const run = runtime.run("@grade", { rubric: text, answer, words: words.ownOf("checklist") });
  const { displays } = await Promise.race([run, ended]).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new Error(whyNot(error));
  });
  const grade = parseGrade(gradeIn(displays), task);
  if (!grade) throw new Error(say("teach.no-sense"));
  return grade;
}

function whyNot(error: unknown): string {
  if (error instanceof NoConnection) return say("teach.no-python");
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof RunError ? say("teach.checklist-failed", { why: message }) : message;
}

const gradeIn = (displays: Bundle[]): unknown => displays.find((each) => GRADE in each)?.[GRADE];
