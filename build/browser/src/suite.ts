/**
 * <cw-suite>: has Python run what `coursewright test --browser` asks for, one job after another.
 *
 * The page of that command, not of any site. It tells the server what came out, and the answer is
 * the next job; it begins with telling how Python started. Only types are imported, so that what
 * readers load is not split any further for it.
 */

import type { Answer, RunError } from "./kernel.js";
import type { Runtime } from "./runtime.js";

interface Job {
  target: string;
  args: Record<string, unknown>;
  limit: number;
}

export async function suite(runtime: Runtime, jobs: string): Promise<void> {
  let job = await next(jobs, await started(runtime));
  while (job) job = await next(jobs, await outcome(runtime, job));
}

async function next(jobs: string, told: object): Promise<Job | null> {
  const response = await fetch(jobs, { method: "POST", body: JSON.stringify(told) });
  return (await response.json()) as Job | null;
}

async function started(runtime: Runtime): Promise<object> {
  try {
    const versions = await runtime.start();
    return { versions, browser: navigator.userAgent };
  } catch (error) {
    return { failed: messageOf(error) };
  }
}

async function outcome(runtime: Runtime, { target, args, limit }: Job): Promise<Answer | object> {
  try {
    return await runtime.run(target, args, limit);
  } catch (error) {
    const { details } = error as Partial<RunError>;
    return { error: details ?? { type: "Stopped", message: messageOf(error), traceback: "" } };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
