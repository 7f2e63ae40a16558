/** Asks a grading service. Whatever goes wrong there is one sentence, and no harm is done. */

import { isObject } from "../protocol.js";
import { type Grade, parseGrade, type Task } from "./grade.js";
import { say } from "../say.js";

export interface Question {
  course: string;
  lesson: string;
  rubric_sha: string;
  answer: string;
}

/** The service did not grade; the message goes on from its name: "did not answer". */
export class NotGraded extends Error {}

export const PATIENCE_MILLISECONDS = 35_000;
const MOST_BYTES = 64 * 1024;
const MINUTE_SECONDS = 90;

const CODES = [
  "unknown_lesson",
  "stale_rubric",
  "bad_request",
  "too_large",
  "unsupported_media_type",
  "origin_not_allowed",
  "rate_limited",
  "budget_spent",
  "overloaded",
] as const;

interface Terms {
  signal: AbortSignal;
  patience?: number;
  fetch?: typeof globalThis.fetch;
}

/** The service's grade. Throws `NotGraded`, or an AbortError when the signal ended it. */
export async function ask(
  endpoint: string,
  question: Question,
  task: Task,
  { signal, patience = PATIENCE_MILLISECONDS, fetch = globalThis.fetch }: Terms,
): Promise<Grade> {
  const ending = new AbortController();
  const end = () => ending.abort();
  signal.addEventListener("abort", end, { once: true });
  let late = false;
  const timer = setTimeout(() => ((late = true), end()), patience);
  try {
    signal.throwIfAborted();
    return await graded(fetch, endpoint, question, task, ending.signal);
  } catch (error) {
    signal.throwIfAborted();
    if (late) throw new NotGraded(say("service.late", { seconds: patience / 1000 }));
    throw error instanceof NotGraded ? error : new NotGraded(say("service.unreachable"));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}

async function graded(
  fetch: typeof globalThis.fetch,
  endpoint: string,
  question: Question,
  task: Task,
  signal: AbortSignal,
): Promise<Grade> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(question),
    mode: "cors",
    credentials: "omit",
    referrerPolicy: "no-referrer",
    redirect: "error",
    cache: "no-store",
    signal,
  });
  const said = await bodyOf(response);
  if (!response.ok) throw new NotGraded(reason(response, said));
  const grade = parseGrade(said, task);
  if (!grade) throw new NotGraded(say("service.no-sense"));
  return grade;
}

/** The JSON that a server sent, up to a size; undefined if it is anything else. */
async function bodyOf(response: Response): Promise<unknown> {
  const type = response.headers.get("content-type") ?? "";
  if (!/^application\/(problem\+)?json\b/i.test(type) || !response.body) return undefined;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body.getReader();
  for (let bytes = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return parsed(await new Blob(chunks).text());
    bytes += value.byteLength;
    if (bytes > MOST_BYTES) {
      void reader.cancel();
      return undefined;
    }
    chunks.push(value);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Why a service refused. Only its code is used: its words are not ours to vouch for. */
function reason(response: Response, problem: unknown): string {
  const code = CODES.find((each) => isObject(problem) && problem["code"] === each);
  if (!code) return say("service.error", { status: response.status });
  const seconds = Number(response.headers.get("retry-after"));
  if (code !== "rate_limited" || !(seconds > 0)) return say(`service.${code}`);
  const time =
    seconds < MINUTE_SECONDS
      ? say("time.seconds", { number: Math.ceil(seconds) })
      : say("time.minutes", { number: Math.ceil(seconds / 60) });
  return say("service.rate_limited-wait", { time });
}
