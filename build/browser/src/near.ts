/** Parts of a page that come to life when they are near, and a reader is there. */

const NEAR = "800px";
const SIGNS = ["pointermove", "pointerdown", "wheel", "keydown"];

const somebody = new Promise<void>((resolve) => {
  for (const sign of SIGNS) addEventListener(sign, () => resolve(), { once: true, passive: true });
});

/** Resolves once a reader has done anything on the site: a page that only opens loads little. */
export function whenRead(): Promise<void> {
  return somebody;
}

/** Acts once, when an element is about to come into view. */
export function whenNear(root: HTMLElement, signal: AbortSignal, act: () => void): void {
  const watching = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watching.disconnect();
      act();
    },
    { rootMargin: NEAR },
  );
  watching.observe(root);
  signal.addEventListener("abort", () => watching.disconnect());
}
