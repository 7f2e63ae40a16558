/**
 * `offline.json`: what one build of the site consists of.
 *
 *     {"build": "5f0c…", "bytes": 17300000, "files": {"lessons/one/index.html": [61203, "<sha-256>"], …}}
 */

import { isObject } from "../protocol.js";

export interface Plan {
  /** A digest of all files. */
  build: string;
  bytes: number;
  files: Record<string, [bytes: number, sha256: string]>;
}

export interface Entry {
  path: string;
  bytes: number;
  sha256: string;
  /** The name says the content: no other build has something else there. */
  fixed: boolean;
}

const FIXED = /^assets\/(runtime|coursewright|frames)\/.*-[0-9A-Za-z]{8}\./;

export async function fetchPlan(scope: URL): Promise<Plan> {
  const response = await fetch(new URL("offline.json", scope), { cache: "no-store" });
  const plan: unknown = response.ok ? await response.json() : null;
  if (!isPlan(plan)) throw new Error("offline.json is not a list of the site's files");
  return plan;
}

export function isPlan(value: unknown): value is Plan {
  if (!isObject(value) || !isObject(value["files"])) return false;
  if (typeof value["build"] !== "string" || typeof value["bytes"] !== "number") return false;
  return Object.values(value["files"]).every(
    (file) => Array.isArray(file) && typeof file[0] === "number" && typeof file[1] === "string",
  );
}

export function entryAt(plan: Plan, path: string): Entry | null {
  const file = Object.hasOwn(plan.files, path) ? plan.files[path] : undefined;
  return file ? { path, bytes: file[0], sha256: file[1], fixed: FIXED.test(path) } : null;
}

export const entriesOf = (plan: Plan): Entry[] =>
  Object.keys(plan.files).map((path) => entryAt(plan, path)!);

/** What an address stands for, as hosts have it: a file, a folder's page, a page without `.html`. */
export function entryFor(plan: Plan, scope: URL, url: URL): Entry | null {
  const path = pathIn(scope, url);
  if (path === null) return null;
  if (path === "" || path.endsWith("/")) return entryAt(plan, `${path}index.html`);
  return entryAt(plan, path) ?? entryAt(plan, `${path}.html`);
}

/** Whether an address lacks the slash of a folder that has a page. */
export function lacksSlash(plan: Plan, scope: URL, url: URL): boolean {
  const path = pathIn(scope, url);
  return path !== null && entryAt(plan, `${path}/index.html`) !== null;
}

function pathIn(scope: URL, url: URL): string | null {
  if (url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname)) return null;
  try {
    return decodeURIComponent(url.pathname.slice(scope.pathname.length));
  } catch {
    return null;
  }
}
