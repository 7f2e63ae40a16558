/** Controls of numbers: a box to type in, and a slider beside it; the two are kept equal. */

import { noteBelow, type Wire, type Wired, resting } from "./controls-common.js";
import { say } from "./say.js";

const REST_MILLISECONDS = 800;
const PLAIN = /^-?\d+(\.\d+)?(e-?\d+)?$/;

/** A slider as the box beside it sees it. */
interface Rail {
  range: HTMLInputElement;
  /** The number it stands at. */
  text(): string;
  follow(value: number): void;
}

const rangeIn = (part: HTMLElement) => part.querySelector<HTMLInputElement>("input[type=range]");

export const wireNumber: Wire = (part, signal, onChange) => wireBox(part, signal, onChange, null);

export const wireSlider: Wire = (part, signal, onChange) => {
  const range = rangeIn(part);
  if (!range) return null;
  const follow = (value: number) => (range.value = String(value));
  return wireBox(part, signal, onChange, { range, text: () => range.value, follow });
};

/** The slider counts through its positions; what a screen reader says is the number. */
export const wireLogSlider: Wire = (part, signal, onChange) => {
  const range = rangeIn(part);
  const texts = range?.dataset["positions"]?.split(" ");
  if (!range || !texts) return null;
  const positions = texts.map(Number);
  const tell = (text: string) => range.setAttribute("aria-valuetext", text);
  const text = () => {
    const found = texts[Number(range.value)] ?? "";
    tell(found);
    return found;
  };
  const follow = (value: number) => {
    range.value = String(nearest(positions, value));
    tell(String(value));
  };
  return wireBox(part, signal, onChange, { range, text, follow });
};

function wireBox(
  part: HTMLElement,
  signal: AbortSignal,
  onChange: () => void,
  rail: Rail | null,
): Wired | null {
  const box = part.querySelector<HTMLInputElement>("input[type=number]");
  if (!box) return null;
  const bounds = boundsOf(box);
  let value = Number(box.value);
  const set = (next: number) => {
    if (next === value) return;
    value = next;
    onChange();
  };
  const pause = resting(REST_MILLISECONDS, signal);
  const on = (input: HTMLInputElement, type: string, act: (event: Event) => void) =>
    input.addEventListener(type, act, { signal });

  const slid = () => {
    if (rail) box.value = rail.text();
    pause.cancel();
    noteBelow(part, "");
    set(Number(box.value));
  };
  if (rail) on(rail.range, "input", slid);
  // While it is typed the text is the reader's own: the first keys of 0.08 are no mistake.
  on(box, "input", () => {
    const typed = box.valueAsNumber;
    noteBelow(part, "");
    pause.cancel();
    if (clamp(typed, bounds) !== typed) {
      pause.begin(() => noteBelow(part, wanted(bounds)));
      return;
    }
    rail?.follow(typed);
    set(typed);
  });
  on(box, "change", () => {
    pause.cancel();
    const { kept, note } = settle(box.valueAsNumber, value, bounds);
    noteBelow(part, note);
    box.value = String(kept);
    rail?.follow(kept);
    set(kept);
  });
  // Adding 1 is no step on a logarithmic scale: the arrows do what they do on the slider.
  if (rail && Number.isNaN(bounds.step)) on(box, "keydown", (event) => along(event, rail, slid));
  const take = (text: string) => {
    const given = numberIn(text, bounds);
    if (given === null) return false;
    pause.cancel();
    noteBelow(part, "");
    value = given;
    box.value = String(given);
    rail?.follow(given);
    return true;
  };
  return { value: () => value, text: String, take };
}

/** The number a text is, if it is one of a control's. */
export function numberIn(text: string, bounds: Bounds): number | null {
  const number = PLAIN.test(text) ? Number(text) : NaN;
  return clamp(number, bounds) === number ? number : null;
}

/** An arrow key in the box moves the slider. */
function along(event: Event, { range }: Rail, moved: () => void): void {
  const { key } = event as KeyboardEvent;
  if (key !== "ArrowUp" && key !== "ArrowDown") return;
  event.preventDefault();
  if (key === "ArrowUp") range.stepUp();
  else range.stepDown();
  moved();
}

/** The index of the position that differs least, as a factor. */
export function nearest(positions: number[], value: number): number {
  const factors = positions.map((position) => Math.abs(Math.log(position / value)));
  return factors.indexOf(Math.min(...factors));
}

/** What becomes of what was typed, and what the reader is told about it. */
export function settle(typed: number, before: number, bounds: Bounds) {
  if (Number.isNaN(typed)) {
    return { kept: before, note: say("number.back", { number: shown(before) }) };
  }
  const kept = clamp(typed, bounds);
  return { kept, note: kept === typed ? "" : correction(typed, kept, bounds) };
}

function correction(typed: number, kept: number, { min, max, step }: Bounds): string {
  const number = shown(kept);
  if (typed > max) return say("number.largest", { number });
  if (typed < min) return say("number.smallest", { number });
  if (step === 1) return say("number.whole", { number });
  return say("number.steps", { number, step: shown(step) });
}

/** What a box takes; where any number between its ends will do, the step is none (NaN). */
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
  return Math.min(max, Math.max(min, near));
}

function wanted({ min, max, step }: Bounds): string {
  const whole = Number.isInteger(min) && step === 1;
  const ends = { min: shown(min), max: shown(max) };
  return say(whole ? "number.wanted-whole" : "number.wanted", ends);
}

/** A number as it is written: with a minus, not a hyphen. */
const shown = (value: number) => String(value).replace("-", "−");
