/**
 * <cw-demo>: an instrument on a Python function. The page holds it complete, with its answer at the
 * start values; this gives the controls their life. Python is booted when the first is moved.
 */

import { loadVegaNear } from "./chart.js";
import { Controls } from "./controls.js";
import { addressIn } from "./dom.js";
import { Outputs } from "./outputs.js";
import { Session } from "./session.js";
import { StatusLine } from "./status.js";

export function enhanceDemo(root: HTMLElement, signal: AbortSignal): void {
  const fieldset = root.querySelector<HTMLFieldSetElement>(".cw-controls");
  const screen = root.querySelector<HTMLElement>(".cw-outputs");
  const foot = root.querySelector<HTMLElement>(".cw-foot");
  const target = root.dataset["run"];
  if (!fieldset || !screen || !foot || !target) return;

  const controls = new Controls(fieldset, signal, () => session.ask(controls.values));
  const session = new Session({
    target,
    runtime: addressIn(root, "runtime"),
    start: controls.values,
    outputs: new Outputs(screen, signal),
    line: new StatusLine(foot, Number(root.dataset["bytes"]), signal),
    signal,
  });
  onHand(fieldset, signal, () => session.start());
  if (root.querySelector(".cw-chart") && !savesData()) loadVegaNear(root, signal);
  fieldset.disabled = false;
}

/** A control taken in hand is about to move. A finger on it may only be scrolling the page. */
function onHand(controls: Element, signal: AbortSignal, act: () => void): void {
  const taken = (event: Event) => {
    const operates = event.target instanceof Element && event.target.closest("input, label");
    if (operates && (event as PointerEvent).pointerType !== "touch") act();
  };
  controls.addEventListener("pointerdown", taken, { signal, passive: true });
}

function savesData(): boolean {
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } };
  return connection?.saveData === true;
}
