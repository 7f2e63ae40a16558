/** A demo's controls: what each kind yields, when it has changed, and how it is set from a link. */

import { type Wire, type Wired, resting } from "./controls-common.js";
import { wireLogSlider, wireNumber, wireSlider } from "./controls-number.js";
import { say, words } from "./say.js";

export type Values = Record<string, unknown>;

/** What a control stands at, in words: "learning rate 0.3". */
export interface Setting {
  name: string;
  words: string;
}

interface Control extends Wired {
  name: string;
  kind: string;
  label: string;
  /** What it starts at. */
  start: string;
}

const TYPING_MILLISECONDS = 300;
const LARGEST_SEED = 2 ** 32 - 1; // as NumPy has it

export class Controls {
  readonly #controls: Control[];

  constructor(root: Element, signal: AbortSignal, onChange: () => void) {
    const parts = [...root.querySelectorAll<HTMLElement>(".cw-control")];
    this.#controls = parts.flatMap((part) => {
      const { name, kind = "" } = part.dataset;
      const wired = name ? KINDS[kind]?.(part, signal, onChange) : null;
      if (!name || !wired) return [];
      const start = wired.text(wired.value());
      return [{ ...wired, name, kind, label: labelOf(part, kind), start }];
    });
  }

  get values(): Values {
    return Object.fromEntries(this.#controls.map(({ name, value }) => [name, value()]));
  }

  /** Some values as the page shows them. */
  settings(values: Values): Setting[] {
    return this.#controls.map((control) => ({
      name: control.name,
      words: inWords(control, control.text(values[control.name])),
    }));
  }

  /** The names and values, as text, of the controls that are not where they started. */
  get moved(): [string, string][] {
    const now = this.#controls.map(({ name, start, value, text }) => ({
      name,
      start,
      text: text(value()),
    }));
    return now.filter(({ start, text }) => text !== start).map(({ name, text }) => [name, text]);
  }

  /** Sets all controls, telling nobody: to what is given, else to their start. Returns how many did not fit. */
  take(given: Map<string, string>): number {
    const taken = this.#controls.filter(({ name, start, take }) => {
      const text = given.get(name);
      const fits = text !== undefined && take(text);
      if (!fits) take(start);
      return fits;
    });
    return given.size - taken.length;
  }
}

function labelOf(part: HTMLElement, kind: string): string {
  if (kind === "seed") return say("control.seed");
  const label = part.querySelector("label, legend")?.textContent.trim() ?? "";
  if (words.language !== "en") return label;
  // It goes on a sentence: "Learning rate" begins small there, "GPT width" and "C's weight" do not.
  return /^(\p{Lu}\p{Ll}|A )/u.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}

function inWords({ kind, label }: Control, text: string): string {
  if (kind === "toggle") {
    return say("control.named", {
      label,
      value: say(text === "on" ? "control.on" : "control.off"),
    });
  }
  if (/\d$/.test(label)) return say("control.named", { label, value: text }); // "input 1: 0.3"
  if (kind === "text") return say("control.text", { label, value: text });
  const value = kind === "choice" ? text : text.replace("-", "−");
  return say("control.value", { label, value });
}

const wireChoice: Wire = (part, signal, onChange) => {
  part.addEventListener("change", onChange, { signal });
  const options = [...part.querySelectorAll("label")];
  const valueOf = (option?: HTMLElement) =>
    JSON.parse(option?.dataset["value"] ?? "null") as unknown;
  const called = (option?: HTMLElement) => option?.textContent.trim() ?? "";
  return {
    value: () => valueOf(options.find((option) => option.querySelector("input")?.checked)),
    text: (value) => called(options.find((option) => valueOf(option) === value)),
    take: (text) => {
      const input = options.find((option) => called(option) === text)?.querySelector("input");
      if (input) input.checked = true;
      return input !== undefined;
    },
  };
};

const wireToggle: Wire = (part, signal, onChange) => {
  const box = part.querySelector<HTMLInputElement>("input");
  if (!box) return null;
  box.addEventListener("change", onChange, { signal });
  const take = (text: string) => {
    if (text === "on" || text === "off") box.checked = text === "on";
    return text === "on" || text === "off";
  };
  return { value: () => box.checked, text: (value) => (value ? "on" : "off"), take };
};

/** A text is sent when typing rests, and at once on Enter. */
const wireText: Wire = (part, signal, onChange) => {
  const input = part.querySelector<HTMLInputElement>("input");
  if (!input) return null;
  let value = input.value;
  const pause = resting(TYPING_MILLISECONDS, signal);
  const send = () => {
    pause.cancel();
    if (input.value === value) return;
    value = input.value;
    onChange();
  };
  const typed = (event: Event) => {
    // What an input method is still composing is no text yet.
    if ((event as InputEvent).isComposing) pause.cancel();
    else pause.begin(send);
  };
  input.addEventListener("input", typed, { signal });
  input.addEventListener("compositionend", typed, { signal });
  input.addEventListener("change", send, { signal });
  const take = (text: string) => {
    if (text.length > input.maxLength || /\p{Cc}/u.test(text)) return false;
    pause.cancel();
    input.value = value = text;
    return true;
  };
  return { value: () => value, text: String, take };
};

const wireSeed: Wire = (part, signal, onChange) => {
  const button = part.querySelector("button");
  const shown = part.querySelector("output span");
  if (!button || !shown) return null;
  const first = Number(shown.textContent);
  let value = first;
  const set = (next: number) => {
    value = next;
    shown.textContent = String(next);
  };
  const press = () => {
    set(value + 1);
    onChange();
  };
  button.addEventListener("click", press, { signal });
  // Presses only add to it, so a link to a smaller one was not made here.
  const take = (text: string) => {
    const fits = /^\d{1,10}$/.test(text) && first <= Number(text) && Number(text) <= LARGEST_SEED;
    if (fits) set(Number(text));
    return fits;
  };
  return { value: () => value, text: String, take };
};

const KINDS: Record<string, Wire> = {
  slider: wireSlider,
  log_slider: wireLogSlider,
  number: wireNumber,
  choice: wireChoice,
  toggle: wireToggle,
  text: wireText,
  seed: wireSeed,
};
