/** <cw-teach-back>: reads as it is; the form comes with a chunk of its own when it is near. */

import { whenNear } from "./near.js";

export function enhanceTeachBack(root: HTMLElement, signal: AbortSignal): void {
  const load = () =>
    void import("./teachback/element.js").then(({ enhance }) => enhance(root, signal));
  whenNear(root, signal, load);
}
