/** Tables wider than their box scroll sideways in their box; a keyboard must reach the box too. */

import { say } from "./say.js";

const BOXES = '.cw-output[data-kind="elements"], .cw-table';

/** Marks every box below `root` that scrolls as a named stop of the Tab key, as long as it does. */
export function keepReachable(root: HTMLElement, signal: AbortSignal, boxes = BOXES): void {
  const look = () => lookAt(root.querySelectorAll<HTMLElement>(boxes));
  const sizes = new ResizeObserver(look);
  sizes.observe(root);
  const contents = new MutationObserver(look);
  contents.observe(root, { childList: true, subtree: true });
  signal.addEventListener("abort", () => {
    sizes.disconnect();
    contents.disconnect();
  });
}

const waiting = new Set<HTMLElement>();

/** All of a frame together, and measured before any is changed: each turn would cost a layout. */
function lookAt(boxes: Iterable<HTMLElement>): void {
  const before = waiting.size;
  for (const box of boxes) waiting.add(box);
  if (before === 0 && waiting.size > 0) requestAnimationFrame(markAll);
}

function markAll(): void {
  const boxes = Array.from(waiting);
  waiting.clear();
  const scrolls = boxes.map((box) => box.scrollWidth > box.clientWidth);
  boxes.forEach((box, i) => (scrolls[i] ? mark(box) : unmark(box)));
}

function unmark(box: HTMLElement): void {
  for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
}

function mark(box: HTMLElement): void {
  const columns = Array.from(box.querySelectorAll("thead th"), (cell) => cell.textContent);
  const name = say(columns.length > 0 ? "output.table" : "output.frame", {
    columns: columns.join(", "),
  });
  if (box.getAttribute("aria-label") === name) return;
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", name);
}
