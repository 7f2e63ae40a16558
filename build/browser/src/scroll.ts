/** Tables wider than their box scroll sideways in their box; a keyboard must reach the box too. */

import { say } from "./say.js";

const BOXES = '.cw-output[data-kind="elements"], .cw-table';

/** Marks every box below `root` that scrolls as a named stop of the Tab key, as long as it does. */
export function keepReachable(root: HTMLElement, signal: AbortSignal, boxes = BOXES): void {
  const mark = () => root.querySelectorAll<HTMLElement>(boxes).forEach(markBox);
  const sizes = new ResizeObserver(mark);
  sizes.observe(root);
  const contents = new MutationObserver(mark);
  contents.observe(root, { childList: true, subtree: true });
  signal.addEventListener("abort", () => {
    sizes.disconnect();
    contents.disconnect();
  });
}

function markBox(box: HTMLElement): void {
  if (box.scrollWidth <= box.clientWidth) {
    for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
    return;
  }
  const columns = Array.from(box.querySelectorAll("thead th"), (cell) => cell.textContent);
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  const name = say(columns.length > 0 ? "output.table" : "output.frame", {
    columns: columns.join(", "),
  });
  box.setAttribute("aria-label", name);
}
