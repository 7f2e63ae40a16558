/** A demo's controls: what each kind yields, and when it has changed. */

import { type Wire, resting } from "./controls-common.js";
import { wireLogSlider, wireNumber, wireSlider } from "./controls-number.js";

export type Values = Record<string, unknown>;

interface Control {
  name: string;
  value(): unknown;
}

const TYPING_MILLISECONDS = 300;

export class Controls {
  readonly #controls: Control[];

  constructor(root: Element, signal: AbortSignal, onChange: () => void) {
    const parts = [...root.querySelectorAll<HTMLElement>(".cw-control")];
    this.#controls = parts.flatMap((part) => {
      const { name, kind } = part.dataset;
      const value = name ? KINDS[kind ?? ""]?.(part, signal, onChange) : null;
      return name && value ? [{ name, value }] : [];
    });
  }

  get values(): Values {
    return Object.fromEntries(this.#controls.map(({ name, value }) => [name, value()]));
  }
}

const wireChoice: Wire = (part, signal, onChange) => {
  part.addEventListener("change", onChange, { signal });
  return () => {
    const chosen = part.querySelector("input:checked")?.closest("label");
    return JSON.parse(chosen?.dataset["value"] ?? "null") as unknown;
  };
};

const wireToggle: Wire = (part, signal, onChange) => {
  const box = part.querySelector<HTMLInputElement>("input");
  if (!box) return null;
  box.addEventListener("change", onChange, { signal });
  return () => box.checked;
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
  return () => value;
};

const wireSeed: Wire = (part, signal, onChange) => {
  const button = part.querySelector("button");
  const shown = part.querySelector("output span");
  if (!button || !shown) return null;
  let value = Number(shown.textContent);
  const press = () => {
    value += 1;
    shown.textContent = String(value);
    onChange();
  };
  button.addEventListener("click", press, { signal });
  return () => value;
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
