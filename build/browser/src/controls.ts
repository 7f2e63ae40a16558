/** A demo's controls: choices, and sliders with their exact number, which are kept equal. */

export type Values = Record<string, unknown>;

interface Control {
  name: string;
  value(): unknown;
}

const DECIMALS = 12;
const REST_MILLISECONDS = 800;

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
  let resting: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener("abort", () => clearTimeout(resting));

  on(range, "input", () => {
    exact.value = range.value;
    clearTimeout(resting);
    say(part, "");
    set(Number(range.value));
  });
  // While it is typed the text is the reader's own: the first keys of 0.08 are no mistake.
  on(exact, "input", () => {
    const typed = exact.valueAsNumber;
    say(part, "");
    clearTimeout(resting);
    if (clamp(typed, bounds) !== typed) {
      resting = setTimeout(() => say(part, wanted(bounds)), REST_MILLISECONDS);
      return;
    }
    range.value = exact.value;
    set(typed);
  });
  on(exact, "change", () => {
    clearTimeout(resting);
    const { kept, note } = settle(exact.valueAsNumber, value, bounds);
    say(part, note);
    exact.value = range.value = String(kept);
    set(kept);
  });
  return () => value;
}

/** What becomes of what was typed, and what the reader is told about it. */
export function settle(typed: number, before: number, bounds: Bounds) {
  if (Number.isNaN(typed)) {
    return { kept: before, note: `Back to ${shown(before)}: a number is needed here.` };
  }
  const kept = clamp(typed, bounds);
  return { kept, note: kept === typed ? "" : correction(typed, kept, bounds) };
}

function correction(typed: number, kept: number, { min, max, step }: Bounds): string {
  if (typed > max) return `Set to ${shown(kept)}, the largest number here.`;
  if (typed < min) return `Set to ${shown(kept)}, the smallest number here.`;
  const kind = step === 1 ? "whole numbers" : `steps of ${shown(step)}`;
  return `Set to ${shown(kept)}: ${kind} only.`;
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

function wanted({ min, max, step }: Bounds): string {
  const kind = Number.isInteger(min) && step === 1 ? "A whole number" : "A number";
  return `${kind} from ${shown(min)} to ${shown(max)}.`;
}

/** A number as it is written: with a minus, not a hyphen. */
const shown = (value: number) => String(value).replace("-", "−");

/** The line under the control, announced politely. Its place is kept, so that nothing moves. */
function say(part: HTMLElement, text: string): void {
  const line = part.querySelector(".cw-control-note");
  if (line && line.textContent !== text) line.textContent = text;
}
