/**
 * <cw-demo>: an instrument on a Python function. The page holds it complete, with its answer at the
 * start values; this gives the controls their life. Python is booted at the first sign of intent.
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

  const session = new Session({
    target,
    runtime: addressIn(root, "runtime"),
    outputs: new Outputs(screen, signal),
    line: new StatusLine(foot, signal),
    signal,
  });
  const controls = new Controls(fieldset, signal, () => session.ask(controls.values));
  onIntent(root, fieldset, signal, () => session.start());
  if (root.querySelector(".cw-chart") && !savesData()) loadVegaNear(root, signal);
  fieldset.disabled = false;
}

/** A hand on a control, or a mouse over the demo: Python is wanted soon. */
function onIntent(root: Element, controls: Element, signal: AbortSignal, act: () => void): void {
  for (const type of ["pointerdown", "focusin", "keydown"]) {
    controls.addEventListener(type, act, { signal, passive: true });
  }
  const hover = (event: Event) => {
    if ((event as PointerEvent).pointerType === "mouse" && !savesData()) act();
  };
  root.addEventListener("pointerenter", hover, { signal, passive: true });
}

function savesData(): boolean {
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } };
  return connection?.saveData === true;
}
