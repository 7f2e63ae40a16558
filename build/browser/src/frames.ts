/**
 * A demo's answers at every stop of its controls, computed when the page was built.
 *
 *     {"controls": [[name, [stop, ...]], ...], "frames": [...], "shared": [...]}
 *
 * There is a frame for each combination of stops, the last control's changing fastest. `{"": 3}` stands
 * for what is shared under that number, which may refer to what stands before it in its turn.
 */

import type { Values } from "./controls.js";
import { type Bundle, isObject } from "./protocol.js";

interface Content {
  controls: [string, unknown[]][];
  frames: unknown[];
  shared: unknown[];
}

export class Frames {
  #content: Promise<Content | null> | null = null;

  constructor(private readonly address: URL) {}

  /** Fetches the file, unless that has been done. Null where there is nothing of use. */
  load(): Promise<Content | null> {
    return (this.#content ??= this.#fetched());
  }

  /** The displays for some values; null where Python has to be asked. */
  async at(values: Values): Promise<Bundle[] | null> {
    const content = await this.load();
    return content && frameAt(content, values);
  }

  async #fetched(): Promise<Content | null> {
    const response = await fetch(this.address).catch(() => null);
    if (!response) this.#content = null; // no connection: the next time there may be one
    const content: unknown = response?.ok ? await response.json().catch(() => null) : null;
    return isContent(content) ? content : null;
  }
}

export function isContent(value: unknown): value is Content {
  if (!isObject(value) || !Array.isArray(value["controls"])) return false;
  const { controls, frames, shared } = value;
  if (!Array.isArray(frames) || !Array.isArray(shared) || !controls.every(isControl)) return false;
  return frames.length === controls.reduce((product, [, stops]) => product * stops.length, 1);
}

function isControl(value: unknown): value is [string, unknown[]] {
  return Array.isArray(value) && typeof value[0] === "string" && Array.isArray(value[1]);
}

export function frameAt(content: Content, values: Values): Bundle[] | null {
  let index = 0;
  for (const [name, stops] of content.controls) {
    const stop = stops.indexOf(values[name]);
    if (stop < 0) return null;
    index = index * stops.length + stop;
  }
  const frame = resolved(content.frames[index], content.shared, content.shared.length);
  return Array.isArray(frame) && frame.every(isObject) ? frame : null;
}

/** A value with what it refers to put in; only to what stands before a number, so this ends. */
function resolved(value: unknown, shared: unknown[], before: number): unknown {
  if (!isObject(value) || !isReference(value)) return inside(value, shared, before);
  const number = value[""];
  return number < before ? inside(shared[number], shared, number) : undefined;
}

function inside(value: unknown, shared: unknown[], before: number): unknown {
  if (Array.isArray(value)) return value.map((item) => resolved(item, shared, before));
  if (!isObject(value)) return value;
  const items = Object.entries(value).map(([key, item]) => [key, resolved(item, shared, before)]);
  return Object.fromEntries(items) as unknown;
}

function isReference(value: Record<string, unknown>): value is { "": number } {
  return typeof value[""] === "number" && Object.keys(value).length === 1;
}
