/** A demo's controls: choices, and sliders with their exact number, which are kept equal. */

import { h } from "./dom.js";

export type Values = Record<string, unknown>;

interface Control {
  name: string;
  value(): unknown;
}

const DECIMALS = 12;

export class Controls {
  readonly #controls: Control[];

  constructor(root: Element, signal: AbortSignal, onChange: () => void) {
    const parts = [...root.querySelectorAll<HTMLElement>(".cw-control")];
    this.#controls = parts.flatMap((part) => {
      const name = part.dataset["name"];
      const value = name ? wire(part, signal, onChange) : null;
      return name && value ? [{ name, value }] : [];
    });
  }

  get values(): Values {
    return Object.fromEntries(this.#controls.map(({ name, value }) => [name, value()]));
  }
}

function wire(part: HTMLElement, signal: AbortSignal, onChange: () => void) {
  return part.dataset["kind"] === "choice"
    ? wireChoice(part, signal, onChange)
    : wireSlider(part, signal, onChange);
}

function wireChoice(part: HTMLElement, signal: AbortSignal, onChange: () => void) {
  part.addEventListener("change", onChange, { signal });
  return () => {
    const chosen = part.querySelector("input:checked")?.closest("label");
    return JSON.parse(chosen?.dataset["value"] ?? "null") as unknown;
  };
}

function wireSlider(part: HTMLElement, signal: AbortSignal, onChange: () => void) {
  const range = part.querySelector<HTMLInputElement>("input[type=range]");
  const exact = part.querySelector<HTMLInputElement>("input[type=number]");
  if (!range || !exact) return null;
  const bounds = boundsOf(range);
  let value = Number(exact.value);
  const set = (next: number) => {
    if (next === value) return;
    value = next;
    onChange();
  };
  const on = (input: HTMLInputElement, type: string, act: () => void) =>
    input.addEventListener(type, act, { signal });

  on(range, "input", () => {
    exact.value = range.value;
    say(part, "");
    set(Number(range.value));
  });
  // While it is typed the text is the reader's own; what Python gets is always within bounds.
  on(exact, "input", () => {
    const typed = exact.valueAsNumber;
    say(part, complaint(typed, bounds));
    if (Number.isNaN(typed)) return;
    range.value = String(clamp(typed, bounds));
    set(clamp(typed, bounds));
  });
  on(exact, "change", () => {
    const typed = exact.valueAsNumber;
    const kept = Number.isNaN(typed) ? value : clamp(typed, bounds);
    if (kept !== typed) say(part, `Set to ${kept}: only ${within(bounds)}.`);
    exact.value = String(kept);
  });
  return () => value;
}

export interface Bounds {
  min: number;
  max: number;
  step: number;
}

function boundsOf({ min, max, step }: HTMLInputElement): Bounds {
  return { min: Number(min), max: Number(max), step: Number(step) };
}

/** Within the bounds; on the steps too where the control counts in whole numbers. */
export function clamp(value: number, { min, max, step }: Bounds): number {
  const whole = Number.isInteger(min) && Number.isInteger(step);
  const near = whole ? min + Math.round((value - min) / step) * step : value;
  return Number(Math.min(max, Math.max(min, near)).toFixed(DECIMALS));
}

const within = ({ min, max }: Bounds) => `from ${min} to ${max}`;

function complaint(typed: number, bounds: Bounds): string {
  if (Number.isNaN(typed)) return `A number ${within(bounds)}.`;
  return typed < bounds.min || typed > bounds.max ? `Only ${within(bounds)}.` : "";
}

/** A line under the control, announced politely; no text, no line. */
function say(part: HTMLElement, text: string): void {
  const line = part.querySelector(".cw-control-note");
  if (line) line.textContent = text;
  else if (text) part.append(h("p", { class: "cw-control-note", role: "status" }, [text]));
}
