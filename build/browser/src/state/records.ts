/** A record: one value of a course's reader, when it was written, and the name it is kept by. */

import { isObject } from "../protocol.js";
import { isKind, type Kind, parsed, type Values } from "./kinds.js";

export interface Kept<K extends Kind = Kind> {
  value: Values[K];
  /** Milliseconds since 1970; of two, the later one holds. */
  at: number;
}

/** What a record is about; `lesson` and `block` are empty for what concerns the whole course. */
export interface Subject {
  lesson: string;
  block: string;
  kind: Kind;
}

const ID = /^[a-z0-9-]{0,200}$/;

/** `lesson/block/kind`: ids hold no slash. */
export const nameOf = ({ lesson, block, kind }: Subject) => `${lesson}/${block}/${kind}`;

export function subjectOf(name: string): Subject | null {
  const [lesson = "", block = "", kind = "", ...more] = name.split("/");
  const fits = ID.test(lesson) && ID.test(block) && isKind(kind) && more.length === 0;
  return fits ? { lesson, block, kind } : null;
}

/** A record as it was stored or sent, if it is one. */
export function parseRecord(name: unknown, stored: unknown): Kept | null {
  const subject = typeof name === "string" ? subjectOf(name) : null;
  if (!subject || !isObject(stored)) return null;
  const { at } = stored;
  const value = parsed(subject.kind, stored["value"]);
  return value !== null && typeof at === "number" && Number.isFinite(at) ? { value, at } : null;
}
