/** Everything that is kept of a course's reader as one file, and back. */

import { isObject } from "../protocol.js";
import { SCHEMA } from "./database.js";
import { type Kept, nameOf, parseRecord, subjectOf } from "./records.js";
import type { Store } from "./store.js";
import { say } from "../say.js";

const FORMAT = "coursewright reader data";
export const MOST_BYTES = 20_000_000;

/** A file that cannot be read; the message is a sentence. */
export class BadFile extends Error {}

/** What was agreed to is about this browser: it does not travel, and no file can bring it. */
const travels = (name: string) => subjectOf(name)?.kind !== "grader";

export function fileOf(store: Store, now: Date): string {
  const records: Record<string, Kept> = {};
  for (const [subject, record] of store.all()) {
    const name = nameOf(subject);
    if (travels(name) && parseRecord(name, record)) records[name] = record;
  }
  const said = { format: FORMAT, schema: SCHEMA, course: store.course, saved: now.toISOString() };
  return `${JSON.stringify({ ...said, records }, null, 1)}\n`;
}

/** The records of a file. Throws `BadFile`; then nothing of it is to be used. */
export function recordsIn(text: string, course: string): Map<string, Kept> {
  const file = json(text);
  if (!isObject(file) || file["format"] !== FORMAT || !isObject(file["records"])) {
    throw new BadFile(say("data.not-ours"));
  }
  if (file["schema"] !== SCHEMA) {
    throw new BadFile(say("data.other-version"));
  }
  if (file["course"] !== course) throw new BadFile(say("data.other-course"));
  const found = new Map<string, Kept>();
  for (const [name, stored] of Object.entries(file["records"])) {
    const record = parseRecord(name, stored);
    if (!record) throw new BadFile(say("data.damaged-at", { place: name.slice(0, 80) }));
    if (travels(name)) found.set(name, record);
  }
  return found;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadFile(say("data.damaged"));
  }
}
